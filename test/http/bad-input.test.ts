import { expect } from 'chai';
import { type Fixture, ORIGIN, openApp } from './app-fixture.ts';

describe('bad input over HTTP', () => {
  let fixture: Fixture;
  before(async () => {
    fixture = await openApp();
  });
  after(() => fixture.close());

  const signIn = () => fixture.http.post('/api/v1/sign-in').set('Origin', ORIGIN);
  const raw = (text: string | Buffer, type = 'application/json') =>
    signIn().set('Content-Type', type).send(text);

  const cases: readonly { name: string; send: () => ReturnType<typeof raw>; status: number; code: string }[] =
    [
      { name: 'JSON that is none', send: () => raw('{"login":'), status: 400, code: 'http.malformed_json' },
      { name: 'no body at all', send: () => signIn(), status: 422, code: 'http.invalid' },
      { name: 'a list for an object', send: () => raw('[]'), status: 422, code: 'http.invalid' },
      { name: 'null for an object', send: () => raw('null'), status: 422, code: 'http.invalid' },
      {
        name: 'a form',
        send: () => raw('login=a', 'application/x-www-form-urlencoded'),
        status: 415,
        code: 'http.unsupported_type',
      },
      {
        name: 'another charset',
        send: () => raw('{}', 'application/json; charset=utf-16'),
        status: 415,
        code: 'http.unsupported_type',
      },
      {
        name: 'bytes that are not UTF-8',
        send: () =>
          raw(Buffer.from('{"login":"\xff\xfe"}', 'latin1')).serialize((bytes) => bytes as unknown as string),
        status: 400,
        code: 'http.bad_encoding',
      },
      {
        name: 'half a surrogate pair',
        send: () => raw('{"login":"\\ud800","password":"x"}'),
        status: 400,
        code: 'http.malformed_json',
      },
      {
        name: 'the second half of a surrogate pair in a name',
        send: () => raw('{"\\uDFFF":"x"}'),
        status: 400,
        code: 'http.malformed_json',
      },
      {
        name: 'both halves, and a backslash before what looks like U+0000',
        send: () => raw('{"login":"\\ud83d\\ude00 \\\\u0000","password":"x"}'),
        status: 401,
        code: 'accounts.wrong_credentials',
      },
      {
        name: 'U+0000 in a text',
        send: () => raw('{"login":"a\\u0000","password":"x"}'),
        status: 400,
        code: 'http.malformed_json',
      },
      {
        name: 'a thousand nested lists',
        send: () => raw('['.repeat(1000) + ']'.repeat(1000)),
        status: 400,
        code: 'http.too_deep',
      },
      {
        name: 'two megabytes',
        send: () => raw(JSON.stringify({ login: 'x'.repeat(2 ** 21) })),
        status: 413,
        code: 'http.too_large',
      },
      {
        name: 'an encoding nobody knows',
        send: () =>
          signIn().set('Content-Encoding', 'zpaq').set('Content-Type', 'application/json').send('{}'),
        status: 415,
        code: 'http.unsupported_type',
      },
      {
        name: 'a member nobody asked for',
        send: () => signIn().send({ login: 'a', password: 'b', admin: true }),
        status: 422,
        code: 'http.invalid',
      },
      {
        name: '__proto__ as a member',
        send: () => raw('{"login":"a","password":"b","__proto__":{"roles":["administrator"]}}'),
        status: 422,
        code: 'http.invalid',
      },
    ];
  for (const { name, send, status, code } of cases) {
    it(`answers ${status} ${code} to ${name}`, async () => {
      const answer = await send();
      expect(answer.status, answer.text).to.equal(status);
      expect(answer.type).to.equal('application/problem+json');
      expect(JSON.parse(answer.text)).to.include({ status, code });
    });
  }

  it('says which member of the body is wrong, and why', async () => {
    const answer = await signIn().send({ login: 5 });
    expect(JSON.parse(answer.text).details.violations).to.deep.equal([
      { path: '/body/password', message: 'is missing' },
      { path: '/body/login', message: 'must be string' },
    ]);
  });

  it('answers 404 to an unknown path and 405, with what is allowed, to an unknown method', async () => {
    expect(JSON.parse((await fixture.http.get('/api/v1/nothing')).text).code).to.equal('http.not_found');
    const answer = await fixture.http.get('/api/v1/sign-in').expect(405).expect('Allow', 'POST');
    expect(JSON.parse(answer.text).code).to.equal('http.method_not_allowed');
  });

  it('answers 400 to a path that does not decode and 422 to an id that is none', async () => {
    const headers = await fixture.bearer(await fixture.account('somebody', []));
    await fixture.http.get('/api/v1/accounts/%E0%A4%A').set(headers).expect(400);
    const answer = await fixture.http.get('/api/v1/accounts/..%2f..%2fetc').set(headers).expect(422);
    expect(JSON.parse(answer.text).details.violations[0].path).to.equal('/params/id');
  });

  it('takes numbers of a query as numbers, and refuses what is none', async () => {
    const headers = await fixture.bearer(await fixture.account('reader', ['auditor']));
    await fixture.http.get('/api/v1/audit?limit=1').set(headers).expect(200);
    for (const query of [
      'limit=none',
      'limit=0',
      'limit=1&limit=2',
      'after=-1',
      'unknown=1',
      'limit[$gt]=1',
    ]) {
      await fixture.http.get(`/api/v1/audit?${query}`).set(headers).expect(422);
    }
    await fixture.http.get('/api/v1/accounts?cursor=bogus').set(headers).expect(400);
  });

  it('speaks Vietnamese unless English is preferred, and always tells both', async () => {
    const vi = await fixture.http.get('/api/v1/me');
    const en = await fixture.http.get('/api/v1/me').set('Accept-Language', 'en-GB, en;q=0.9, vi;q=0.5');
    expect(vi.headers['content-language']).to.equal('vi');
    expect(JSON.parse(vi.text).title).to.equal('Bạn cần đăng nhập.');
    expect(JSON.parse(en.text).title).to.equal('You need to sign in.');
    expect(JSON.parse(en.text).messages.vi).to.equal('Bạn cần đăng nhập.');
  });

  it('refuses a write that another site makes a browser send', async () => {
    await fixture.account('person', []);
    const session = await fixture.session('person');
    const write = (headers: Record<string, string>) =>
      fixture.http.post('/api/v1/sign-out').set({ Cookie: session.Cookie, ...headers });
    for (const headers of [
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
      {},
      { 'Sec-Fetch-Site': 'cross-site' },
    ]) {
      const answer = await write(headers).expect(403);
      expect(JSON.parse(answer.text).code).to.equal('http.foreign_origin');
    }
    await write({ Origin: ORIGIN }).expect(204);
  });

  it('sends a policy under which a page may load nothing from elsewhere', async () => {
    const { headers } = await fixture.http.get('/healthz').expect(200);
    expect(headers['content-security-policy']).to.contain("default-src 'none'").and.not.contain('unsafe');
    expect(headers).to.include({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
    expect(headers).not.to.have.property('x-powered-by');
  });
});
