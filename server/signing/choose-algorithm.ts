import { getHashes } from 'node:crypto';
import type { SigningHash, SigningScheme } from '../cms/build-signed-data.ts';
import { cryptoHash, type HashName, signatureScheme } from '../pki/algorithm.ts';
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
  /** Default: as strong as the key. One that is not a {@link SigningHash} is refused. */
  readonly digestAlgorithm?: HashName;
}

const MIN_RSA_BITS = 2048;
/** A digest as strong as the curve (FIPS 186-5 6.1.1). */
const CURVES: Readonly<Record<string, SigningHash>> = {
  prime256v1: 'SHA-256',
  secp384r1: 'SHA-384',
  secp521r1: 'SHA-512',
};
/** Octets of each digest a new signature may use. */
const DIGEST_SIZES: Readonly<Record<SigningHash, number>> = {
  'SHA-256': 32,
  'SHA-384': 48,
  'SHA-512': 64,
  'SHA3-256': 32,
  'SHA3-384': 48,
  'SHA3-512': 64,
};

/** Those this OpenSSL has. */
const AVAILABLE = (Object.keys(DIGEST_SIZES) as SigningHash[]).filter((digest) =>
  getHashes().includes(cryptoHash(digest) ?? ''),
);

/**
 * The algorithm for a certificate's key.
 * @throws SigningError `signing.key_too_weak` (RSA under 2048 bits), `signing.key_unsupported`,
 *   `signing.algorithm_refused` (SHA-1 or another digest that is not allowed or that OpenSSL lacks, one the key is not for).
 */
export function chooseAlgorithm(certificate: Certificate, wish: AlgorithmWish = {}): SigningAlgorithm {
  const { scheme, digestAlgorithm } = naturalAlgorithm(certificate, wish.rsa);
  const wished = allowed(wish.digestAlgorithm ?? digestAlgorithm);
  // RFC 8419 3.1: Ed25519 goes with SHA-512.
  if (scheme === 'eddsa' && wished !== 'SHA-512') {
    throw new SigningError('signing.algorithm_refused', `Ed25519 with ${wished}`);
  }
  checkRestriction(certificate, wished);
  return { scheme, digestAlgorithm: wished };
}

function naturalAlgorithm(certificate: Certificate, rsa: AlgorithmWish['rsa']): SigningAlgorithm {
  const { publicKey } = certificate;
  const { modulusLength = 0, namedCurve = '' } = publicKey.asymmetricKeyDetails ?? {};
  switch (publicKey.asymmetricKeyType) {
    case 'rsa':
      checkModulus(modulusLength);
      return { scheme: rsa === 'pkcs1' ? 'rsa-pkcs1' : 'rsa-pss', digestAlgorithm: 'SHA-256' };
    case 'rsa-pss':
      checkModulus(modulusLength);
      if (rsa === 'pkcs1') {
        throw new SigningError('signing.algorithm_refused', 'the certificate is for RSASSA-PSS only');
      }
      return { scheme: 'rsa-pss', digestAlgorithm: allowed(pssRestriction(certificate)?.hash ?? 'SHA-256') };
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

function checkModulus(bits: number): void {
  if (bits < MIN_RSA_BITS) throw new SigningError('signing.key_too_weak', `RSA of ${bits} bits`);
}

type PssRestriction = Extract<ReturnType<typeof signatureScheme>, { kind: 'rsa-pss' }>;

/**
 * What the parameters of an id-RSASSA-PSS key bind every signature to (RFC 4055 3.3); none without parameters. They are read
 * here because OpenSSL passes over those with SHA-3.
 */
function pssRestriction({ publicKey, keyAlgorithm }: Certificate): PssRestriction | undefined {
  if (publicKey.asymmetricKeyType !== 'rsa-pss' || !keyAlgorithm.parameters) return undefined;
  const scheme = signatureScheme(keyAlgorithm);
  if (scheme?.kind !== 'rsa-pss') {
    throw new SigningError(
      'signing.algorithm_refused',
      'the certificate is for unknown RSASSA-PSS parameters',
    );
  }
  return scheme;
}

/** We mask with the digest itself and salt with as many octets; a key that asks for something else does not sign here. */
function checkRestriction(certificate: Certificate, digest: SigningHash): void {
  const bound = pssRestriction(certificate);
  if (!bound) return;
  const { hash, mgfHash, saltLength } = bound;
  if (hash === digest && mgfHash === hash && saltLength <= DIGEST_SIZES[digest]) return;
  const only = `the certificate is for RSASSA-PSS with ${hash}, mask ${mgfHash}, salt ${saltLength} only`;
  throw new SigningError('signing.algorithm_refused', only);
}

/** @throws SigningError `signing.algorithm_refused` */
function allowed(digest: HashName): SigningHash {
  const found = AVAILABLE.find((one) => one === digest);
  if (found) return found;
  throw new SigningError('signing.algorithm_refused', `digest ${digest}`);
}

/** The most octets a signature value of this key can have: what room to keep for it before it is made. */
export function longestSignature({ publicKey }: Certificate): number {
  const { modulusLength = 0, namedCurve = '' } = publicKey.asymmetricKeyDetails ?? {};
  if (publicKey.asymmetricKeyType?.startsWith('rsa')) return Math.ceil(modulusLength / 8);
  if (publicKey.asymmetricKeyType === 'ed25519') return 64;
  const coordinate = { prime256v1: 32, secp384r1: 48 }[namedCurve] ?? 66;
  // Two integers, each with a sign octet and a header of two, in a sequence with a header of at most three.
  return 2 * (coordinate + 3) + 3;
}
