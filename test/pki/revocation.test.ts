import { expect } from 'chai';
import { utf8String } from '../../server/asn1/write.ts';
import { CertificatePool } from '../../server/pki/certificate-pool.ts';
import { checkRevocation } from '../../server/pki/check-revocation.ts';
import type { Crl } from '../../server/pki/crl.ts';
import * as pki from './authority.ts';

const root = pki.authority('Root', { key: 0 });
const leaf = pki.certify({ subject: 'Leaf', key: 1, issuer: root, serial: 0x51 });

/** `good`, `revoked <reason>` or `unknown <why>` of the last certificate below the root. */
function status(
  crls: readonly Crl[],
  parts: { parties?: readonly pki.Party[]; pool?: readonly pki.Party[] } = {},
) {
  const certificates = (parts.parties ?? [leaf]).map(({ certificate }) => certificate);
  const pool = new CertificatePool((parts.pool ?? []).map(({ certificate }) => certificate));
  const path = { anchor: { certificate: root.certificate }, certificates };
  const answer = checkRevocation(path, certificates.length - 1, { crls, pool, at: pki.at });
  if (answer.status === 'revoked') return `revoked ${answer.reason}`;
  return answer.status === 'unknown' ? `unknown ${answer.why}` : 'good';
}

describe('revocation by CRL (RFC 5280 6.3.3)', () => {
  it('is good when a fresh list of the issuer does not name the certificate', () => {
    expect(status([pki.revoke(root, { entries: [{ serial: 0x52 }] })])).to.equal('good');
  });

  it('tells date and reason of a revocation', () => {
    const crl = pki.revoke(root, {
      entries: [{ serial: 0x50 }, { serial: 0x51, reason: 1, date: '2026-02-03T04:05:06Z' }],
    });
    const path = { anchor: { certificate: root.certificate }, certificates: [leaf.certificate] };
    expect(checkRevocation(path, 0, { crls: [crl], pool: new CertificatePool(), at: pki.at })).to.deep.equal({
      status: 'revoked',
      date: new Date('2026-02-03T04:05:06Z'),
      reason: 'keyCompromise',
      crl,
    });
    expect(crl.size).to.equal(2);
  });

  it('finds a certificate among a hundred thousand', () => {
    const entries = Array.from({ length: 100_000 }, (_, i) => ({ serial: 0x1000 + i }));
    expect(status([pki.revoke(root, { entries: [...entries, { serial: 0x51 }] })])).to.equal(
      'revoked unspecified',
    );
  });

  it('calls a suspended certificate revoked, with that reason', () => {
    expect(status([pki.revoke(root, { entries: [{ serial: 0x51, reason: 6 }] })])).to.equal(
      'revoked certificateHold',
    );
  });

  const other = pki.authority('Other', { key: 2 });
  const unknown: readonly (readonly [string, readonly Crl[], string])[] = [
    ['without any list', [], 'no_crl'],
    ['by the list of another issuer', [pki.revoke(other)], 'no_crl'],
    [
      'by a list that is out of date',
      [pki.revoke(root, { nextUpdate: '2026-05-31T00:00:00Z' })],
      'crl_not_fresh',
    ],
    ['by a list of the future', [pki.revoke(root, { thisUpdate: '2026-07-01T00:00:00Z' })], 'crl_not_fresh'],
    ['by a list without next update', [pki.revoke(root, { nextUpdate: null })], 'crl_not_fresh'],
    [
      'by a list signed by somebody else',
      [pki.revoke(other, { issuerName: root.name })],
      'crl_signer_not_found',
    ],
    [
      'by a list with an unknown critical extension',
      [pki.revoke(root, { extensions: [pki.extension('1.2.3', utf8String('?'), true)] })],
      'crl_unknown_critical_extension',
    ],
    [
      'by a list with an entry of an unknown critical extension',
      [
        pki.revoke(root, {
          entries: [{ serial: 9, extensions: [pki.extension('1.2.3', utf8String('?'), true)] }],
        }),
      ],
      'crl_unknown_critical_extension',
    ],
    [
      'by a delta without its base',
      [pki.revoke(root, { number: 2, extensions: [pki.deltaIndicator(1)] })],
      'no_crl',
    ],
  ];
  for (const [what, crls, why] of unknown) {
    it(`is unknown ${what}`, () => expect(status(crls)).to.equal(`unknown ${why}`));
  }

  it('takes the newest of several lists', () => {
    const older = pki.revoke(root, { thisUpdate: '2026-04-01T00:00:00Z' });
    const newer = pki.revoke(root, { thisUpdate: '2026-05-20T00:00:00Z', entries: [{ serial: 0x51 }] });
    expect(status([older, newer])).to.equal('revoked unspecified');
  });

  it('is told by an outdated list, too: an older one that is still current does not know it yet', () => {
    const current = pki.revoke(root, { thisUpdate: '2026-01-01T00:00:00Z' });
    const outdated = (reason: number, thisUpdate = '2026-04-02T00:00:00Z') =>
      pki.revoke(root, {
        entries: [{ serial: 0x51, reason }],
        thisUpdate,
        nextUpdate: '2026-05-01T00:00:00Z',
      });
    expect(status([current, outdated(1)])).to.equal('revoked keyCompromise');
    expect(status([outdated(1)])).to.equal('revoked keyCompromise');
    // A hold may be over, a newer list knows better, and nobody believes what is of tomorrow.
    expect(status([outdated(6)])).to.equal('unknown crl_not_fresh');
    expect(status([pki.revoke(root), outdated(6)])).to.equal('good');
    expect(status([current, outdated(1, '2026-06-02T00:00:00Z')])).to.equal('good');
    expect(
      status([
        pki.revoke(other, {
          issuerName: root.name,
          entries: [{ serial: 0x51 }],
          nextUpdate: '2026-05-02T00:00:00Z',
        }),
        current,
      ]),
    ).to.equal('good');
  });

  it('is unknown when the entry cannot be read', () => {
    const extensions = [pki.extension('2.5.29.21', utf8String('?'))];
    expect(status([pki.revoke(root, { entries: [{ serial: 0x51, extensions }] })])).to.equal(
      'unknown crl_unreadable',
    );
  });

  it('does not ask a signer that may not sign lists', () => {
    const ca = pki.authority('CA', { key: 3, issuer: root, keyUsage: 0x04 });
    const end = pki.certify({ key: 4, issuer: ca });
    expect(status([pki.revoke(ca)], { parties: [ca, end] })).to.equal('unknown crl_signer_not_found');
  });
});

describe('a list signed with a key of its own', () => {
  const ca = pki.authority('CA', { key: 1, issuer: root, keyUsage: 0x04 });
  const signer = pki.certify({ subject: 'CA', key: 2, issuer: root, keyUsage: 0x02 });
  const end = pki.certify({ key: 3, issuer: ca, serial: 7 });
  const parts = { parties: [ca, end], pool: [signer] };

  it('counts when its signer leads to the same anchor and is not revoked', () => {
    expect(status([pki.revoke(signer), pki.revoke(root)], parts)).to.equal('good');
    expect(status([pki.revoke(signer, { entries: [{ serial: 7 }] }), pki.revoke(root)], parts)).to.equal(
      'revoked unspecified',
    );
  });

  it('does not count when nothing is known of its signer, or too much', () => {
    expect(status([pki.revoke(signer)], parts)).to.equal('unknown crl_signer_not_found');
    const revoked = pki.revoke(root, { entries: [{ serial: signer.certificate.serial }] });
    expect(status([pki.revoke(signer), revoked], parts)).to.equal('unknown crl_signer_not_found');
  });

  it('does not count when its signer leads elsewhere', () => {
    const foreign = pki.certify({
      subject: 'CA',
      key: 4,
      issuer: pki.authority('Foreign', { key: 5 }),
      keyUsage: 0x02,
    });
    expect(status([pki.revoke(foreign), pki.revoke(root)], { parties: [ca, end], pool: [foreign] })).to.equal(
      'unknown crl_signer_not_found',
    );
  });
});

describe('distribution points', () => {
  const point = (url: string) => pki.fullName(pki.uri(url));
  const certified = (...points: readonly pki.PointParts[]) =>
    pki.certify({ key: 1, issuer: root, serial: 0x61, extensions: [pki.distributionPoints(...points)] });
  const list = (idp: pki.IdpParts, entries: readonly pki.CrlEntry[] = []) =>
    pki.revoke(root, { entries, extensions: [pki.issuingDistributionPoint(idp)] });
  const revoked = [{ serial: 0x61 }];

  it('have to meet that of the list', () => {
    const parties = [certified({ name: point('http://a/') })];
    expect(status([list({ name: point('http://a/') }, revoked)], { parties })).to.equal(
      'revoked unspecified',
    );
    expect(status([list({ name: point('http://b/') }, revoked)], { parties })).to.equal('unknown no_crl');
  });

  it('of a list for authorities say nothing of a user, and the other way round', () => {
    expect(status([list({ flags: [2] })])).to.equal('unknown no_crl');
    expect(status([list({ flags: [1] })])).to.equal('good');
    expect(status([list({ flags: [5] })])).to.equal('unknown no_crl');
    const ca = pki.authority('CA', { key: 2, issuer: root });
    expect(status([list({ flags: [1] })], { parties: [ca] })).to.equal('unknown no_crl');
    expect(status([list({ flags: [2] })], { parties: [ca] })).to.equal('good');
  });

  it('for some reasons only have to be complete together', () => {
    const some = list({ name: point('http://a/'), reasons: 0x60 });
    const others = list({ name: point('http://b/'), reasons: 0x1f });
    const rest = pki.revoke(root, {
      extensions: [pki.issuingDistributionPoint({ name: point('http://b/'), reasons: 0x1f })],
    });
    const parties = [certified({ name: point('http://a/') }, { name: point('http://b/') })];
    expect(status([some], { parties })).to.equal('unknown reasons_not_covered');
    expect(status([some, others, rest], { parties })).to.equal('unknown reasons_not_covered');
    expect(status([some, list({ name: point('http://b/') })], { parties })).to.equal('good');
  });

  it('may name another issuer of the list, which then has to be indirect', () => {
    const publisher = pki.authority('Publisher', { key: 4, issuer: root });
    const parties = [certified({ crlIssuer: publisher.name })];
    const indirect = (flags: readonly number[], entries: readonly pki.CrlEntry[]) =>
      pki.revoke(publisher, { entries, extensions: [pki.issuingDistributionPoint({ flags })] });
    const mine = [{ serial: 0x61, issuer: root.name }];
    const parts = { parties, pool: [publisher] };
    expect(status([indirect([4], mine), pki.revoke(root)], parts)).to.equal('revoked unspecified');
    // The same number of the publisher's own is another certificate.
    expect(status([indirect([4], [{ serial: 0x61 }]), pki.revoke(root)], parts)).to.equal('good');
    expect(status([indirect([], mine)], parts)).to.equal('unknown no_crl');
  });
});

describe('a delta list (RFC 5280 5.2.4)', () => {
  const base = (entries: readonly pki.CrlEntry[] = []) => pki.revoke(root, { number: 5, entries });
  const delta = (entries: readonly pki.CrlEntry[], parts: { base?: number; number?: number } = {}) =>
    pki.revoke(root, {
      number: parts.number ?? 6,
      entries,
      extensions: [pki.deltaIndicator(parts.base ?? 5)],
      thisUpdate: '2026-05-20T00:00:00Z',
    });

  it('adds a revocation to its base', () => {
    expect(status([base(), delta([{ serial: 0x51, reason: 4 }])])).to.equal('revoked superseded');
  });

  it('takes a suspended certificate off again', () => {
    expect(status([base([{ serial: 0x51, reason: 6 }]), delta([{ serial: 0x51, reason: 8 }])])).to.equal(
      'good',
    );
  });

  it('is not applied to a base it does not build on', () => {
    expect(status([base(), delta([{ serial: 0x51 }], { base: 6, number: 7 })])).to.equal('good');
    expect(status([base(), delta([{ serial: 0x51 }], { number: 5 })])).to.equal('good');
  });
});
