import { expect } from 'chai';
import { createLogger } from '../../server/platform/logger.ts';
import { type Fixture, ORIGIN, openApp, PASSWORD } from './app-fixture.ts';
import { memory } from './memory-stream.ts';

describe('the state of the server', () => {
  let fixture: Fixture;
  afterEach(() => fixture.close());

  it('is ready when every component is, and tells the components to administrators only', async () => {
    fixture = await openApp({ healthChecks: [{ name: 'disk', check: async () => true }] });
    const admin = await fixture.bearer(await fixture.account('admin', ['administrator']));
    const official = await fixture.bearer(await fixture.account('official', ['official']));
    expect((await fixture.http.get('/readyz').expect(200)).body).to.deep.equal({ status: 'ok' });
    expect((await fixture.http.get('/readyz').set(official)).body).to.deep.equal({ status: 'ok' });
    expect((await fixture.http.get('/readyz').set(admin)).body.components).to.deep.equal({
      store: 'ok',
      disk: 'ok',
    });
  });

  it('is not ready, and still alive, when one fails or throws', async () => {
    const failing = [
      { name: 'disk', check: async () => false },
      { name: 'other', check: () => Promise.reject(new Error('secret reason')) },
    ];
    fixture = await openApp({ healthChecks: failing });
    const answer = await fixture.http.get('/readyz').expect(503);
    expect(answer.text).not.to.contain('disk').and.not.to.contain('secret');
    await fixture.http.get('/healthz').expect(200, { status: 'ok' });
  });
});

describe('the log', () => {
  let fixture: Fixture;
  let out: ReturnType<typeof memory>;
  before(async () => {
    out = memory();
    fixture = await openApp({ logger: createLogger('info', out) });
    await fixture.account('person', []);
  });
  after(() => fixture.close());

  it('has who, what, whence and how it ended, and nothing that was secret', async () => {
    const session = await fixture.session('person');
    const answer = await fixture.http.get('/api/v1/accounts?cursor=SECRET-CURSOR').set(session);
    const lines = out
      .text()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const line = lines.find(({ requestId }) => requestId === answer.headers['x-request-id']);
    expect(line).to.include({
      method: 'GET',
      path: '/api/v1/accounts',
      status: 400,
      via: 'session',
      level: 'info',
    });
    expect(line.address).to.be.a('string');
    expect(line.account).to.be.a('string');
    expect(line.time).to.match(/Z$/);
    for (const secret of [PASSWORD, session.Cookie.split('=')[1] ?? '', 'SECRET-CURSOR']) {
      expect(out.text()).not.to.contain(secret);
    }
  });

  it('leaves out secrets by name, however they got there', () => {
    const stream = memory();
    const logger = createLogger('info', stream);
    logger.info(
      { pin: '1111', body: { password: '2222', inner: { token: '3333' } }, authorization: '4444' },
      'x',
    );
    expect(stream.text())
      .to.contain('[redacted]')
      .and.not.match(/1111|2222|3333|4444/);
  });
});

describe('too many requests from one address', () => {
  let fixture: Fixture;
  afterEach(() => fixture.close());

  it('are answered 429, sign-ins sooner than others', async () => {
    fixture = await openApp({ environment: { ANSO_REQUESTS_PER_MINUTE: '80' } });
    const signIn = () =>
      fixture.http.post('/api/v1/sign-in').set('Origin', ORIGIN).send({ login: 'a', password: 'b' });
    await signIn().expect(401);
    await signIn().expect(401);
    const answer = await signIn().expect(429);
    expect(JSON.parse(answer.text).code).to.equal('http.too_many_requests');
    for (let count = 3; count < 80; count += 1) await fixture.http.get('/healthz').expect(200);
    await fixture.http.get('/healthz').expect(429);
  });
});
