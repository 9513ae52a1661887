import { hash } from 'node:crypto';
import type { Mechanism as MechanismParts } from 'pkcs11js';
import { integer, nullValue, octetString, oid, sequence } from '../../asn1/write.ts';
import type { SigningHash } from '../../cms/build-signed-data.ts';
import { cryptoHash, oidOfHash } from '../../pki/algorithm.ts';
import type { SigningAlgorithm } from '../choose-algorithm.ts';
import { SigningError } from '../errors.ts';
import { Mechanism } from './constants.ts';

/** One call of C_Sign: how, on what, and how its result becomes the signature value that CMS carries. */
export interface SignaturePlan {
  readonly mechanism: MechanismParts;
  readonly input: Buffer;
  /** Octets that the result may have at most. */
  readonly room: number;
  readonly toValue: (result: Uint8Array) => Uint8Array;
}

interface PssNumbers {
  /** CKM_… of the digest, CKG_MGF1_…, CKM_…_RSA_PKCS_PSS. */
  readonly digest: number;
  readonly mask: number;
  readonly whole: number;
}

const PSS: Readonly<Record<SigningHash, PssNumbers>> = {
  'SHA-256': { digest: 0x250, mask: 2, whole: 0x43 },
  'SHA-384': { digest: 0x260, mask: 3, whole: 0x44 },
  'SHA-512': { digest: 0x270, mask: 4, whole: 0x45 },
  'SHA3-256': { digest: 0x2b0, mask: 7, whole: 0x63 },
  'SHA3-384': { digest: 0x2c0, mask: 8, whole: 0x64 },
  'SHA3-512': { digest: 0x2d0, mask: 9, whole: 0x65 },
};
/** CK_PARAMS_RSA_PSS of pkcs11js. */
const PSS_PARAMETERS = 5;
const COORDINATES: Readonly<Record<string, number>> = { prime256v1: 32, secp384r1: 48, secp521r1: 66 };
const RSA_ROOM = 1024;

/**
 * How a token makes this signature: the digest is computed here wherever the token allows it, so that any digest goes with
 * CKM_RSA_PKCS and CKM_ECDSA.
 *
 * @param curve OpenSSL's name, for ECDSA.
 * @param available mechanisms of the token.
 * @throws SigningError `signing.mechanism_unsupported`, `signing.key_unsupported`
 */
export function planSignature(
  { scheme, digestAlgorithm }: SigningAlgorithm,
  toBeSigned: Uint8Array,
  curve: string | undefined,
  available: ReadonlySet<number>,
): SignaturePlan {
  const digest = (): Buffer => hash(cryptoHash(digestAlgorithm) ?? digestAlgorithm, toBeSigned, 'buffer');
  const must = (mechanism: number): number => {
    if (available.has(mechanism)) return mechanism;
    const message = `the token lacks mechanism 0x${mechanism.toString(16)} for ${scheme} with ${digestAlgorithm}`;
    throw new SigningError('signing.mechanism_unsupported', message);
  };
  switch (scheme) {
    case 'rsa-pkcs1':
      return {
        mechanism: { mechanism: must(Mechanism.rsaPkcs) },
        input: digestInfo(digestAlgorithm, digest()),
        room: RSA_ROOM,
        toValue: asIs,
      };
    case 'rsa-pss': {
      const { digest: hashAlg, mask: mgf, whole } = PSS[digestAlgorithm];
      const saltLen = digest().length;
      const parameter = { type: PSS_PARAMETERS, hashAlg, mgf, saltLen };
      // A card that hashes nothing itself does not list the digest either; SHA-3 is taken only where it is named.
      const isKnown = available.has(hashAlg) || (digestAlgorithm.startsWith('SHA-') && !available.has(whole));
      const isRaw = available.has(Mechanism.rsaPss) && isKnown;
      return {
        mechanism: { mechanism: isRaw ? Mechanism.rsaPss : must(whole), parameter },
        input: isRaw ? digest() : Buffer.from(toBeSigned),
        room: RSA_ROOM,
        toValue: asIs,
      };
    }
    case 'ecdsa': {
      const coordinate = COORDINATES[curve ?? ''];
      if (!coordinate) throw new SigningError('signing.key_unsupported', `curve ${curve}`);
      return {
        mechanism: { mechanism: must(Mechanism.ecdsa) },
        // FIPS 186-5 6.4.1: of a digest longer than the order its leftmost bits; not every token cuts it off.
        input: digest().subarray(0, coordinate),
        room: 2 * coordinate,
        toValue: (result) => ecdsaValue(result, coordinate),
      };
    }
    case 'eddsa':
      return {
        mechanism: { mechanism: must(Mechanism.eddsa) },
        input: Buffer.from(toBeSigned),
        room: 64,
        toValue: asIs,
      };
  }
}

/** RFC 8017 9.2 step 2; SHA-3 has NULL here as well (FIPS 202 and X9.142). */
function digestInfo(name: SigningHash, digest: Uint8Array): Buffer {
  return Buffer.from(sequence(sequence(oid(oidOfHash(name)), nullValue()), octetString(digest)));
}

const asIs = (result: Uint8Array): Uint8Array => Uint8Array.from(result);

/** PKCS#11 2.3.1 gives r and s one after the other, CMS wants ECDSA-Sig-Value (RFC 3279 2.2.3). */
function ecdsaValue(result: Uint8Array, coordinate: number): Uint8Array {
  if (result.length !== 2 * coordinate) {
    throw new SigningError('signing.key_failed', `an ECDSA value of ${result.length} octets`);
  }
  const number = (part: Uint8Array): bigint => BigInt(`0x${Buffer.from(part).toString('hex')}`);
  return sequence(
    integer(number(result.subarray(0, coordinate))),
    integer(number(result.subarray(coordinate))),
  );
}
