import { type HashName, type SignatureScheme, signatureScheme } from '../pki/algorithm.ts';
import type { Certificate } from '../pki/certificate.ts';
import data from './algorithm-policy.json' with { type: 'json' };
import type { SignatureFacts } from './signature-facts.ts';

/** One use of algorithms in a signature and whether the dated table allows it. */
export interface AlgorithmUse {
  readonly use: 'content-digest' | 'signature' | 'certificate';
  /** For a reader, for example `RSA-PSS 3072, SHA-256`. */
  readonly algorithm: string;
  readonly allowed: boolean;
}

type Period = (typeof data.periods)[number];

function periodAt(at: Date): Period | undefined {
  const day = at.toISOString().slice(0, 10);
  return data.periods.filter(({ from }) => from <= day).at(-1);
}

/** The algorithms of the signature itself and of the certificates in its path, judged for a date. */
export function algorithmUses(
  facts: Pick<SignatureFacts, 'certificate' | 'contentHash' | 'signer' | 'signerFacts'>,
  path: readonly Certificate[],
  at: Date,
): readonly AlgorithmUse[] {
  const period = periodAt(at);
  const { certificate, contentHash, signer, signerFacts } = facts;
  if (!period || !certificate || !(signerFacts || contentHash)) return [];
  return [
    ...[...new Set([contentHash ?? signerFacts?.digestHash, signerFacts?.digestHash ?? contentHash])].map(
      (hash) => digestUse(hash, period),
    ),
    // A signature without CMS is PKCS #1 over the content (ISO 32000-2 12.8.3.2).
    signerFacts
      ? signatureUse(signer?.signatureAlgorithm.scheme?.kind, signerFacts.signatureHash, certificate, period)
      : signatureUse('rsa-pkcs1', contentHash, certificate, period),
    ...path.map((issued, index) => certificateUse(issued, path[index - 1], period)),
  ];
}

/** TT 15/2025 annex I asks for PSS; real official files use PKCS #1 v1.5, so that is a note and no failure. */
export function isDiscouraged(facts: SignatureFacts): boolean {
  return facts.signer?.signatureAlgorithm.scheme?.kind === 'rsa-pkcs1';
}

function digestUse(hash: HashName | undefined, { hashes }: Period): AlgorithmUse {
  return { use: 'content-digest', algorithm: hash ?? '?', allowed: hashes.includes(hash ?? '') };
}

function signatureUse(
  kind: string | undefined,
  hash: HashName | undefined,
  certificate: Certificate,
  period: Period,
): AlgorithmUse {
  const bits = keyBits(certificate);
  const allowed =
    schemeAllowed(kind, bits, period) && (kind === 'eddsa' || period.hashes.includes(hash ?? ''));
  return { use: 'signature', algorithm: `${label(kind)} ${bits}${hash ? `, ${hash}` : ''}`, allowed };
}

/** How a certificate was signed; its strength is that of its issuer's key, known here when the issuer is in the path. */
function certificateUse(
  certificate: Certificate,
  issuer: Certificate | undefined,
  period: Period,
): AlgorithmUse {
  const scheme = schemeOf(certificate);
  const hash = scheme && scheme.kind !== 'eddsa' ? scheme.hash : undefined;
  const hashAllowed = scheme?.kind === 'eddsa' || period.hashes.includes(hash ?? '');
  const keyAllowed = !issuer || schemeAllowed(scheme?.kind, keyBits(issuer), period);
  return {
    use: 'certificate',
    algorithm: `${label(scheme?.kind)}${hash ? `, ${hash}` : ''}`,
    allowed: hashAllowed && keyAllowed && scheme !== undefined && scheme.kind !== 'dsa',
  };
}

function schemeOf(certificate: Certificate): SignatureScheme | undefined {
  try {
    return signatureScheme(certificate.signatureAlgorithm);
  } catch {
    return undefined;
  }
}

function schemeAllowed(kind: string | undefined, bits: number, { schemes }: Period): boolean {
  const minimum = Object.entries(schemes).find(([name]) => name === kind?.replace('plain-', ''))?.[1];
  return minimum !== undefined && bits >= minimum;
}

const CURVE_BITS: Readonly<Record<string, number>> = {
  prime256v1: 256,
  secp256k1: 256,
  secp384r1: 384,
  secp521r1: 521,
  secp224r1: 224,
  brainpoolP256r1: 256,
  brainpoolP384r1: 384,
  brainpoolP512r1: 512,
};

function keyBits(certificate: Certificate): number {
  try {
    const { asymmetricKeyDetails: details, asymmetricKeyType: type } = certificate.publicKey;
    if (type === 'ed25519') return 256;
    if (type === 'ed448') return 456;
    return details?.modulusLength ?? CURVE_BITS[details?.namedCurve ?? ''] ?? 0;
  } catch {
    return 0;
  }
}

const label = (kind: string | undefined): string =>
  ({
    'rsa-pkcs1': 'RSA PKCS#1 v1.5',
    'rsa-pss': 'RSA-PSS',
    ecdsa: 'ECDSA',
    'plain-ecdsa': 'ECDSA',
    eddsa: 'EdDSA',
    dsa: 'DSA',
  })[kind ?? ''] ?? '?';
