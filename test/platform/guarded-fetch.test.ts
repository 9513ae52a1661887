import { expect } from 'chai';
import fc from 'fast-check';
import { PlatformError } from '../../server/platform/errors.ts';
import { type FetchRequest, type GuardOptions, guardedFetch } from '../../server/platform/guarded-fetch.ts';
import { isPublicAddress } from '../../server/platform/public-address.ts';
import {
  type Answer,
  closeServers,
  deadUrl,
  drip,
  flood,
  httpStatus,
  redirect,
  serve,
  silent,
} from '../evidence/http-server.ts';

const times = { totalMilliseconds: 300, idleMilliseconds: 150 };
const local = { isAllowed: (address: string) => address === '127.0.0.1' };

const get = (url: string, options: Partial<GuardOptions> = {}, request: Partial<FetchRequest> = {}) =>
  guardedFetch({ ...times, ...options })(url, { maxBytes: 1000, ...request });

/** `code` of the refusal. */
async function refusal(asked: Promise<Uint8Array>): Promise<string> {
  const error = await asked.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof PlatformError) return error.code;
  throw error ?? new Error('it was fetched');
}

describe('addresses of the public internet', () => {
  const inside = [
    '127.0.0.1',
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '168.63.129.16',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.2.1',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'fec0::1',
    'ff02::1',
    '2001:db8::1',
    '2001::1',
    '2002:7f00:1::',
    'localhost',
    '',
    '127.1',
  ];
  for (const address of inside) {
    it(`are not ${address || 'nothing'}`, () => {
      expect(isPublicAddress(address)).to.equal(false);
    });
  }
  for (const address of [
    '8.8.8.8',
    '172.15.0.1',
    '172.32.0.1',
    '100.128.0.1',
    '203.162.4.1',
    '2405:4800::1',
    '2606:4700::1111',
  ]) {
    it(`are such as ${address}`, () => {
      expect(isPublicAddress(address)).to.equal(true);
    });
  }

  it('are never within IPv6 unless globally routed', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        if (isPublicAddress(address)) expect(address).to.match(/^[23][0-9a-f]{3}:/i);
      }),
    );
  });
});

describe('fetching what a stranger names', () => {
  afterEach(closeServers);

  it('gives the body, by GET or by POST', async () => {
    const server = await serve(({ method, body }) => `${method} ${body}`);
    expect(Buffer.from(await get(server.url, local)).toString()).to.equal('GET ');
    const post = await get(server.url, local, { body: Buffer.from('hỏi'), contentType: 'text/x' });
    expect(Buffer.from(post).toString()).to.equal('POST hỏi');
    expect(server.asked[1]?.type).to.equal('text/x');
  });

  const disguises = (port: number): readonly string[] => [
    `http://127.0.0.1:${port}/`,
    `http://127.1:${port}/`,
    `http://0x7f.1:${port}/`,
    `http://0177.0.0.1:${port}/`,
    `http://2130706433:${port}/`,
    `http://0:${port}/`,
    `http://[::1]:${port}/`,
    `http://[::ffff:127.0.0.1]:${port}/`,
    `http://[::ffff:7f00:1]:${port}/`,
    `http://localhost:${port}/`,
    `http://LOCALHOST.:${port}/`,
    `http://①②⑦.0.0.1:${port}/`,
    'http://169.254.169.254/latest/meta-data/',
  ];
  it('never reaches this machine or its neighbours, however they are written', async () => {
    const server = await serve(() => 'secret');
    for (const url of disguises(server.port)) {
      expect(await refusal(get(url)), url).to.be.oneOf(['platform.fetch_refused', 'platform.fetch_failed']);
    }
    expect(server.asked).to.have.length(0);
  });

  it('never reaches a private address by a public name', async () => {
    const server = await serve(() => 'secret');
    const lookup = async () => [{ address: '127.0.0.1', family: 4 }];
    expect(await refusal(get(`http://crl.example:${server.port}/`, { lookup }))).to.equal(
      'platform.fetch_refused',
    );
    expect(server.asked).to.have.length(0);
  });

  it('connects to the address that was looked at, and looks once', async () => {
    const server = await serve(() => 'good');
    let looked = 0;
    const lookup = async () => [
      { address: '10.0.0.1', family: 4 },
      { address: ++looked === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 },
    ];
    await get(`http://crl.example:${server.port}/`, { ...local, lookup });
    expect(looked).to.equal(1);
  });

  for (const url of [
    'ftp://example.com/',
    'file:///etc/passwd',
    'ldap://example.com/',
    'http://name:word@example.com/',
    'http://name@example.com/',
    'nothing',
    '',
    `http://example.com/${'x'.repeat(3000)}`,
  ]) {
    it(`does not try ${url.slice(0, 40) || 'nothing'}`, async () => {
      expect(await refusal(get(url))).to.equal('platform.fetch_refused');
    });
  }

  const answers: readonly (readonly [string, Answer, string])[] = [
    ['that never ends', flood, 'platform.fetch_too_large'],
    [
      'that says it is too large',
      (_, response) => void response.writeHead(200, { 'content-length': 5000 }).write('x'),
      'platform.fetch_too_large',
    ],
    ['that drips', drip, 'platform.fetch_timeout'],
    ['that falls silent', silent, 'platform.fetch_timeout'],
    ['that never begins', () => undefined, 'platform.fetch_timeout'],
    [
      'that is cut off',
      (_, response) =>
        void response.writeHead(200, { 'content-length': 500 }).write('x', () => response.destroy()),
      'platform.fetch_failed',
    ],
    ['of another status', httpStatus(404), 'platform.fetch_status'],
    ['without content', httpStatus(204), 'platform.fetch_status'],
    [
      'that hands the connection over',
      (_, { socket }) => void socket?.write('HTTP/1.1 101 x\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
      'platform.fetch_status',
    ],
    ['that leads to a neighbour', redirect('http://127.0.0.2/'), 'platform.fetch_refused'],
    ['that leads to this machine by name', redirect('http://[::1]/'), 'platform.fetch_refused'],
    ['that leads to a file', redirect('file:///etc/passwd'), 'platform.fetch_refused'],
    ['that leads in a circle', redirect('/again'), 'platform.fetch_refused'],
    ['that leads nowhere', (_, response) => void response.writeHead(302).end(), 'platform.fetch_status'],
  ];
  for (const [what, answer, code] of answers) {
    it(`takes no answer ${what}`, async () => {
      const server = await serve(answer);
      expect(await refusal(get(server.url, local))).to.equal(code);
    });
  }

  it('follows a few redirects, asking the same again', async () => {
    const server = await serve((exchange, response) =>
      exchange.path === '/3' ? exchange.body : redirect(`/${server.asked.length}`, 307)(exchange, response),
    );
    const body = await get(server.url, local, { body: Buffer.from('q') });
    expect(Buffer.from(body).toString()).to.equal('q');
    expect(server.asked.map(({ path }) => path)).to.deep.equal(['/', '/1', '/2', '/3']);
  });

  it('says which server failed, and nothing of the rest of the address', async () => {
    const url = await deadUrl();
    const error = await get(`${url}secret?token=1`, local).catch((thrown) => thrown);
    expect(error).to.include({ code: 'platform.fetch_failed' });
    expect(error.message).to.equal(`${url.slice(0, -1)}: ECONNREFUSED`);
  });
});

describe('fetching what an administrator set up', () => {
  afterEach(closeServers);

  it('reaches private addresses', async () => {
    const server = await serve(() => 'good');
    expect(await get(server.url, {}, { configured: true })).to.have.length(4);
    expect(await get(server.url, { privateHosts: ['127.0.0.1'] })).to.have.length(4);
    expect(await get(server.url, { privateHosts: [`127.0.0.1:${server.port}`] })).to.have.length(4);
  });

  it('reaches that host only: not where it redirects to, and not its other ports', async () => {
    const server = await serve(({ path }, response) =>
      path === '/away' ? redirect(`http://localhost:${server.port}/`)({} as never, response) : 'good',
    );
    expect(await refusal(get(`${server.url}away`, {}, { configured: true }))).to.equal(
      'platform.fetch_refused',
    );
    expect(await refusal(get(server.url, { privateHosts: ['127.0.0.1:1'] }))).to.equal(
      'platform.fetch_refused',
    );
    expect(server.asked).to.have.length(1);
  });
});
