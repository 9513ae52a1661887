import { Tag } from './tag.ts';

/** A DER encoding, ready to be put inside another. All functions here give DER (X.690 10 and 11) and never throw on valid types. */
export type Der = Uint8Array;

/** Any TLV: `tag` is the identifier octet, `parts` are joined as its content. */
export function tlv(tag: number, ...parts: readonly Uint8Array[]): Der {
  let length = 0;
  for (const part of parts) length += part.length;
  const header = lengthOctets(tag, length);
  const out = Buffer.allocUnsafe(header.length + length);
  out.set(header, 0);
  let at = header.length;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function lengthOctets(tag: number, length: number): readonly number[] {
  if (length < 0x80) return [tag, length];
  if (length < 0x100) return [tag, 0x81, length];
  if (length < 0x10000) return [tag, 0x82, length >> 8, length & 0xff];
  if (length < 0x1000000) return [tag, 0x83, length >> 16, (length >> 8) & 0xff, length & 0xff];
  return [tag, 0x84, length >>> 24, (length >> 16) & 0xff, (length >> 8) & 0xff, length & 0xff];
}

export const sequence = (...parts: readonly Uint8Array[]): Der => tlv(Tag.sequence, ...parts);

/** SET OF in DER order (X.690 11.6). */
export const setOf = (parts: readonly Uint8Array[]): Der => tlv(Tag.set, ...sortSetOf(parts));

export const sortSetOf = (parts: readonly Uint8Array[]): Uint8Array[] =>
  parts.toSorted((a, b) => Buffer.compare(a, b));

export const octetString = (bytes: Uint8Array): Der => tlv(Tag.octetString, bytes);
export const bitString = (bytes: Uint8Array, unusedBits = 0): Der =>
  tlv(Tag.bitString, Uint8Array.of(unusedBits), bytes);
export const utf8String = (text: string): Der => tlv(Tag.utf8String, Buffer.from(text, 'utf8'));
export const nullValue = (): Der => Uint8Array.of(Tag.null, 0);
export const boolean = (value: boolean): Der => Uint8Array.of(Tag.boolean, 1, value ? 0xff : 0);

/** INTEGER in the fewest octets (X.690 8.3.2). */
export function integer(value: bigint | number): Der {
  let rest = BigInt(value);
  const octets: number[] = [];
  do {
    octets.unshift(Number(rest & 0xffn));
    rest >>= 8n;
  } while (!((rest === 0n && (octets[0] ?? 0) < 0x80) || (rest === -1n && (octets[0] ?? 0) >= 0x80)));
  return tlv(Tag.integer, Uint8Array.from(octets));
}

/** OBJECT IDENTIFIER from dotted decimal. */
export function oid(dotted: string): Der {
  const [root = 0n, second = 0n, ...rest] = dotted.split('.').map(BigInt);
  return tlv(Tag.oid, Uint8Array.from([root * 40n + second, ...rest].flatMap(base128)));
}

function base128(arc: bigint): number[] {
  const octets = [Number(arc & 0x7fn)];
  for (let rest = arc >> 7n; rest > 0n; rest >>= 7n) octets.unshift(Number(rest & 0x7fn) | 0x80);
  return octets;
}

/** Time as RFC 5280 4.1.2.5 wants it: UTCTime through 2049, GeneralizedTime from 2050; whole seconds, UTC. */
export function time(date: Date): Der {
  const digits = date.toISOString().replace(/[-:T]|\.\d+/g, '');
  const year = date.getUTCFullYear();
  return year >= 1950 && year < 2050
    ? tlv(Tag.utcTime, Buffer.from(digits.slice(2), 'latin1'))
    : tlv(Tag.generalizedTime, Buffer.from(digits, 'latin1'));
}
