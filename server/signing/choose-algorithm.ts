import type { SigningHash, SigningScheme } from '../cms/build-signed-data.ts';
import type { Certificate } from '../pki/certificate.ts';
import { SigningError } from './errors.ts';

/** How one signature value is made. */
export interface SigningAlgorithm {
  readonly scheme: SigningScheme;
  readonly digestAlgorithm: SigningHash;
}

/** What the caller may wish; the rest follows from the key. */
export interface AlgorithmWish {
  /** For RSA keys: PSS unless told otherwise (Circular 15/2025/TT-BKHCN). */
  readonly rsa?: 'pss' | 'pkcs1';
  readonly digestAlgorithm?: SigningHash;
}

const MIN_RSA_BITS = 2048;
/** A digest as strong as the curve (FIPS 186-5 6.1.1). */
const CURVES: Readonly<Record<string, SigningHash>> = {
  prime256v1: 'SHA-256',
  secp384r1: 'SHA-384',
  secp521r1: 'SHA-512',
};
const ALLOWED: readonly string[] = ['SHA-256', 'SHA-384', 'SHA-512'] satisfies SigningHash[];

/**
 * The algorithm for a certificate's key.
 * @throws SigningError `signing.key_too_weak` (RSA under 2048 bits), `signing.key_unsupported`,
 *   `signing.algorithm_refused` (SHA-1 or another digest that is not allowed).
 */
export function chooseAlgorithm(certificate: Certificate, wish: AlgorithmWish = {}): SigningAlgorithm {
  const { scheme, digestAlgorithm } = naturalAlgorithm(certificate, wish.rsa ?? 'pss');
  const wished = wish.digestAlgorithm ?? digestAlgorithm;
  if (!ALLOWED.includes(wished)) throw new SigningError('signing.algorithm_refused', `digest ${wished}`);
  // RFC 8419 3.1: Ed25519 goes with SHA-512.
  if (scheme === 'eddsa' && wished !== 'SHA-512') {
    throw new SigningError('signing.algorithm_refused', `Ed25519 with ${wished}`);
  }
  return { scheme, digestAlgorithm: wished };
}

function naturalAlgorithm({ publicKey }: Certificate, rsa: 'pss' | 'pkcs1'): SigningAlgorithm {
  const { modulusLength = 0, namedCurve = '' } = publicKey.asymmetricKeyDetails ?? {};
  switch (publicKey.asymmetricKeyType) {
    case 'rsa':
      if (modulusLength < MIN_RSA_BITS) {
        throw new SigningError('signing.key_too_weak', `RSA of ${modulusLength} bits`);
      }
      return { scheme: `rsa-${rsa}` satisfies SigningScheme, digestAlgorithm: 'SHA-256' };
    case 'ec': {
      const digestAlgorithm = CURVES[namedCurve];
      if (!digestAlgorithm) throw new SigningError('signing.key_unsupported', `curve ${namedCurve}`);
      return { scheme: 'ecdsa', digestAlgorithm };
    }
    case 'ed25519':
      return { scheme: 'eddsa', digestAlgorithm: 'SHA-512' };
    default:
      throw new SigningError('signing.key_unsupported', `key of kind ${publicKey.asymmetricKeyType}`);
  }
}

/** The most octets a signature value of this key can have: what room to keep for it before it is made. */
export function longestSignature({ publicKey }: Certificate): number {
  const { modulusLength = 0, namedCurve = '' } = publicKey.asymmetricKeyDetails ?? {};
  if (publicKey.asymmetricKeyType === 'rsa') return Math.ceil(modulusLength / 8);
  if (publicKey.asymmetricKeyType === 'ed25519') return 64;
  const coordinate = { prime256v1: 32, secp384r1: 48 }[namedCurve] ?? 66;
  // Two integers, each with a sign octet and a header of two, in a sequence with a header of at most three.
  return 2 * (coordinate + 3) + 3;
}
