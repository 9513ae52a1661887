/**
 * Text of a serial number from the content octets of its INTEGER: hex without padding, `-` before a negative one.
 * Works without big integers, since a CRL may hold a million of them.
 */
export function serialText(content: Uint8Array): string {
  let at = 0;
  const negative = ((content[0] ?? 0) & 0x80) !== 0;
  const padding = negative ? 0xff : 0x00;
  while (at < content.length - 1 && content[at] === padding) at++;
  const hex = Buffer.from(content.buffer, content.byteOffset + at, content.length - at).toString('hex');
  return negative ? `-${hex}` : hex;
}
