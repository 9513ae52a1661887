import { expect } from 'chai';
import { sequence, utf8String } from '../../server/asn1/write.ts';
import { buildPaths, type CertificationPath } from '../../server/pki/build-paths.ts';
import { CertificatePool } from '../../server/pki/certificate-pool.ts';
import { type PathParameters, validatePath } from '../../server/pki/validate-path.ts';
import * as pki from './authority.ts';

const root = pki.authority('Root', { key: 0 });
const issuing = pki.authority('Issuing', { key: 1, issuer: root });
const leaf = pki.certify({ subject: 'Leaf', key: 2, issuer: issuing, keyUsage: 0xc0 });

const path = (...parties: readonly pki.Party[]): CertificationPath => ({
  anchor: { certificate: root.certificate },
  certificates: parties.map(({ certificate }) => certificate),
});
const problems = (parties: readonly pki.Party[], parameters: Partial<PathParameters> = {}): string[] =>
  validatePath(path(...parties), { at: pki.at, ...parameters }).problems.map(({ code }) => code);

describe('building paths', () => {
  const pool = new CertificatePool([issuing, leaf, root].map(({ certificate }) => certificate));
  const build = (target: pki.Party, anchors = [root], limits = {}) => [
    ...buildPaths(target.certificate, {
      anchors: anchors.map(({ certificate }) => ({ certificate })),
      pool,
      limits,
    }),
  ];

  it('leads from a leaf over its intermediate to the anchor', () => {
    expect(
      build(leaf).map(({ certificates }) => certificates.map(({ subject }) => `${subject}`)),
    ).to.deep.equal([['CN=Issuing', 'CN=Leaf']]);
  });

  it('is empty for an anchor itself and for a stranger', () => {
    expect(build(root)[0]?.certificates).to.deep.equal([]);
    expect(build(pki.certify({ subject: 'Stranger', key: 3 }))).to.deep.equal([]);
  });

  it('ends at the nearest anchor', () => {
    expect(build(leaf, [issuing, root]).map(({ anchor }) => `${anchor.certificate.subject}`)).to.deep.equal([
      'CN=Issuing',
    ]);
  });

  it('prefers the certificate whose key made the signature among those of one name', () => {
    const twin = pki.authority('Issuing', { key: 4, issuer: root });
    pool.add(twin.certificate);
    expect(build(leaf).map(({ certificates }) => certificates[0]?.fingerprint)).to.deep.equal([
      issuing.certificate.fingerprint,
    ]);
  });

  it('stops at a depth, at a number of paths and at a number of candidates', () => {
    expect(build(leaf, [root], { depth: 1 })).to.deep.equal([]);
    expect(build(leaf, [root], { paths: 0 })).to.deep.equal([]);
    expect(build(leaf, [root], { candidates: 0 })).to.deep.equal([]);
  });

  it('is not led around by certificates that certify each other', () => {
    const a = pki.authority('A', { key: 3 });
    const b = pki.authority('B', { key: 4, issuer: a });
    const loop = pki.authority('A', { key: 3, issuer: b });
    const target = pki.certify({ subject: 'T', key: 5, issuer: b });
    const around = new CertificatePool([a, b, loop].map(({ certificate }) => certificate));
    const anchors = [{ certificate: root.certificate }];
    expect([...buildPaths(target.certificate, { anchors, pool: around })]).to.deep.equal([]);
  });
});

describe('validating a path (RFC 5280 6.1)', () => {
  it('accepts a sound one', () => {
    expect(problems([issuing, leaf])).to.deep.equal([]);
  });

  it('needs nothing of an anchor that is itself the target', () => {
    expect(problems([])).to.deep.equal([]);
  });

  const cases: readonly (readonly [string, readonly pki.Party[], readonly string[]])[] = [
    [
      'a signature by somebody else',
      [pki.certify({ issuer: { ...root, privateKey: leaf.privateKey } })],
      ['signature_invalid'],
    ],
    [
      'another issuer’s name',
      [pki.certify({ issuer: root, issuerName: pki.nameOf('Other') })],
      ['name_mismatch'],
    ],
    ['a period that is over', [pki.certify({ issuer: root, to: '2026-01-01' })], ['expired']],
    ['a period that has not begun', [pki.certify({ issuer: root, from: '2027-01-01' })], ['not_yet_valid']],
  ];
  for (const [what, parties, expected] of cases) {
    it(`tells of ${what}`, () => expect(problems(parties)).to.deep.equal(expected));
  }

  const intermediates: readonly (readonly [string, pki.CertificateParts, readonly string[]])[] = [
    ['an issuer that is no authority', { ca: false, keyUsage: 0x06 }, ['not_a_ca']],
    ['an issuer without basic constraints', { keyUsage: 0x06 }, ['not_a_ca']],
    ['an issuer of version 1', { version: 0 }, ['not_a_ca']],
    ['an issuer that may not sign certificates', { ca: true, keyUsage: 0x80 }, ['may_not_sign_certificates']],
    [
      'a critical extension nobody knows',
      { ca: true, extensions: [pki.extension('1.2.3.4', utf8String('?'), true)] },
      ['unknown_critical_extension'],
    ],
  ];
  for (const [what, parts, expected] of intermediates) {
    it(`tells of ${what}`, () => {
      const middle = pki.certify({ subject: 'Middle', key: 3, issuer: root, ...parts });
      expect(problems([middle, pki.certify({ issuer: middle, key: 4 })])).to.deep.equal(expected);
    });
  }

  it('does not mind an unknown extension that is not critical', () => {
    const extensions = [pki.extension('1.2.3.4', utf8String('?'))];
    expect(problems([pki.certify({ issuer: root, extensions })])).to.deep.equal([]);
  });

  it('counts a path length without self-issued certificates', () => {
    const top = pki.authority('Top', { key: 1, issuer: root, pathLength: 0 });
    const rolled = pki.authority('Top', { key: 2, issuer: top });
    const below = pki.authority('Below', { key: 3, issuer: rolled });
    const end = (issuer: pki.Party) => pki.certify({ subject: 'End', key: 4, issuer });
    expect(problems([top, rolled, end(rolled)])).to.deep.equal([]);
    expect(problems([top, rolled, below, end(below)])).to.deep.equal(['path_too_long']);
  });

  it('says everything that is wrong, once each', () => {
    const bad = pki.certify({ subject: 'Bad', key: 3, issuer: leaf, from: '2020-01-01', to: '2021-01-01' });
    expect(problems([bad, bad])).to.include.members([
      'signature_invalid',
      'name_mismatch',
      'expired',
      'not_a_ca',
    ]);
  });
});

describe('name constraints (RFC 5280 4.2.1.10)', () => {
  const under = (
    constraints: Parameters<typeof pki.nameConstraints>[0],
    parts: pki.CertificateParts,
  ): string[] => {
    const limited = pki.authority('Limited', {
      key: 3,
      issuer: root,
      extensions: [pki.nameConstraints(constraints)],
    });
    return problems([limited, pki.certify({ subject: 'E', key: 4, issuer: limited, ...parts })]);
  };
  const alt = (...names: readonly Uint8Array[]) => ({ extensions: [pki.altNames(...names)] });
  const O = '2.5.4.10';
  const CN = '2.5.4.3';
  const E = '1.2.840.113549.1.9.1';
  const gov = pki.directoryName(pki.nameOf([[O, 'UBND tỉnh Cà Mau']]));
  const inside: pki.CertificateParts = {
    subject: [
      [O, 'UBND TỈNH Cà Mau'],
      [CN, 'A'],
    ],
  };

  const cases: readonly (readonly [string, Parameters<typeof under>, 'passes' | 'fails'])[] = [
    ['a subject within the permitted one', [{ permitted: [gov] }, inside], 'passes'],
    ['a subject outside the permitted one', [{ permitted: [gov] }, {}], 'fails'],
    ['a subject within the excluded one', [{ excluded: [gov] }, inside], 'fails'],
    ['a subject outside the excluded one', [{ excluded: [gov] }, {}], 'passes'],
    [
      'a host below the permitted one',
      [{ permitted: [pki.dns('gov.vn')] }, alt(pki.dns('A.Gov.vn'))],
      'passes',
    ],
    ['a host that only ends alike', [{ permitted: [pki.dns('gov.vn')] }, alt(pki.dns('mygov.vn'))], 'fails'],
    [
      'a host below a base with a period',
      [{ permitted: [pki.dns('.gov.vn')] }, alt(pki.dns('gov.vn'))],
      'fails',
    ],
    ['any host under an empty exclusion', [{ excluded: [pki.dns('')] }, alt(pki.dns('x.vn'))], 'fails'],
    [
      'a kind of name that is not constrained',
      [{ permitted: [pki.dns('gov.vn')] }, alt(pki.email('a@b.vn'))],
      'passes',
    ],
    [
      'a mailbox on the permitted host',
      [{ permitted: [pki.email('b.vn')] }, alt(pki.email('a@B.vn'))],
      'passes',
    ],
    ['a mailbox below that host', [{ permitted: [pki.email('b.vn')] }, alt(pki.email('a@c.b.vn'))], 'fails'],
    [
      'a mailbox in the permitted domain',
      [{ permitted: [pki.email('.b.vn')] }, alt(pki.email('a@c.b.vn'))],
      'passes',
    ],
    ['the permitted mailbox', [{ permitted: [pki.email('a@b.vn')] }, alt(pki.email('a@B.VN'))], 'passes'],
    [
      'another mailbox of that host',
      [{ permitted: [pki.email('a@b.vn')] }, alt(pki.email('A@b.vn'))],
      'fails',
    ],
    ['a mailbox in the subject', [{ permitted: [pki.email('b.vn')] }, { subject: [[E, 'a@c.vn']] }], 'fails'],
    [
      'a URI of the permitted host',
      [{ permitted: [pki.uri('b.vn')] }, alt(pki.uri('https://u@b.vn:80/x'))],
      'passes',
    ],
    ['a URI of a host below', [{ permitted: [pki.uri('b.vn')] }, alt(pki.uri('https://c.b.vn/'))], 'fails'],
    [
      'a URI in the permitted domain',
      [{ permitted: [pki.uri('.b.vn')] }, alt(pki.uri('https://c.b.vn/'))],
      'passes',
    ],
    ['a URI without a host', [{ excluded: [pki.uri('b.vn')] }, alt(pki.uri('urn:x'))], 'fails'],
    [
      'a URI with an address for a host',
      [{ permitted: [pki.uri('b.vn')] }, alt(pki.uri('http://10.0.0.1/'))],
      'fails',
    ],
    [
      'an address in the network',
      [{ permitted: [pki.ip(10, 0, 0, 0, 255, 0, 0, 0)] }, alt(pki.ip(10, 9, 8, 7))],
      'passes',
    ],
    [
      'an address outside',
      [{ permitted: [pki.ip(10, 0, 0, 0, 255, 0, 0, 0)] }, alt(pki.ip(11, 0, 0, 1))],
      'fails',
    ],
    [
      'an address of the other family',
      [{ excluded: [pki.ip(10, 0, 0, 0, 255, 0, 0, 0)] }, alt(pki.ip(...new Array(16).fill(1)))],
      'passes',
    ],
    [
      'an address of no family',
      [{ excluded: [pki.ip(10, 0, 0, 0, 255, 0, 0, 0)] }, alt(pki.ip(1, 2, 3))],
      'fails',
    ],
  ];
  for (const [what, given, expected] of cases) {
    it(`${what} ${expected}`, () => {
      expect(under(...given)).to.deep.equal(expected === 'passes' ? [] : ['name_not_permitted']);
    });
  }

  it('intersect along the path', () => {
    const wide = pki.authority('Wide', {
      key: 1,
      issuer: root,
      extensions: [pki.nameConstraints({ permitted: [pki.dns('vn')] })],
    });
    const narrow = pki.authority('Narrow', {
      key: 2,
      issuer: wide,
      extensions: [pki.nameConstraints({ permitted: [pki.dns('gov.vn'), pki.dns('com')] })],
    });
    const end = (host: string) =>
      pki.certify({ key: 3, issuer: narrow, extensions: [pki.altNames(pki.dns(host))] });
    expect(problems([wide, narrow, end('a.gov.vn')])).to.deep.equal([]);
    expect(problems([wide, narrow, end('a.com')])).to.deep.equal(['name_not_permitted']);
  });

  it('do not bind a self-issued certificate on the way, but the last one', () => {
    const limited = pki.authority('Limited', {
      key: 1,
      issuer: root,
      extensions: [pki.nameConstraints({ permitted: [gov] })],
    });
    const rolled = pki.authority('Limited', { key: 2, issuer: limited });
    expect(problems([limited, rolled, pki.certify({ key: 3, issuer: rolled, ...inside })])).to.deep.equal([]);
    expect(problems([limited, rolled])).to.deep.equal(['name_not_permitted']);
  });

  it('fail with a subtree nobody implements', () => {
    const odd = sequence(sequence(pki.dns('gov.vn'), sequence()));
    const extensions = [
      pki.extension('2.5.29.30', sequence(Buffer.concat([Uint8Array.of(0xa0), odd.subarray(1)])), true),
    ];
    const limited = pki.authority('Limited', { key: 1, issuer: root, extensions });
    expect(problems([limited, pki.certify({ key: 2, issuer: limited })])).to.deep.equal([
      'name_not_permitted',
    ]);
  });

  it('end when hostile names would make comparing expensive', () => {
    const many = Array.from({ length: 1000 }, (_, i) => pki.dns(`h${i}.vn`));
    expect(under({ excluded: many }, alt(...many.map(() => pki.dns('x'))))).to.deep.equal([
      'name_not_permitted',
    ]);
  });
});

describe('certificate policies (RFC 5280 6.1, RFC 9618)', () => {
  const [A, B, C] = ['1.3.6.1.4.1.32473.1.1', '1.3.6.1.4.1.32473.1.2', '1.3.6.1.4.1.32473.1.3'] as const;
  const chain = (middle: readonly Uint8Array[], end: readonly Uint8Array[]): pki.Party[] => {
    const ca = pki.authority('P', { key: 3, issuer: root, extensions: middle });
    return [ca, pki.certify({ key: 4, issuer: ca, extensions: end })];
  };
  const explicit = { requireExplicitPolicy: true };
  const accept = (...ids: string[]) => ({ ...explicit, acceptedPolicies: new Set(ids) });

  const cases: readonly (readonly [string, pki.Party[], Partial<PathParameters>, boolean])[] = [
    ['no policy when none is required', chain([], []), {}, true],
    ['no policy when one is required', chain([], []), explicit, false],
    ['one policy all the way', chain([pki.policies(A)], [pki.policies(A)]), accept(A), true],
    ['a policy the user does not accept', chain([pki.policies(A)], [pki.policies(A)]), accept(B), false],
    ['policies that do not meet', chain([pki.policies(A)], [pki.policies(B)]), explicit, false],
    ['any policy over one', chain([pki.policies('any')], [pki.policies(A)]), accept(A), true],
    ['one policy over any', chain([pki.policies(A)], [pki.policies('any')]), accept(A), true],
    ['any policy all the way', chain([pki.policies('any')], [pki.policies('any')]), accept(C), true],
    [
      'any policy where it is inhibited',
      chain([pki.policies('any')], [pki.policies(A)]),
      { ...explicit, inhibitAnyPolicy: true },
      false,
    ],
    [
      'any policy inhibited by the issuer',
      chain([pki.policies(A), pki.inhibitAnyPolicy(0)], [pki.policies('any')]),
      explicit,
      false,
    ],
    ['explicit policy demanded by the issuer', chain([pki.policyConstraints(0)], []), {}, false],
    ['explicit policy demanded by the end', chain([], [pki.policyConstraints(0)]), {}, false],
    ['a mapped policy', chain([pki.policies(A), pki.mappings([A, B])], [pki.policies(B)]), accept(A), true],
    [
      'a mapped policy under its own name',
      chain([pki.policies(A), pki.mappings([A, B])], [pki.policies(A)]),
      explicit,
      false,
    ],
    [
      'a mapping below any policy',
      chain([pki.policies('any'), pki.mappings([A, B])], [pki.policies(B)]),
      accept(A),
      true,
    ],
    [
      'a mapping where it is inhibited',
      chain([pki.policies(A), pki.mappings([A, B])], [pki.policies(B)]),
      { ...explicit, inhibitPolicyMapping: true },
      false,
    ],
    [
      'a mapping of any policy',
      chain([pki.policies('any'), pki.mappings(['2.5.29.32.0', B])], [pki.policies(B)]),
      {},
      false,
    ],
  ];
  for (const [what, parties, parameters, valid] of cases) {
    it(`${valid ? 'accepts' : 'refuses'} ${what}`, () => {
      expect(validatePath(path(...parties), { at: pki.at, ...parameters }).valid).to.equal(valid);
    });
  }

  it('inhibits mappings two levels below', () => {
    const top = pki.authority('Top', {
      key: 1,
      issuer: root,
      extensions: [pki.policies(A), pki.policyConstraints(undefined, 0)],
    });
    const parties = chain([pki.policies(A), pki.mappings([A, B])], [pki.policies(B)]);
    const ca = pki.authority('P', {
      key: 3,
      issuer: top,
      extensions: [pki.policies(A), pki.mappings([A, B])],
    });
    const end = pki.certify({ key: 4, issuer: ca, extensions: [pki.policies(B)] });
    expect(validatePath(path(...parties), { at: pki.at, ...explicit }).valid).to.equal(true);
    expect(validatePath(path(top, ca, end), { at: pki.at, ...explicit }).valid).to.equal(false);
  });

  it('stays small when hostile certificates map everything to everything', () => {
    const ids = Array.from({ length: 200 }, (_, i) => `1.2.3.${i}`);
    const pairs = ids.flatMap((from) => ids.slice(0, 5).map((to) => [from, to] as const));
    let issuer = root;
    const parties = Array.from({ length: 10 }, (_, i) => {
      issuer = pki.authority(`L${i}`, {
        key: i % 6,
        issuer,
        extensions: [pki.policies(...ids), pki.mappings(...pairs)],
      });
      return issuer;
    });
    expect(validatePath(path(...parties), { at: pki.at }).valid).to.equal(true);
  });
});
