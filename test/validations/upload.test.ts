import { expect } from 'chai';
import { insertAgency } from '../../server/accounts/create-agency.ts';
import { type Fixture, ORIGIN, openApp } from '../http/app-fixture.ts';

describe('a file given to be verified', () => {
  let fixture: Fixture;
  before(async () => {
    fixture = await openApp();
  });
  after(() => fixture.close());

  const verify = (name: string) =>
    fixture.http
      .post('/api/v1/verifications')
      .set('Origin', ORIGIN)
      .attach('file', Buffer.from('%PDF-1.7\n'), name);

  it('may have a name that is cut in the middle of a character', async () => {
    const { body } = await verify(`${'a'.repeat(254)}😀.pdf`).expect(200);
    expect(body).to.deep.include({ verdict: 'unreadable' });
    expect(body.file.name).to.equal('a'.repeat(254));
  });

  it('is known to the auditors of the agency that asked, not to those of another', async () => {
    const facts = { code: 'H99', name: 'Khác', notation: 'K', place: 'Khác' };
    const other = await insertAgency(fixture.app.accounts, 'system', facts);
    const asker = await fixture.bearer(await fixture.account('asker', ['official']));
    const own = await fixture.bearer(await fixture.account('auditor', ['auditor']));
    const foreign = await fixture.bearer(await fixture.account('foreign', ['administrator'], other.id));
    const { body } = await verify('mật.pdf').set(asker).expect(200);
    const one = `/api/v1/verifications/${body.id}`;
    const listed = async (headers: Record<string, string>) =>
      (await fixture.http.get('/api/v1/verifications').set(headers)).body.items.map(
        ({ id }: { id: string }) => id,
      );
    expect(await listed(own)).to.include(body.id);
    expect(await listed(foreign)).not.to.include(body.id);
    await fixture.http.get(one).set(foreign).expect(404);
    await fixture.http.delete(one).set(foreign).expect(404);
    await fixture.http.get(one).set(own).expect(200);
  });
});
