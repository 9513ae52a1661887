import { expect } from 'chai';
import type { AnyRoute } from '../../server/platform/route.ts';
import { type Fixture, openApp, roles } from './app-fixture.ts';

/** Walks whatever routes there are: a new one is covered when it is wired. */
describe('who may call which route', () => {
  let fixture: Fixture;
  const headers = new Map<string, Record<string, string>>();

  before(async () => {
    fixture = await openApp();
    headers.set('nobody', {});
    for (const role of roles) {
      const account = await fixture.account(`the-${role.toLowerCase()}`, [role]);
      headers.set(role, await fixture.bearer(account));
    }
    headers.set('without-role', await fixture.bearer(await fixture.account('without-role', [])));
  });
  after(() => fixture.close());

  async function refusalOf(route: AnyRoute, who: string): Promise<string | undefined> {
    const path = route.path.replace(/:\w+/g, '00000000-0000-7000-8000-000000000000');
    const answer = await fixture.http[route.method](path).set(headers.get(who) ?? {});
    expect(answer.status, `${route.method} ${path} as ${who}: ${answer.text}`).to.be.below(500);
    const code: unknown =
      answer.type === 'application/problem+json' ? JSON.parse(answer.text).code : undefined;
    return code === 'http.not_signed_in' || code === 'http.role_not_allowed' ? code : undefined;
  }

  it('refuses whoever has no account, on every route that is not public', async () => {
    for (const route of fixture.app.routes) {
      const expected = route.access === 'public' ? undefined : 'http.not_signed_in';
      expect(await refusalOf(route, 'nobody'), `${route.method} ${route.path}`).to.equal(expected);
    }
  });

  it('refuses a token that nobody made as it refuses none', async () => {
    headers.set('stranger', { Authorization: 'Bearer anso_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' });
    for (const route of fixture.app.routes.filter(({ access }) => access !== 'public')) {
      expect(await refusalOf(route, 'stranger'), route.path).to.equal('http.not_signed_in');
    }
  });

  for (const who of [...roles, 'without-role']) {
    it(`lets ${who} through exactly where the route says so`, async () => {
      for (const route of fixture.app.routes) {
        const allowed = typeof route.access === 'string' || route.access.some((role) => role === who);
        const expected = allowed ? undefined : 'http.role_not_allowed';
        expect(await refusalOf(route, who), `${route.method} ${route.path}`).to.equal(expected);
      }
    });
  }

  it('has routes of each kind of access, so that the walk means something', () => {
    const kinds = new Set(
      fixture.app.routes.map(({ access }) => (typeof access === 'string' ? access : 'roles')),
    );
    expect([...kinds]).to.have.members(['public', 'signed-in', 'roles']);
  });
});
