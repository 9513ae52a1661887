import { hexValue, isWhitespace } from '../characters.ts';
import { PdfError } from '../errors.ts';

/** ASCIIHexDecode (ISO 32000-2 7.4.2). */
export function decodeAsciiHex(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array((bytes.length + 1) >> 1);
  let count = 0;
  for (const byte of bytes) {
    if (byte === 0x3e) break;
    if (isWhitespace(byte)) continue;
    const value = hexValue(byte);
    if (value < 0) throw new PdfError('pdf.stream_invalid', 'not a hexadecimal digit');
    out[count >> 1] = (count & 1) === 0 ? value << 4 : (out[count >> 1] ?? 0) | value;
    count++;
  }
  return out.subarray(0, (count + 1) >> 1);
}

/** ASCII85Decode (ISO 32000-2 7.4.3). */
export function decodeAscii85(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  let group: number[] = [];
  for (const byte of bytes) {
    if (byte === 0x7e) break;
    if (isWhitespace(byte)) continue;
    if (byte === 0x7a && group.length === 0) out.push(0, 0, 0, 0);
    else if (byte >= 0x21 && byte <= 0x75) {
      group.push(byte - 0x21);
      if (group.length === 5) {
        pushGroup(out, group, 4);
        group = [];
      }
    } else throw new PdfError('pdf.stream_invalid', 'not a character of base 85');
  }
  if (group.length === 1) throw new PdfError('pdf.stream_invalid', 'a last group of one character');
  const count = group.length - 1;
  if (count > 0) {
    while (group.length < 5) group.push(84);
    pushGroup(out, group, count);
  }
  return Uint8Array.from(out);
}

function pushGroup(out: number[], group: readonly number[], count: number): void {
  const value = group.reduce((sum, digit) => sum * 85 + digit, 0);
  if (value > 0xffffffff) throw new PdfError('pdf.stream_invalid', 'a group above 2^32');
  for (let i = 0; i < count; i++) out.push(Math.floor(value / 256 ** (3 - i)) & 0xff);
}
