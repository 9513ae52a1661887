import { constants, verify } from 'node:crypto';
import { cryptoHash } from '../pki/algorithm.ts';
import type { Certificate } from '../pki/certificate.ts';
import type { SigningAlgorithm } from './choose-algorithm.ts';
import { SigningError } from './errors.ts';

/**
 * Checks a fresh signature value with the certificate's public key, so that a key that does not belong to the
 * certificate, or a faulty device, never makes a document that looks signed.
 * @throws SigningError `signing.self_check_failed`
 */
export async function checkSignatureValue(
  { publicKey }: Certificate,
  { scheme, digestAlgorithm }: SigningAlgorithm,
  signed: Uint8Array,
  value: Uint8Array,
): Promise<void> {
  const hash = scheme === 'eddsa' ? null : (cryptoHash(digestAlgorithm) ?? digestAlgorithm);
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  const key = scheme === 'rsa-pss' ? { key: publicKey, ...pss } : publicKey;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  verify(hash, signed, key, value, (error, fits) => resolve(!error && fits));
  if (!(await promise)) {
    throw new SigningError('signing.self_check_failed', 'the signature does not verify with the certificate');
  }
}
