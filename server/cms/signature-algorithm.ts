import type { Node } from '../asn1/read.ts';
import { Tag } from '../asn1/tag.ts';
import {
  type HashName,
  type SignatureScheme as PkiScheme,
  readAlgorithmIdentifier,
  signatureScheme,
} from '../pki/algorithm.ts';

/**
 * How a signature in CMS was made: as in certificates, and two things more. Some signers put the key's algorithm
 * where the signature's belongs (RFC 3370 3.2 for RSA), and then the message digest's hash is meant; and German
 * signatures write ECDSA as two plain numbers (BSI TR-03111 5.2.1).
 */
export type CmsScheme =
  | PkiScheme
  | { readonly kind: 'plain-ecdsa'; readonly hash: HashName }
  | { readonly kind: 'rsa-pkcs1' | 'ecdsa' | 'dsa'; readonly hash?: undefined };

export interface SignatureAlgorithm {
  readonly oid: string;
  /** Undefined: nothing we can verify. */
  readonly scheme?: CmsScheme;
}

const PLAIN = '0.4.0.127.0.7.1.1.4.1';
const OTHERS: Readonly<Record<string, CmsScheme>> = {
  '1.2.840.113549.1.1.1': { kind: 'rsa-pkcs1' },
  '1.2.840.10045.2.1': { kind: 'ecdsa' },
  '1.2.840.10040.4.1': { kind: 'dsa' },
  [`${PLAIN}.1`]: { kind: 'plain-ecdsa', hash: 'SHA-1' },
  [`${PLAIN}.2`]: { kind: 'plain-ecdsa', hash: 'SHA-224' },
  [`${PLAIN}.3`]: { kind: 'plain-ecdsa', hash: 'SHA-256' },
  [`${PLAIN}.4`]: { kind: 'plain-ecdsa', hash: 'SHA-384' },
  [`${PLAIN}.5`]: { kind: 'plain-ecdsa', hash: 'SHA-512' },
  [`${PLAIN}.6`]: { kind: 'plain-ecdsa', hash: 'RIPEMD-160' },
  [`${PLAIN}.8`]: { kind: 'plain-ecdsa', hash: 'SHA3-224' },
  [`${PLAIN}.9`]: { kind: 'plain-ecdsa', hash: 'SHA3-256' },
  [`${PLAIN}.10`]: { kind: 'plain-ecdsa', hash: 'SHA3-384' },
  [`${PLAIN}.11`]: { kind: 'plain-ecdsa', hash: 'SHA3-512' },
};
const PSS = '1.2.840.113549.1.1.10';
const PSS_DEFAULTS = Uint8Array.of(Tag.sequence, 0);

/**
 * Reads an AlgorithmIdentifier SEQUENCE. An unknown one gives only its `oid`, so that a report can name it.
 * @throws Asn1Error on a wrong shape.
 */
export function readSignatureAlgorithm(identifier: Node): SignatureAlgorithm {
  const algorithm = readAlgorithmIdentifier(identifier.expect(Tag.sequence));
  const { oid } = algorithm;
  // Absent parameters mean their defaults in a signature (RFC 4055 3.1).
  const scheme = signatureScheme(
    oid === PSS && !algorithm.parameters ? { ...algorithm, parameters: PSS_DEFAULTS } : algorithm,
  );
  const found = scheme ?? OTHERS[oid];
  return found ? { oid, scheme: found } : { oid };
}

/** The digest inside the signature, where the algorithm names it. */
export const hashOf = (scheme: CmsScheme | undefined): HashName | undefined =>
  scheme && scheme.kind !== 'eddsa' ? scheme.hash : undefined;
