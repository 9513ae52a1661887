import { PdfError } from '../errors.ts';

const CLEAR = 256;
const END = 257;

/** LZWDecode (ISO 32000-2 7.4.4); `earlyChange` as in its parameters. At most `limit` bytes come out. */
export function decodeLzw(bytes: Uint8Array, earlyChange: number, limit: number): Uint8Array {
  const prefix = new Uint16Array(4097);
  const suffix = new Uint8Array(4097);
  const lengths = new Uint16Array(4097);
  for (let i = 0; i < 256; i++) {
    suffix[i] = i;
    lengths[i] = 1;
  }
  let out = new Uint8Array(Math.min(limit, Math.max(1024, bytes.length * 4)));
  let size = 0;
  let next = 258;
  let width = 9;
  let previous = -1;
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xffffff;
    bits += 8;
    if (bits < width) continue;
    bits -= width;
    const code = (buffer >> bits) & ((1 << width) - 1);
    if (code === END) break;
    if (code === CLEAR) {
      next = 258;
      width = 9;
      previous = -1;
      continue;
    }
    if (code > next || (code === next && previous < 0) || code === 257) {
      throw new PdfError('pdf.stream_invalid', 'an LZW code that is not in the table');
    }
    const length = code < next ? (lengths[code] ?? 0) : (lengths[previous] ?? 0) + 1;
    if (size + length > limit) throw new PdfError('pdf.too_complex', 'a stream decodes to too many bytes');
    if (size + length > out.length) {
      const larger = new Uint8Array(Math.min(limit, Math.max(out.length * 2, size + length)));
      larger.set(out);
      out = larger;
    }
    let entry = code < next ? code : previous;
    let at = size + length - 1;
    if (code === next) at--;
    for (; at >= size; at--) {
      out[at] = suffix[entry] ?? 0;
      entry = prefix[entry] ?? 0;
    }
    if (code === next) out[size + length - 1] = out[size] ?? 0;
    if (previous >= 0 && next < 4096) {
      prefix[next] = previous;
      suffix[next] = out[size] ?? 0;
      lengths[next] = (lengths[previous] ?? 0) + 1;
      next++;
    }
    size += length;
    previous = code;
    const full = next + earlyChange;
    width = full >= 2048 ? 12 : full >= 1024 ? 11 : full >= 512 ? 10 : 9;
  }
  return out.subarray(0, size);
}
