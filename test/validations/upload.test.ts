import { expect } from 'chai';
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
});
