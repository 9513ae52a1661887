import { expect } from 'chai';
import { insertAgency } from '../../server/accounts/create-agency.ts';
import { type Fixture, openApp } from '../http/app-fixture.ts';

describe('the audit log over HTTP', () => {
  let fixture: Fixture;
  let auditor: Record<string, string>;
  before(async () => {
    fixture = await openApp();
    auditor = await fixture.bearer(await fixture.account('auditor', ['auditor']));
    await fixture.store.dispatch();
  });
  after(() => fixture.close());

  it('is not for those whose deeds stand in it', async () => {
    await fixture.http.get('/api/v1/audit').expect(401);
    const leader = await fixture.bearer(await fixture.account('leader', ['leader']));
    await fixture.http.get('/api/v1/audit').set(leader).expect(403);
  });

  it('is read in order, from any entry on', async () => {
    const { body } = await fixture.http.get('/api/v1/audit?limit=2').set(auditor).expect(200);
    expect(body.items.map(({ sequence }: { sequence: number }) => sequence)).to.deep.equal([1, 2]);
    expect(body.items[0]).to.include({ actor: 'system', previous: '0'.repeat(64) });
    const rest = await fixture.http.get('/api/v1/audit?after=2').set(auditor).expect(200);
    expect(rest.body.items[0].previous).to.equal(body.items[1].hash);
  });

  it('shows nobody what another agency does, only what happens in the own one and below it', async () => {
    const { app, http, store } = fixture;
    const facts = { code: 'H12.15.7', name: 'Xã Dưới', notation: 'X', place: 'Dưới' };
    const below = await insertAgency(app.accounts, 'system', facts, [fixture.agency.id]);
    const official = await fixture.account('official-below', ['official'], below.id);
    const reader = await fixture.bearer(await fixture.account('auditor-below', ['auditor'], below.id));
    await store.dispatch();
    const seenBy = async (headers: Record<string, string>) => {
      const { body } = await http.get('/api/v1/audit?limit=1000').set(headers).expect(200);
      return new Set(body.items.map(({ subject }: { subject: { id: string } }) => subject.id));
    };
    const [fromBelow, fromAbove] = [await seenBy(reader), await seenBy(auditor)];
    expect(fromBelow).to.include(official.id).and.include(below.id).and.not.include(fixture.agency.id);
    expect(fromAbove).to.include(official.id).and.include(fixture.agency.id);
  });

  it('goes on to the next page, also from one of which nothing is shown', async () => {
    const { body } = await fixture.http.get('/api/v1/audit?limit=1').set(auditor).expect(200);
    expect(body.next).to.equal(1);
    const { body: end } = await fixture.http.get('/api/v1/audit?after=100000').set(auditor).expect(200);
    expect(end).to.deep.equal({ items: [] });
  });

  it('says that the chain holds, and where it ends', async () => {
    const { body } = await fixture.http.get('/api/v1/audit/verification').set(auditor).expect(200);
    const entries = await fixture.store.audit.entries({ limit: 1000 });
    expect(body).to.deep.equal({ entries: entries.length, head: entries.at(-1)?.hash });
  });
});
