import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { EvidenceError } from '../../server/evidence/errors.ts';
import { openEvidence } from '../../server/evidence/open-evidence.ts';
import type { EvidenceServices } from '../../server/evidence/ports.ts';
import { systemClock } from '../../server/platform/clock.ts';
import { silentLogger } from '../../server/platform/services.ts';
import { missingOpenssl, openssl } from '../cms/openssl.ts';
import * as pki from '../pki/authority.ts';
import { respondingParty } from '../pki/ocsp-authority.ts';
import { closeServers, serve } from './http-server.ts';
import { opensslOcsp, opensslTimeStamps, pemOf } from './openssl-authorities.ts';
import { accessInfo, crlAt } from './published.ts';
import { imprintOf, stampingParty, tokenFor } from './time-stamp-authority.ts';

const root = pki.authority('Root', { key: 0 });
const issuing = pki.authority('Issuing', { key: 1, issuer: root });
const tsa = stampingParty(issuing, { key: 2 });
const responder = respondingParty(issuing, { key: 3 });

const imprints = (['SHA-256', 'SHA-384', 'SHA-512'] as const).map((digestAlgorithm) => ({
  digestAlgorithm,
  digest: createHash(digestAlgorithm.replace('-', '')).update('Quyết định').digest(),
}));

/** As an installation has them whose administrator named the servers of this machine. */
const evidence = (timeStampAuthorities: readonly string[] = []): EvidenceServices =>
  openEvidence(
    { timeStampAuthorities, network: 'on', privateHosts: ['127.0.0.1'], fetchSeconds: 10 },
    {
      trust: { current: async () => ({ anchors: [root.certificate.der], intermediates: [], crls: [] }) },
      clock: systemClock,
      logger: silentLogger,
    },
  );

const leafAt = (ocsp: string, serial: number) =>
  pki.certify({ issuer: issuing, key: 4, serial, extensions: [accessInfo({ ocsp: [ocsp] })] });

describe(`evidence by openssl${missingOpenssl}`, () => {
  before(function () {
    if (missingOpenssl) this.skip();
  });
  afterEach(closeServers);

  it('is a time stamp over every digest', async () => {
    const server = await opensslTimeStamps(tsa, [issuing]);
    const { stamper } = evidence([server.url]);
    for (const imprint of imprints) {
      const { certificate, chain, time } = await stamper.stamp(imprint);
      expect(certificate.fingerprint).to.equal(tsa.certificate.fingerprint);
      expect(chain).to.have.length(2);
      expect(Math.abs(time.getTime() - Date.now())).to.be.lessThan(60_000);
    }
    expect(await stamper.tokenSize()).to.be.greaterThan(1000);
  });

  it('is no time stamp over a digest that openssl was told to refuse', async () => {
    const server = await opensslTimeStamps(tsa, [issuing]);
    const imprint = { digestAlgorithm: 'SHA3-256', digest: Buffer.alloc(32) } as const;
    const error = await evidence([server.url])
      .stamper.stamp(imprint)
      .catch((thrown) => thrown);
    expect(error).to.be.instanceOf(EvidenceError);
    expect(error.details.refusals[0].why).to.equal('status_rejection');
    expect(error.details.refusals[0].text).to.match(/^badAlg/);
  });

  it('is good, revoked or unknown by OCSP', async () => {
    const index = [
      { party: leafAt('http://x/', 0x51) },
      { party: leafAt('http://x/', 0x52), revoked: '260401000000Z,keyCompromise' },
    ];
    const server = await opensslOcsp(issuing, responder, index);
    const { revocations } = evidence();
    const ask = (serial: number) =>
      revocations.evidence(leafAt(server.url, serial).certificate, issuing.certificate, new Date());
    const good = await ask(0x51);
    expect(good).to.deep.include({ kind: 'ocsp', status: { status: 'good' } });
    expect(good.certificates.map(({ fingerprint }) => fingerprint)).to.deep.equal([
      responder.certificate.fingerprint,
    ]);
    expect((await ask(0x52)).status).to.deep.equal({
      status: 'revoked',
      date: new Date('2026-04-01T00:00:00Z'),
      reason: 'keyCompromise',
    });
    const unknown = await ask(0x53).catch((thrown) => thrown);
    expect(unknown.details.refusals[0].why).to.equal('ocsp_certificate_unknown');
  });

  it('is a list that openssl reads, when the responder is gone', async () => {
    const crl = pki.revoke(issuing, {
      thisUpdate: new Date(Date.now() - 60_000).toISOString(),
      nextUpdate: new Date(Date.now() + 3_600_000).toISOString(),
    });
    const server = await serve(() => crl.der);
    const leaf = pki.certify({ issuer: issuing, key: 4, extensions: [crlAt(server.url)] });
    const { der } = await evidence().revocations.evidence(leaf.certificate, issuing.certificate, new Date());
    const text = openssl(['crl', '-inform', 'DER', '-in', 'crl', '-noout', '-issuer'], { crl: der });
    expect(text.toString()).to.match(/Issuing/);
  });

  it('takes the tokens that tests make for genuine', () => {
    const [imprint] = imprints;
    if (!imprint) throw new Error('no imprint');
    const token = tokenFor(tsa, { imprint: imprintOf(imprint) }, { chain: [issuing] });
    const args = `-verify -in token -token_in -digest ${imprint.digest.toString('hex')} -CAfile ca -untrusted chain`;
    const said = openssl(['ts', ...args.split(' ')], { token, ca: pemOf(root), chain: pemOf(issuing) });
    expect(said.toString()).to.match(/Verification: OK/);
  });
});
