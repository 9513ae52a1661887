import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { CertificatePool } from '../../server/pki/certificate-pool.ts';
import { checkOcsp, type OcspOptions } from '../../server/pki/check-ocsp.ts';
import { checkRevocation, type RevocationSources } from '../../server/pki/check-revocation.ts';
import { ocspRequest } from '../../server/pki/ocsp-request.ts';
import { type OcspResponse, parseOcspResponse } from '../../server/pki/ocsp-response.ts';
import { ExtendedKeyUsage } from '../../server/pki/oids.ts';
import { missingOpenssl, openssl } from '../cms/openssl.ts';
import * as pki from './authority.ts';
import {
  type AnswerParts,
  archiveCutoff,
  criticalUnknown,
  noCheck,
  ocspAnswer,
  ocspPurpose,
  ocspRefusal,
  ocspResponse,
  respondingParty,
} from './ocsp-authority.ts';

const root = pki.authority('Root', { key: 0 });
const leaf = pki.certify({ subject: 'Leaf', key: 1, issuer: root, serial: 0x51 });
const other = pki.authority('Other', { key: 2 });
const responder = respondingParty(root, { key: 3 });

/** `good`, `revoked <reason>` or `unknown <why>`. */
function status(parts: Partial<AnswerParts> = {}, options: Partial<OcspOptions> = {}): string {
  return said(ocspResponse({ certificate: leaf, issuer: root, ...parts }), options);
}

function said(response: OcspResponse, options: Partial<OcspOptions> = {}): string {
  const answer = checkOcsp(response, leaf.certificate, root.certificate, { at: pki.at, ...options });
  if (answer.status === 'revoked') return `revoked ${answer.reason}`;
  return answer.status === 'unknown' ? `unknown ${answer.why}` : 'good';
}

describe('an answer by OCSP (RFC 6960)', () => {
  it('is good when the issuer says so', () => {
    expect(status()).to.equal('good');
    expect(status({ byKey: true })).to.equal('good');
  });

  it('names the certificate by digests of any kind', () => {
    for (const hash of ['SHA-1', 'SHA-256', 'SHA-384', 'SHA3-256'] as const) {
      expect(status({ hash }), hash).to.equal('good');
    }
  });

  it('tells date and reason of a revocation', () => {
    const response = ocspResponse({
      certificate: leaf,
      issuer: root,
      status: { revoked: '2026-02-03T04:05:06Z', reason: 1 },
    });
    expect(checkOcsp(response, leaf.certificate, root.certificate, { at: pki.at })).to.deep.include({
      status: 'revoked',
      date: new Date('2026-02-03T04:05:06Z'),
      reason: 'keyCompromise',
    });
    expect(status({ status: { revoked: '2026-02-03T04:05:06Z' } })).to.equal('revoked unspecified');
  });

  it('may come from a responder that the issuer authorized, by name or by key', () => {
    expect(status({ by: responder })).to.equal('good');
    expect(status({ by: responder, byKey: true })).to.equal('good');
  });

  it('may come from a responder whose certificate is found elsewhere', () => {
    const parts = { by: responder, certificates: [] };
    expect(status(parts)).to.equal('unknown ocsp_responder_not_authorized');
    expect(status(parts, { certificates: [responder.certificate] })).to.equal('good');
  });

  it('says whether the responder itself has to be asked about', () => {
    const answerOf = (by?: pki.Party) => {
      const response = ocspResponse({ certificate: leaf, issuer: root, ...(by && { by }) });
      const answer = checkOcsp(response, leaf.certificate, root.certificate, { at: pki.at });
      return answer.status === 'good' && answer.ocsp.responderNeedsCheck;
    };
    expect(answerOf()).to.equal(false);
    expect(answerOf(responder)).to.equal(false);
    expect(answerOf(respondingParty(root, { key: 3, extensions: [ocspPurpose()] }))).to.equal(true);
  });

  const worthless: readonly (readonly [string, Partial<AnswerParts>, string])[] = [
    ['that does not know the certificate', { status: 'unknown' }, 'ocsp_certificate_unknown'],
    ['about another certificate', { certificate: other }, 'ocsp_other_certificate'],
    ['about a certificate of another issuer', { issuer: other, by: root }, 'ocsp_other_certificate'],
    ['that is out of date', { nextUpdate: '2026-05-31T23:59:59Z' }, 'ocsp_not_fresh'],
    ['without next update', { nextUpdate: null }, 'ocsp_not_fresh'],
    ['of the future', { thisUpdate: '2026-06-02T00:00:00Z' }, 'ocsp_not_fresh'],
    [
      'with an unknown critical extension',
      { extensions: [criticalUnknown] },
      'ocsp_unknown_critical_extension',
    ],
    [
      'with an unknown critical extension of its part',
      { singleExtensions: [criticalUnknown] },
      'ocsp_unknown_critical_extension',
    ],
    ['by a stranger', { by: other }, 'ocsp_responder_not_authorized'],
    ['signed with another key', { key: other }, 'ocsp_responder_not_authorized'],
    [
      'by somebody of the issuer without that purpose',
      { by: respondingParty(root, { key: 3, extensions: [ocspPurpose(ExtendedKeyUsage.serverAuth)] }) },
      'ocsp_responder_not_authorized',
    ],
    ['by the certificate itself', { by: leaf }, 'ocsp_responder_not_authorized'],
    [
      'by a responder of another issuer',
      { by: respondingParty(other, { key: 3 }) },
      'ocsp_responder_not_authorized',
    ],
    [
      'by a responder that only claims the issuer',
      { by: respondingParty(other, { key: 3, issuerName: root.name }) },
      'ocsp_responder_not_authorized',
    ],
    [
      'by a responder that may not sign',
      { by: respondingParty(root, { key: 3, keyUsage: 0x20 }) },
      'ocsp_responder_not_authorized',
    ],
    [
      'by a responder whose certificate had expired',
      { by: respondingParty(root, { key: 3, to: '2026-05-01T00:00:00Z' }) },
      'ocsp_responder_not_authorized',
    ],
  ];
  for (const [what, parts, why] of worthless) {
    it(`is worth nothing ${what}`, () => {
      expect(status(parts)).to.equal(`unknown ${why}`);
    });
  }

  it('is worth nothing with another nonce, and something without one', () => {
    const nonce = randomBytes(16);
    expect(status({ nonce }, { nonce })).to.equal('good');
    expect(status({ nonce: randomBytes(16) }, { nonce })).to.equal('unknown ocsp_nonce_mismatch');
    expect(status({}, { nonce })).to.equal('good');
  });

  it('is worth nothing when the responder does not answer', () => {
    for (const code of [1, 2, 3, 5, 6, 77]) {
      expect(said(parseOcspResponse(ocspRefusal(code)))).to.equal('unknown ocsp_not_successful');
    }
    expect(parseOcspResponse(ocspRefusal(6)).status).to.equal('unauthorized');
  });

  it('may be a little ahead or behind when clocks are known to differ', () => {
    const skewMilliseconds = 300_000;
    expect(status({ thisUpdate: '2026-06-01T00:04:59Z' }, { skewMilliseconds })).to.equal('good');
    expect(status({ nextUpdate: '2026-05-31T23:55:01Z' }, { skewMilliseconds })).to.equal('good');
    expect(status({ thisUpdate: '2026-06-01T00:05:01Z' }, { skewMilliseconds })).to.equal(
      'unknown ocsp_not_fresh',
    );
  });

  it('made later proves an earlier moment, until the certificate expires', () => {
    const until = new Date('2026-07-01T00:00:00Z');
    const later = { thisUpdate: '2026-06-20T00:00:00Z', nextUpdate: '2026-06-21T00:00:00Z' };
    expect(status(later, { until })).to.equal('good');
    expect(status({ ...later, thisUpdate: '2026-07-02T00:00:00Z' }, { until })).to.equal(
      'unknown ocsp_not_fresh',
    );
    const brief = pki.certify({
      subject: 'Leaf',
      key: 1,
      issuer: root,
      serial: 0x52,
      to: '2026-06-10T00:00:00Z',
    });
    const about = (parts: Partial<AnswerParts>) =>
      checkOcsp(
        ocspResponse({ certificate: brief, issuer: root, ...later, ...parts }),
        brief.certificate,
        root.certificate,
        { at: pki.at, until },
      ).status;
    expect(about({})).to.equal('unknown');
    expect(about({ singleExtensions: [archiveCutoff('2020-01-01T00:00:00Z')] })).to.equal('good');
  });

  it('that cannot be read is refused with a code', () => {
    const good = ocspAnswer({ certificate: leaf, issuer: root });
    for (const bytes of [
      Buffer.from('<html>'),
      good.subarray(0, -1),
      Buffer.of(),
      Buffer.from('30030a0100', 'hex'),
    ]) {
      expect(() => parseOcspResponse(bytes))
        .to.throw()
        .with.property('code', 'pki.malformed_ocsp');
    }
  });
});

describe('revocation by OCSP and CRL together', () => {
  const path = { anchor: { certificate: root.certificate }, certificates: [leaf.certificate] };
  const together = (sources: Partial<RevocationSources>): string => {
    const answer = checkRevocation(path, 0, {
      crls: [],
      pool: new CertificatePool(),
      at: pki.at,
      ...sources,
    });
    return answer.status === 'unknown' ? `unknown ${answer.why}` : answer.status;
  };
  const good = ocspResponse({ certificate: leaf, issuer: root });
  const revoked = ocspResponse({
    certificate: leaf,
    issuer: root,
    status: { revoked: '2026-05-01T00:00:00Z' },
  });
  const stale = ocspResponse({ certificate: leaf, issuer: root, nextUpdate: '2026-05-31T13:00:00Z' });

  it('is good by either', () => {
    expect(together({ ocsps: [good] })).to.equal('good');
    expect(together({ crls: [pki.revoke(root)], ocsps: [stale] })).to.equal('good');
    expect(together({ ocsps: [stale, good] })).to.equal('good');
  });

  it('is revoked when one of them says so', () => {
    expect(together({ crls: [pki.revoke(root)], ocsps: [revoked] })).to.equal('revoked');
    expect(together({ crls: [pki.revoke(root, { entries: [{ serial: 0x51 }] })], ocsps: [good] })).to.equal(
      'revoked',
    );
    expect(together({ ocsps: [good, revoked] })).to.equal('revoked');
  });

  it('says why nothing is known', () => {
    expect(together({ ocsps: [stale] })).to.equal('unknown ocsp_not_fresh');
    expect(together({ ocsps: [ocspResponse({ certificate: other, issuer: root })] })).to.equal(
      'unknown no_crl',
    );
    const old = pki.revoke(root, { nextUpdate: '2026-05-02T00:00:00Z' });
    expect(together({ crls: [old], ocsps: [stale] })).to.equal('unknown crl_not_fresh');
  });

  it('asks about a responder that can be asked about', () => {
    const point = pki.distributionPoints({ name: pki.fullName(pki.uri('http://crl.example/root.crl')) });
    const by = respondingParty(root, { key: 3, serial: 0x61, extensions: [ocspPurpose(), point] });
    const ocsps = [ocspResponse({ certificate: leaf, issuer: root, by })];
    expect(together({ ocsps })).to.equal('unknown ocsp_responder_not_authorized');
    expect(together({ ocsps, crls: [pki.revoke(root, { entries: [{ serial: 0x61 }] })] })).to.equal('good');
    const aboutIt = (parts: Partial<AnswerParts>) =>
      ocspResponse({ certificate: by, issuer: root, ...parts });
    expect(together({ ocsps: [...ocsps, aboutIt({})] })).to.equal('good');
    expect(
      together({ ocsps: [...ocsps, aboutIt({ status: { revoked: '2026-05-01T00:00:00Z' } })] }),
    ).to.equal('unknown ocsp_responder_not_authorized');
    expect(together({ ocsps: [...ocsps, aboutIt({ by })] })).to.equal(
      'unknown ocsp_responder_not_authorized',
    );
  });

  it('takes no answer of a responder whose own path does not hold', () => {
    const by = respondingParty(root, { key: 3, extensions: [ocspPurpose(), noCheck, criticalUnknown] });
    const ocsps = [ocspResponse({ certificate: leaf, issuer: root, by })];
    expect(together({ ocsps })).to.equal('unknown ocsp_responder_not_authorized');
  });
});

describe(`an OCSP question${missingOpenssl}`, () => {
  before(function () {
    if (missingOpenssl) this.skip();
  });

  it('is read by openssl as meant', () => {
    const nonce = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
    const bytes = ocspRequest(leaf.certificate, root.certificate, { hash: 'SHA-256', nonce });
    const text = openssl(['ocsp', '-reqin', 'q', '-req_text', '-noverify'], { q: bytes }).toString();
    expect(text).to.match(/Hash Algorithm: sha256/);
    expect(text).to.match(/Serial Number: 51/);
    expect(text).to.match(/OCSP Nonce: *\n\s*041000112233445566778899AABBCCDDEEFF/);
    const plain = openssl(['ocsp', '-reqin', 'q', '-req_text', '-noverify'], {
      q: ocspRequest(leaf.certificate, root.certificate),
    }).toString();
    expect(plain)
      .to.match(/Hash Algorithm: sha1/)
      .and.not.match(/Nonce/);
  });
});
