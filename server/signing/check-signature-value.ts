import { verify } from 'node:crypto';
import { cryptoHash } from '../pki/algorithm.ts';
import type { Certificate } from '../pki/certificate.ts';
import type { SigningAlgorithm } from './choose-algorithm.ts';
import { SigningError } from './errors.ts';
import { keyInput } from './key-input.ts';

/**
 * Checks a fresh signature value with the certificate's public key, so that a key that does not belong to the
 * certificate, or a faulty device, never makes a document that looks signed. On this thread: sending the check to
 * another takes longer than the check.
 * @throws SigningError `signing.self_check_failed`
 */
export function checkSignatureValue(
  certificate: Certificate,
  algorithm: SigningAlgorithm,
  signed: Uint8Array,
  value: Uint8Array,
): void {
  if (!fits(certificate, algorithm, signed, value)) {
    throw new SigningError('signing.self_check_failed', 'the signature does not verify with the certificate');
  }
}

function fits(
  { publicKey }: Certificate,
  algorithm: SigningAlgorithm,
  signed: Uint8Array,
  value: Uint8Array,
): boolean {
  const { scheme, digestAlgorithm } = algorithm;
  const hash = scheme === 'eddsa' ? null : (cryptoHash(digestAlgorithm) ?? digestAlgorithm);
  try {
    return verify(hash, signed, keyInput(publicKey, algorithm), value);
  } catch {
    // OpenSSL refuses the combination of key and algorithm.
    return false;
  }
}
