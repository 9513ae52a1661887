import { expect } from 'chai';
import { EvidenceError } from '../../server/evidence/errors.ts';
import type { RevocationEvidence } from '../../server/evidence/ports.ts';
import { type RevocationSourceOptions, revocationSource } from '../../server/evidence/revocation-source.ts';
import { CertificatePool } from '../../server/pki/certificate-pool.ts';
import type { Crl } from '../../server/pki/crl.ts';
import { parseOcspResponse } from '../../server/pki/ocsp-response.ts';
import { guardedFetch } from '../../server/platform/guarded-fetch.ts';
import * as pki from '../pki/authority.ts';
import {
  type AnswerParts,
  criticalUnknown,
  noCheck,
  ocspAnswer,
  ocspPurpose,
  ocspRefusal,
  respondingParty,
} from '../pki/ocsp-authority.ts';
import { type Answer, closeServers, deadUrl, drip, flood, httpStatus, serve, silent } from './http-server.ts';
import { accessInfo, crlAt, nonceOf, responding } from './published.ts';

const root = pki.authority('Root', { key: 0 });
const other = pki.authority('Other', { key: 2 });
const responder = respondingParty(root, { key: 3 });
const times = { totalMilliseconds: 300, idleMilliseconds: 150 };
/** Only this machine may be reached, which is where the servers of the tests are. */
const fetch = guardedFetch({ ...times, isAllowed: (address) => address === '127.0.0.1' });

const leafAt = (ocsp: readonly string[], crls: readonly string[] = [], parts: pki.CertificateParts = {}) =>
  pki.certify({
    subject: 'Leaf',
    key: 1,
    issuer: root,
    serial: 0x51,
    extensions: [accessInfo({ ocsp }), ...(crls.length > 0 ? [crlAt(...crls)] : [])],
    ...parts,
  });

/** A source with a clock that can be set, and the CRLs that are at hand. */
function source(crls: readonly Crl[] = [], options: Partial<RevocationSourceOptions> = {}) {
  const clock = { time: pki.at, now: () => clock.time };
  const made = revocationSource({
    fetch,
    clock,
    trust: async () => ({ crls, pool: new CertificatePool([other.certificate]) }),
    ...options,
  });
  const ask = (leaf: pki.Party, issuedAfter?: Date): Promise<RevocationEvidence> =>
    made.evidence(leaf.certificate, root.certificate, clock.time, issuedAfter);
  return { ask, clock };
}

/** Why each source gave nothing. */
async function refusals(asked: Promise<unknown>): Promise<readonly string[]> {
  const error = await asked.catch((thrown: unknown) => thrown);
  if (!(error instanceof EvidenceError) || error.code !== 'evidence.no_revocation_data') throw error;
  return (error.details.refusals as { why: string }[]).map(({ why }) => why);
}

const answering = (parts: Partial<AnswerParts> = {}): Answer =>
  responding({ certificate: leafAt([]), issuer: root, by: responder, ...parts });

describe('revocation data', () => {
  afterEach(closeServers);

  it('comes from the OCSP responder that the certificate names, with the nonce sent', async () => {
    const server = await serve(answering());
    const found = await source().ask(leafAt([server.url]));
    expect(found).to.deep.include({ kind: 'ocsp', status: { status: 'good' } });
    expect(found.thisUpdate).to.deep.equal(new Date('2026-05-31T12:00:00Z'));
    expect(found.nextUpdate).to.deep.equal(new Date('2026-06-07T00:00:00Z'));
    expect(found.certificates.map(({ fingerprint }) => fingerprint)).to.deep.equal([
      responder.certificate.fingerprint,
    ]);
    expect(server.asked[0]).to.include({ method: 'POST', type: 'application/ocsp-request' });
    const nonce = nonceOf(server.asked[0]?.body ?? Buffer.of());
    expect(nonce).to.have.length(16);
    expect(parseOcspResponse(found.der).basic?.nonce).to.deep.equal(nonce);
  });

  it('brings no certificate along when the issuer answers itself', async () => {
    const server = await serve(answering({ by: root }));
    expect((await source().ask(leafAt([server.url]))).certificates).to.deep.equal([]);
  });

  it('tells of a revocation as an answer', async () => {
    const server = await serve(answering({ status: { revoked: '2026-04-01T00:00:00Z', reason: 4 } }));
    expect((await source().ask(leafAt([server.url]))).status).to.deep.equal({
      status: 'revoked',
      date: new Date('2026-04-01T00:00:00Z'),
      reason: 'superseded',
    });
    const crl = pki.revoke(root, { entries: [{ serial: 0x51, reason: 1 }] });
    const list = await serve(() => crl.der);
    const found = await source().ask(leafAt([], [list.url]));
    expect(found).to.deep.include({ kind: 'crl', certificates: [] });
    expect(found.status).to.deep.include({ status: 'revoked', reason: 'keyCompromise' });
    expect(Buffer.from(found.der).equals(crl.der)).to.equal(true);
  });

  it('comes without a nonce from a responder that will not have one', async () => {
    const server = await serve(({ body }) =>
      nonceOf(body) ? ocspRefusal(1) : ocspAnswer({ certificate: leafAt([]), issuer: root }),
    );
    expect((await source().ask(leafAt([server.url]))).kind).to.equal('ocsp');
  });

  const useless: readonly (readonly [string, Answer, string])[] = [
    ['does not know the certificate', answering({ status: 'unknown' }), 'ocsp_certificate_unknown'],
    [
      'was not authorized',
      answering({ by: respondingParty(other, { key: 3 }) }),
      'ocsp_responder_not_authorized',
    ],
    [
      'is itself unsound',
      answering({
        by: respondingParty(root, { key: 3, extensions: [ocspPurpose(), noCheck, criticalUnknown] }),
      }),
      'ocsp_responder_not_authorized',
    ],
    ['gives an old answer', answering({ nextUpdate: '2026-05-31T12:30:00Z' }), 'ocsp_not_fresh'],
    ['gives an answer of the future', answering({ thisUpdate: '2026-06-02T00:00:00Z' }), 'ocsp_not_fresh'],
    [
      'answers somebody else',
      () => ocspAnswer({ certificate: leafAt([]), issuer: root, nonce: Buffer.alloc(16) }),
      'ocsp_nonce_mismatch',
    ],
    ['speaks of another certificate', answering({ certificate: other }), 'ocsp_other_certificate'],
    ['refuses', () => ocspRefusal(6), 'ocsp_unauthorized'],
    ['gives garbage', () => '<html>', 'pki.malformed_ocsp'],
    ['is out of order', httpStatus(500), 'platform.fetch_status'],
    ['gives no end', flood, 'platform.fetch_too_large'],
    ['gives drops', drip, 'platform.fetch_timeout'],
    ['falls silent', silent, 'platform.fetch_timeout'],
  ];
  for (const [what, answer, why] of useless) {
    it(`comes from a CRL when the responder ${what}`, async () => {
      const server = await serve(answer);
      const list = await serve(() => pki.revoke(root).der);
      const found = await source().ask(leafAt([server.url], [list.url]));
      expect(found).to.deep.include({ kind: 'crl', status: { status: 'good' }, certificates: [] });
      expect(await refusals(source().ask(leafAt([server.url])))).to.deep.equal([why, 'no_crl']);
    });
  }

  const lists: readonly (readonly [string, Answer, string])[] = [
    [
      'that is out of date',
      () => pki.revoke(root, { nextUpdate: '2026-05-30T00:00:00Z' }).der,
      'crl_not_fresh',
    ],
    ['by a stranger', () => pki.revoke(other, { issuerName: root.name }).der, 'crl_signer_not_found'],
    ['of another issuer', () => pki.revoke(other).der, 'no_crl'],
    ['that is none', () => 'x', 'pki.malformed_crl'],
    ['that is larger than allowed', () => Buffer.alloc(1_000_001), 'platform.fetch_too_large'],
    ['without end', flood, 'platform.fetch_too_large'],
  ];
  for (const [what, answer, why] of lists) {
    it(`is no list ${what}`, async () => {
      const list = await serve(answer);
      const { ask } = source([], { crlBytes: 1_000_000 });
      expect(await refusals(ask(leafAt([], [list.url])))).to.deep.equal(['no_crl', why]);
    });
  }

  it('comes from a list of thousands of entries', async () => {
    const entries = Array.from({ length: 20_000 }, (_, i) => ({ serial: 0x10000 + i }));
    const crl = pki.revoke(root, { entries: [...entries, { serial: 0x51 }] });
    const list = await serve(() => crl.der);
    const { ask } = source();
    expect((await ask(leafAt([], [list.url]))).status.status).to.equal('revoked');
    expect((await ask(leafAt([], [list.url], { serial: 0x52 }))).status.status).to.equal('good');
    expect(list.asked).to.have.length(1);
  });

  it('comes from the next address when one fails', async () => {
    const good = await serve(answering());
    expect((await source().ask(leafAt([await deadUrl(), good.url]))).kind).to.equal('ocsp');
  });

  it('comes from lists at hand without any network', async () => {
    const server = await serve(answering());
    const off = { fetch: undefined };
    const found = await source([pki.revoke(root)], off).ask(leafAt([server.url], [server.url]));
    expect(found.kind).to.equal('crl');
    expect(await refusals(source([], off).ask(leafAt([server.url], [server.url])))).to.deep.equal([
      'network_off',
      'no_crl',
      'network_off',
    ]);
    expect(server.asked).to.have.length(0);
  });

  it('is never asked of an address that is not public', async () => {
    const server = await serve(answering());
    const { ask } = source([], { fetch: guardedFetch(times) });
    const leaf = leafAt(
      [server.url, `http://localhost:${server.port}/`],
      [server.url, 'ldap://crl.example/x'],
    );
    expect(await refusals(ask(leaf))).to.deep.equal([
      'platform.fetch_refused',
      'platform.fetch_refused',
      'no_crl',
      'platform.fetch_refused',
      'platform.fetch_refused',
    ]);
    expect(server.asked).to.have.length(0);
  });

  it('is kept until it is no longer fresh', async () => {
    const server = await serve(answering());
    const { ask, clock } = source();
    const leaf = leafAt([server.url]);
    await ask(leaf);
    clock.time = new Date('2026-06-06T00:00:00Z');
    await ask(leaf);
    expect(server.asked).to.have.length(1);
    clock.time = new Date('2026-06-08T00:00:00Z');
    expect(await refusals(ask(leaf))).to.include('ocsp_not_fresh');
    expect(server.asked).to.have.length(2);
  });

  it('is fetched once for those who ask at the same time', async () => {
    const server = await serve(answering());
    const { ask } = source();
    const leaf = leafAt([server.url]);
    await Promise.all([ask(leaf), ask(leaf), ask(leaf)]);
    expect(server.asked).to.have.length(1);
  });

  it('is asked for again when only newer data will do', async () => {
    const moment = (minute: number) => `2026-06-01T00:0${minute}:00Z`;
    const server = await serve((exchange, response) =>
      answering({ thisUpdate: server.asked.length < 2 ? '2026-05-31T23:00:00Z' : moment(4) })(
        exchange,
        response,
      ),
    );
    const { ask, clock } = source();
    const leaf = leafAt([server.url]);
    await ask(leaf);
    clock.time = new Date(moment(2));
    const newer = await ask(leaf, new Date(moment(1)));
    expect(newer.thisUpdate).to.deep.equal(new Date(moment(4)));
    expect(server.asked).to.have.length(2);
    expect(await refusals(ask(leaf, new Date(moment(9))))).to.include('not_newer');
  });

  it('is not asked of a dead address at each file', async () => {
    const server = await serve(httpStatus(404));
    const { ask, clock } = source([pki.revoke(root)]);
    const leaf = leafAt([server.url]);
    for (let i = 0; i < 3; i++) expect((await ask(leaf)).kind).to.equal('crl');
    expect(server.asked).to.have.length(1);
    clock.time = new Date(clock.time.getTime() + 61_000);
    await ask(leaf);
    expect(server.asked).to.have.length(2);
  });

  it('comes from a responder that has to be checked when it was not revoked itself', async () => {
    const crl = (serials: readonly number[]) =>
      pki.revoke(root, { entries: serials.map((serial) => ({ serial })) });
    const lists = await serve(() => crl(revoked).der);
    let revoked: readonly number[] = [];
    const by = respondingParty(root, { key: 3, serial: 0x61, extensions: [ocspPurpose(), crlAt(lists.url)] });
    const server = await serve(answering({ by }));
    expect((await source().ask(leafAt([server.url]))).kind).to.equal('ocsp');
    revoked = [0x61];
    expect(await refusals(source().ask(leafAt([server.url])))).to.include('ocsp_responder_not_authorized');
  });

  it('does not come from a responder that vouches for itself', async () => {
    const server = await serve((exchange, response) => {
      const certificate = exchange.path === '/self' ? by : leafAt([]);
      return responding({ certificate, issuer: root, by })(exchange, response);
    });
    const extensions = [ocspPurpose(), accessInfo({ ocsp: [`${server.url}self`] })];
    const by = respondingParty(root, { key: 3, extensions });
    expect(await refusals(source().ask(leafAt([server.url])))).to.deep.equal([
      'ocsp_responder_not_authorized',
      'no_crl',
    ]);
  });
});
