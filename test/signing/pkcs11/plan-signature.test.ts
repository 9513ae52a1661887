import { constants, privateEncrypt, verify } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import type { SigningHash } from '../../../server/cms/build-signed-data.ts';
import { cryptoHash } from '../../../server/pki/algorithm.ts';
import { Mechanism } from '../../../server/signing/pkcs11/constants.ts';
import { planSignature } from '../../../server/signing/pkcs11/plan-signature.ts';
import { keysOf } from '../identities.ts';

const message = Buffer.from('Quyết định');
const hashes: readonly SigningHash[] = ['SHA-256', 'SHA-384', 'SHA-512', 'SHA3-256', 'SHA3-384', 'SHA3-512'];
const all = new Set<number>([1, 0xd, 0x1041, 0x1057]);

describe('the plan of a signature by a token', () => {
  for (const digestAlgorithm of hashes) {
    it(`wraps ${digestAlgorithm} for a token that only pads and powers`, () => {
      const { publicKey, privateKey } = keysOf('rsa-2048');
      const { input, toValue } = planSignature(
        { scheme: 'rsa-pkcs1', digestAlgorithm },
        message,
        undefined,
        all,
      );
      const value = toValue(privateEncrypt({ key: privateKey, padding: constants.RSA_PKCS1_PADDING }, input));
      expect(verify(cryptoHash(digestAlgorithm), message, publicKey, value)).to.equal(true);
    });
  }

  it('turns any r and s into DER', () => {
    const algorithm = { scheme: 'ecdsa', digestAlgorithm: 'SHA-512' } as const;
    const { input, toValue } = planSignature(algorithm, message, 'prime256v1', all);
    expect(input).to.have.length(32);
    const octets = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(octets, octets, (r, s) => {
        const der = Buffer.from(toValue(Buffer.concat([r, s])));
        const number = (part: Uint8Array): bigint => BigInt(`0x${Buffer.from(part).toString('hex')}`);
        const length = der[3] ?? 0;
        expect([number(der.subarray(4, 4 + length)), number(der.subarray(6 + length))]).to.deep.equal([
          number(r),
          number(s),
        ]);
        expect((der[4] ?? 0) < 0x80 && (der[6 + length] ?? 0) < 0x80).to.equal(true);
      }),
    );
    expect(() => toValue(Buffer.alloc(63))).to.throw('63 octets');
  });

  const pss: readonly [string, number[], number | undefined][] = [
    ['hashes here when the token knows the digest', [Mechanism.rsaPss, 0x250, 0x43], Mechanism.rsaPss],
    ['hashes here when the token hashes nothing', [Mechanism.rsaPss], Mechanism.rsaPss],
    ['lets the token hash when it insists', [Mechanism.rsaPss, 0x43], 0x43],
    ['is refused when the token has no PSS', [Mechanism.rsaPkcs], undefined],
  ];
  for (const [name, mechanisms, expected] of pss) {
    it(`for PSS ${name}`, () => {
      const plan = () =>
        planSignature(
          { scheme: 'rsa-pss', digestAlgorithm: 'SHA-256' },
          message,
          undefined,
          new Set(mechanisms),
        );
      if (expected === undefined)
        expect(plan).to.throw().with.property('code', 'signing.mechanism_unsupported');
      else {
        expect(plan().mechanism.mechanism).to.equal(expected);
        expect(plan().input.length).to.equal(expected === 0x43 ? message.length : 32);
      }
    });
  }
});
