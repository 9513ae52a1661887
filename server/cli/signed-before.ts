import { parseSignedData } from '../cms/parse-signed-data.ts';
import { CodedError } from '../errors/coded-error.ts';
import { type ByteSource, windows } from '../pdf/byte-source.ts';
import { openPdf } from '../pdf/open-pdf.ts';
import { listSignatures } from '../pdf/signatures/list-signatures.ts';
import { parseCertificate } from '../pki/certificate.ts';
import { openSource } from '../signing/sign-file.ts';

/**
 * Whether a run that was killed had signed a file: its output appears whole or not at all, so it is there, begins with the
 * file (of `size` bytes, when the output has taken its place), and its newest signature is by the certificate.
 */
export function signedBefore(
  { file, out, size }: { readonly file: string; readonly out: string; readonly size: number },
  { fingerprint, password }: { readonly fingerprint: string; readonly password?: string },
): boolean {
  try {
    return withSource(out, (made) => {
      if (made.length <= size || !(file === out || withSource(file, (source) => beginsWith(made, source)))) {
        return false;
      }
      const newest = listSignatures(openPdf(made, password === undefined ? {} : { password })).at(-1);
      if (!newest || (newest.byteRange?.[1] ?? 0) < size) return false;
      const { certificates } = parseSignedData(newest.contents);
      return certificates.some((der) => parseCertificate(der).fingerprint === fingerprint);
    });
  } catch (error) {
    if (error instanceof CodedError) return false;
    throw error;
  }
}

function withSource<T>(path: string, use: (source: ByteSource) => T): T {
  const source = openSource(path);
  try {
    return use(source);
  } finally {
    source.close();
  }
}

function beginsWith(longer: ByteSource, source: ByteSource): boolean {
  let at = 0;
  for (const window of windows(source)) {
    if (Buffer.compare(longer.read(at, at + window.length), window) !== 0) return false;
    at += window.length;
  }
  return true;
}
