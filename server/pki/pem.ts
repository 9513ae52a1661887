import { PkiError } from './errors.ts';

const BLOCK = /-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\s]*)-----END \1-----/g;

/** Blocks one file may hold; the largest public trust lists have a few hundred. */
const MAX_BLOCKS = 10_000;

/**
 * The DER of every block with one of `labels` (RFC 7468) in a PEM file; a file that is no PEM is taken as one DER.
 * Blocks with other labels (keys, say) are passed over unread.
 * @throws PkiError `pki.malformed_pem` when a PEM file holds no such block
 */
export function readPemOrDer(bytes: Uint8Array, labels: readonly string[]): readonly Uint8Array[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  if (!text.includes('-----BEGIN ')) return [bytes];
  const found: Uint8Array[] = [];
  for (const [, label = '', body = ''] of text.matchAll(BLOCK)) {
    if (labels.includes(label)) found.push(Buffer.from(body, 'base64'));
    if (found.length > MAX_BLOCKS) throw new PkiError('pki.malformed_pem', 'too many blocks');
  }
  if (found.length === 0) throw new PkiError('pki.malformed_pem', `no block ${labels.join(' or ')}`);
  return found;
}

export const certificateLabels = ['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE'] as const;
export const crlLabels = ['X509 CRL', 'CRL'] as const;
