import { PdfError } from '../errors.ts';

/** RunLengthDecode (ISO 32000-2 7.4.5). At most `limit` bytes come out. */
export function decodeRunLength(bytes: Uint8Array, limit: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let total = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = bytes[at++] ?? 128;
    if (length === 128) break;
    const part =
      length < 128 ? bytes.subarray(at, at + length + 1) : new Uint8Array(257 - length).fill(bytes[at] ?? 0);
    at += length < 128 ? length + 1 : 1;
    if (at > bytes.length) throw new PdfError('pdf.stream_invalid', 'a run without its bytes');
    total += part.length;
    if (total > limit) throw new PdfError('pdf.too_complex', 'a stream decodes to too many bytes');
    parts.push(part);
  }
  return Buffer.concat(parts, total);
}
