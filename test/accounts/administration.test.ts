import { expect } from 'chai';
import { offerFirstAdministrator } from '../../server/accounts/first-administrator.ts';
import { type Fixture, ORIGIN, openApp, PASSWORD } from '../http/app-fixture.ts';

const codeOf = (answer: { text: string }): string => JSON.parse(answer.text).code;

describe('the first administrator', () => {
  let fixture: Fixture;
  beforeEach(async () => {
    fixture = await openApp();
  });
  afterEach(() => fixture.close());

  const agency = { code: 'H12', name: 'UBND tỉnh Cà Mau', notation: 'UBND', place: 'Cà Mau' };
  const setUp = (token: string, changes: object = {}) =>
    fixture.http
      .post('/api/v1/setup')
      .set('Origin', ORIGIN)
      .send({ token, agency, login: 'quan.tri', name: 'Nguyễn Văn A', password: PASSWORD, ...changes });

  it('needs the link of this start', async () => {
    const earlier = await offerFirstAdministrator(fixture.app.accounts);
    const link = await offerFirstAdministrator(fixture.app.accounts);
    expect(codeOf(await setUp('x'.repeat(43)))).to.equal('accounts.link_invalid');
    expect(codeOf(await setUp(earlier?.token ?? ''))).to.equal('accounts.link_invalid');
    const answer = await setUp(link?.token ?? '').expect(201);
    expect(answer.body.roles).to.deep.equal(['administrator']);
  });

  it('uses the link once, and a refused password does not use it up', async () => {
    const token = (await offerFirstAdministrator(fixture.app.accounts))?.token ?? '';
    expect(codeOf(await setUp(token, { password: 'weak' }))).to.equal('accounts.weak_password');
    const both = await Promise.all([setUp(token), setUp(token, { login: 'quan.tri.2' })]);
    expect(both.map(({ status }) => status).sort()).to.deep.equal([201, 403]);
    expect(await offerFirstAdministrator(fixture.app.accounts)).to.equal(undefined);
  });

  it('has a day to use it', async () => {
    const token = (await offerFirstAdministrator(fixture.app.accounts))?.token ?? '';
    fixture.clock.advance(24 * 3_600_000);
    expect(codeOf(await setUp(token))).to.equal('accounts.link_invalid');
  });

  it('finds a page under the link', async () => {
    const link = await offerFirstAdministrator(fixture.app.accounts);
    expect(link?.link).to.match(/^\/setup#[\w-]{43}$/);
    const { text } = await fixture.http.get('/setup/').expect(200);
    expect(text)
      .to.contain('/assets/one-time-link.js')
      .and.not.match(/<script>|style="/);
  });
});

describe('administration', () => {
  let fixture: Fixture;
  let headers: Record<string, string>;
  let own: string;
  before(async () => {
    fixture = await openApp();
    own = (await fixture.account('admin', ['administrator'])).id;
    headers = await fixture.session('admin');
  });
  after(() => fixture.close());

  const post = (path: string, body: object = {}) =>
    fixture.http.post(`/api/v1/${path}`).set(headers).send(body);
  const put = (path: string, body: object) => fixture.http.put(`/api/v1/${path}`).set(headers).send(body);
  const newAccount = (login: string, changes: object = {}) =>
    post('accounts', { login, name: login, agencyId: fixture.agency.id, roles: ['official'], ...changes });

  it('gives no administrator official powers, and no auditor any', async () => {
    for (const roles of [
      ['administrator', 'leader'],
      ['auditor', 'clerk'],
      ['administrator', 'auditor'],
    ]) {
      expect(codeOf(await newAccount('double', { roles }))).to.equal('accounts.roles_conflict');
    }
  });

  it('makes an account whose holder alone chooses the password', async () => {
    const { body } = await newAccount('van.thu').expect(201);
    expect(body.account).to.include({ login: 'van.thu', status: 'invited' });
    const accept = (password: string) =>
      fixture.http
        .post('/api/v1/invitations/accept')
        .set('Origin', ORIGIN)
        .send({ token: body.invitation.token, password });
    expect(codeOf(await accept('weak'))).to.equal('accounts.weak_password');
    await accept(PASSWORD).expect(200);
    expect(codeOf(await accept('Khác-hẳn-1'))).to.equal('accounts.link_invalid');
    await fixture.session('van.thu');
  });

  it('ends the earlier link when a new one is made, and lets a lost password be replaced', async () => {
    const { body } = await newAccount('chuyen.vien').expect(201);
    const again = await post(`accounts/${body.account.id}/invitation`).expect(201);
    const accept = (token: string) =>
      fixture.http
        .post('/api/v1/invitations/accept')
        .set('Origin', ORIGIN)
        .send({ token, password: PASSWORD });
    expect(codeOf(await accept(body.invitation.token))).to.equal('accounts.link_invalid');
    await accept(again.body.token).expect(200);
  });

  it('refuses a login twice, a bad one, and a unit of another agency', async () => {
    await newAccount('twice').expect(201);
    expect(codeOf(await newAccount('twice'))).to.equal('accounts.login_taken');
    for (const login of ['UPPER', 'a', '.dot', 'with space', 'ữ']) {
      expect(codeOf(await newAccount(login))).to.equal('http.invalid');
    }
    const stranger = '00000000-0000-7000-8000-000000000000';
    expect(codeOf(await newAccount('lost', { unitId: stranger }))).to.equal('accounts.not_found');
    expect(codeOf(await newAccount('lost', { agencyId: stranger }))).to.equal('accounts.not_found');
  });

  it('ends where the tree of the own agency ends', async () => {
    const below = {
      code: 'H12.15.3',
      name: 'Chi cục',
      notation: 'CC',
      place: 'Cà Mau',
      parentId: fixture.agency.id,
    };
    const agency = (await post('agencies', below).expect(201)).body;
    expect(agency.path).to.deep.equal([fixture.agency.id, agency.id]);
    await fixture.account('admin-below', ['administrator'], agency.id);
    const lower = await fixture.session('admin-below');
    const upwards = { login: 'upwards', name: 'x', agencyId: fixture.agency.id, roles: [] };
    const answer = await fixture.http.post('/api/v1/accounts').set(lower).send(upwards);
    expect(codeOf(answer)).to.equal('accounts.outside_agency');
    await newAccount('downwards', { agencyId: agency.id }).expect(201);
    expect(codeOf(await fixture.http.get(`/api/v1/accounts/${own}`).set(lower))).to.equal(
      'accounts.not_found',
    );
  });

  it('keeps identifier codes to their form, to one agency, and their history', async () => {
    const base = { name: 'Chi cục', notation: 'CC', place: 'Cà Mau', parentId: fixture.agency.id };
    for (const code of ['h12', 'H1', 'Z12', 'H12.', `H12.${'1'.repeat(40)}`, '000.00.15.H12']) {
      expect(codeOf(await post('agencies', { ...base, code })), code).to.equal('http.invalid');
    }
    const first = (await post('agencies', { ...base, code: 'H12.20' }).expect(201)).body;
    expect(codeOf(await post('agencies', { ...base, code: 'H12.20' }))).to.equal(
      'accounts.agency_code_taken',
    );
    fixture.clock.advance(1000);
    const { codes, code } = (await post(`agencies/${first.id}/codes`, { code: 'H12.21' }).expect(201)).body;
    expect(code).to.equal('H12.21');
    expect(codes[0].until).to.equal(codes[1].from);
    expect(codeOf(await post('agencies', { ...base, code: 'H12.20' }))).to.equal(
      'accounts.agency_code_taken',
    );
  });

  it('adds units', async () => {
    const { body } = await post(`agencies/${fixture.agency.id}/units`, {
      name: 'Văn phòng',
      notation: 'VP',
    }).expect(201);
    await newAccount('in-unit', { unitId: body.id }).expect(201);
  });

  it('does not let administrators change themselves, nor the last one go', async () => {
    expect(codeOf(await put(`accounts/${own}/roles`, { roles: [] }))).to.equal('accounts.own_account');
    expect(codeOf(await post(`accounts/${own}/disable`, { reason: 'x' }))).to.equal('accounts.own_account');
    expect(codeOf(await post(`accounts/${own}/invitation`))).to.equal('accounts.own_account');
  });

  it('closes an account at once, with its sessions and tokens, and opens it again', async () => {
    const account = await fixture.account('leaver', ['clerk']);
    const session = await fixture.session('leaver');
    const bearer = await fixture.bearer(account);
    await post(`accounts/${account.id}/disable`, { reason: 'thôi việc' }).expect(200);
    await fixture.http.get('/api/v1/me').set(session).expect(401);
    await fixture.http.get('/api/v1/me').set(bearer).expect(401);
    const answer = await fixture.http
      .post('/api/v1/sign-in')
      .set('Origin', ORIGIN)
      .send({ login: 'leaver', password: PASSWORD });
    expect(codeOf(answer)).to.equal('accounts.disabled');
    await post(`accounts/${account.id}/enable`).expect(200);
    await fixture.http.get('/api/v1/me').set(session).expect(401);
    await fixture.session('leaver');
  });

  it('lets new roles count from the next request on', async () => {
    const account = await fixture.account('mover', ['official']);
    const session = await fixture.session('mover');
    await put(`accounts/${account.id}/roles`, { roles: ['auditor'] }).expect(200);
    await fixture.http.get('/api/v1/audit').set(session).expect(200);
  });

  it('shows colleagues less of each other than administrators see', async () => {
    const bearer = await fixture.bearer(await fixture.account('colleague', ['official']));
    const { body } = await fixture.http.get('/api/v1/accounts?limit=1').set(bearer).expect(200);
    expect(body.items[0]).to.have.keys('id', 'name', 'agencyId', 'roles');
    expect(body.next).to.be.a('string');
    const seen = (await fixture.http.get('/api/v1/accounts').set(headers).expect(200)).text;
    expect(seen)
      .to.contain('lastUsedAt')
      .and.not.match(/password(Hash|History)|argon2/);
  });
});

describe('tokens of programs', () => {
  let fixture: Fixture;
  before(async () => {
    fixture = await openApp();
    await fixture.account('person', ['official', 'clerk']);
  });
  after(() => fixture.close());

  const create = (headers: Record<string, string>, body: object) =>
    fixture.http.post('/api/v1/tokens').set(headers).send(body);

  it('have no role their holder has not', async () => {
    const session = await fixture.session('person');
    const answer = await create(session, { name: 'x', roles: ['official', 'leader'], days: 1 });
    expect(codeOf(answer)).to.equal('accounts.roles_not_held');
  });

  it('beget no other tokens', async () => {
    const session = await fixture.session('person');
    const { body } = await create(session, { name: 'x', roles: ['official'], days: 1 }).expect(201);
    const answer = await create(
      { Authorization: `Bearer ${body.secret}` },
      { name: 'y', roles: [], days: 1 },
    );
    expect(codeOf(answer)).to.equal('accounts.session_required');
  });

  it('act with their own roles, need no origin, and are never shown again', async () => {
    const session = await fixture.session('person');
    const { body } = await create(session, { name: 'x', roles: ['clerk'], days: 1 }).expect(201);
    const bearer = { Authorization: `Bearer ${body.secret}` };
    const me = await fixture.http.get('/api/v1/me').set(bearer).expect(200);
    expect(me.body.roles).to.deep.equal(['clerk']);
    const list = await fixture.http.get('/api/v1/tokens').set(session).expect(200);
    expect(list.text).not.to.contain(body.secret).and.not.to.contain('"hash"');
    await fixture.http.post('/api/v1/sign-out').set(bearer).expect(204);
  });

  it('end when revoked, by the holder and not by another person, and with their time', async () => {
    const session = await fixture.session('person');
    const { body } = await create(session, { name: 'x', roles: [], days: 1 }).expect(201);
    const bearer = { Authorization: `Bearer ${body.secret}` };
    const other = await fixture.bearer(await fixture.account('other', ['official']));
    const remove = (headers: Record<string, string>) =>
      fixture.http.delete(`/api/v1/tokens/${body.token.id}`).set(headers);
    expect(codeOf(await remove(other))).to.equal('accounts.not_found');
    await fixture.http.get('/api/v1/me').set(bearer).expect(200);
    await remove(session).expect(200);
    await fixture.http.get('/api/v1/me').set(bearer).expect(401);

    const second = (await create(session, { name: 'y', roles: [], days: 1 }).expect(201)).body;
    fixture.clock.advance(86_400_000);
    await fixture.http
      .get('/api/v1/me')
      .set({ Authorization: `Bearer ${second.secret}` })
      .expect(401);
  });
});
