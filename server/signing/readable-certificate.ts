import { type Certificate, parseCertificate } from '../pki/certificate.ts';
import { PkiError } from '../pki/errors.ts';

/** The certificate with a key we know, or nothing: what cannot be read is no reason to refuse the key beside it. */
export function readableCertificate(der: Uint8Array): Certificate[] {
  try {
    const certificate = parseCertificate(der);
    return certificate.publicKey ? [certificate] : [];
  } catch (error) {
    if (error instanceof PkiError) return [];
    throw error;
  }
}
