import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import type { SigningHash } from '../../server/cms/build-signed-data.ts';
import { bytesSource } from '../../server/pdf/byte-source.ts';
import { openPdf } from '../../server/pdf/open-pdf.ts';
import { listSignatures } from '../../server/pdf/signatures/list-signatures.ts';
import type { HashName } from '../../server/pki/algorithm.ts';
import { parseCertificate } from '../../server/pki/certificate.ts';
import { type AlgorithmWish, chooseAlgorithm } from '../../server/signing/choose-algorithm.ts';
import { signPdf } from '../../server/signing/sign-pdf.ts';
import policy from '../../server/verification/algorithm-policy.json' with { type: 'json' };
import { missingOpenssl, opensslVerify } from '../cms/openssl.ts';
import { type Identity, type IdentityOptions, type KeyKind, makeIdentity } from './identities.ts';
import { signatureFacts } from './judges.ts';
import { clock, codeOf, providerOf } from './providers.ts';
import { samplePdf } from './sample-pdf.ts';

const hashes: readonly SigningHash[] = ['SHA-256', 'SHA-384', 'SHA-512', 'SHA3-256', 'SHA3-384', 'SHA3-512'];
const matrix: readonly { kind: KeyKind; rsa?: 'pss' | 'pkcs1'; digests: readonly SigningHash[] }[] = [
  ...(['rsa-2048', 'rsa-3072', 'rsa-4096'] as const).flatMap((kind) => [
    { kind, rsa: 'pss' as const, digests: hashes },
    { kind, rsa: 'pkcs1' as const, digests: hashes },
  ]),
  { kind: 'rsa-pss-2048', digests: hashes },
  { kind: 'p-256', digests: hashes },
  { kind: 'p-384', digests: hashes },
  { kind: 'p-521', digests: hashes },
  { kind: 'ed25519', digests: ['SHA-512'] },
];

async function sign(identity: Identity, wish: AlgorithmWish) {
  const pdf = samplePdf();
  const source = bytesSource(pdf);
  const { appended, algorithm } = await signPdf({ source, provider: providerOf(identity), clock, ...wish });
  return { file: Buffer.concat([pdf, appended]), algorithm };
}

describe('every algorithm', () => {
  for (const { kind, rsa, digests } of matrix) {
    for (const digestAlgorithm of digests) {
      it(`signs: ${[kind, rsa, digestAlgorithm].filter(Boolean).join(' ')}${missingOpenssl}`, async () => {
        const identity = makeIdentity(kind);
        const { file, algorithm } = await sign(identity, { digestAlgorithm, ...(rsa && { rsa }) });
        const [facts] = signatureFacts(file);
        expect(facts).to.include({
          signatureValid: true,
          messageDigestMatches: true,
          algorithmProtection: 'matches',
          digestHash: digestAlgorithm,
          signatureHash: digestAlgorithm,
        });
        for (const { hashes: known, schemes } of policy.periods) {
          expect(known).to.include(digestAlgorithm);
          expect(schemes).to.have.property(algorithm.scheme);
        }
        // openssl 3.0 does not know Ed25519 in CMS.
        if (missingOpenssl || kind === 'ed25519') return;
        const [entry] = listSignatures(openPdf(bytesSource(file)));
        const [a = 0, b = 0, c = 0, d = 0] = entry?.byteRange ?? [];
        const content = Buffer.concat([file.subarray(a, a + b), file.subarray(c, c + d)]);
        opensslVerify(entry?.contents ?? file, content, identity);
      });
    }
  }
});

describe('an algorithm is refused:', () => {
  const bound = (hash: string, mask: string, saltLength: number): IdentityOptions => ({
    keys: generateKeyPairSync('rsa-pss', {
      modulusLength: 2048,
      hashAlgorithm: hash,
      mgf1HashAlgorithm: mask,
      // The types say string, node wants a number.
      ...({ saltLength } as object),
    }),
  });
  const issuer = makeIdentity('p-256', { ca: true, subject: 'CA' });
  const refused = 'signing.algorithm_refused';
  const cases: readonly [string, KeyKind, IdentityOptions, AlgorithmWish, string | undefined][] = [
    ['RSA of 1024 bits', 'rsa-1024', {}, {}, 'signing.key_too_weak'],
    ...(['SHA-1', 'MD5', 'SHA-224', 'SHAKE256', 'RIPEMD-160'] as const).map(
      (digestAlgorithm: HashName) =>
        [digestAlgorithm, 'rsa-2048', {}, { digestAlgorithm }, refused] satisfies (typeof cases)[number],
    ),
    ['Ed25519 with SHA-256', 'ed25519', {}, { digestAlgorithm: 'SHA-256' }, refused],
    ['PKCS#1 v1.5 by a key for PSS', 'rsa-pss-2048', {}, { rsa: 'pkcs1' }, refused],
    [
      'another digest than the key is for',
      'p-256',
      bound('sha384', 'sha384', 48),
      { digestAlgorithm: 'SHA-256' },
      refused,
    ],
    ['a mask we do not make', 'p-256', bound('sha256', 'sha512', 32), {}, refused],
    ['a salt longer than ours', 'p-256', bound('sha256', 'sha256', 64), {}, refused],
    ['a key bound to SHA-1', 'p-256', bound('sha1', 'sha1', 20), {}, refused],
    [
      'a curve that is none of the three',
      'p-256',
      { keys: generateKeyPairSync('ec', { namedCurve: 'secp256k1' }) },
      {},
      'signing.key_unsupported',
    ],
  ];
  for (const [name, kind, options, wish, code] of cases) {
    it(name, async () => {
      const identity = makeIdentity(kind, { issuer, ...options });
      expect(await codeOf(sign(identity, wish))).to.equal(code);
    });
  }

  it('but a key bound to SHA-384 signs with it unasked', async () => {
    const identity = makeIdentity('p-256', { issuer, ...bound('sha384', 'sha384', 48) });
    const { file, algorithm } = await sign(identity, {});
    expect(algorithm).to.deep.equal({ scheme: 'rsa-pss', digestAlgorithm: 'SHA-384' });
    expect(signatureFacts(file)[0]).to.include({ signatureValid: true, signatureHash: 'SHA-384' });
    expect(chooseAlgorithm(parseCertificate(identity.der), { rsa: 'pss' })).to.deep.equal(algorithm);
  });
});
