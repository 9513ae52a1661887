import { Asn1Error } from './errors.ts';
import { Tag } from './tag.ts';

/** How deep constructed values may nest before the reader gives up; certificates in the wild stay under 20. */
const MAX_DEPTH = 64;

export interface ReadOptions {
  /**
   * Accept BER where it occurs in real CMS (X.690 8): indefinite lengths and lengths longer than needed.
   * Certificates and CRLs are always read as DER.
   */
  readonly ber?: boolean;
}

/**
 * One TLV, immutable; `content` and `bytes` are views into the input, never copies, so that what is hashed
 * is what was read.
 */
export class Node {
  readonly tag: number;
  /** The whole encoding: identifier, length and content octets. */
  readonly bytes: Uint8Array;
  /** The content octets (for an indefinite length: without the end-of-contents octets). */
  readonly content: Uint8Array;
  readonly #options: ReadOptions;
  readonly #depth: number;
  #children: readonly Node[] | undefined;

  constructor(tag: number, bytes: Uint8Array, content: Uint8Array, options: ReadOptions, depth: number) {
    this.tag = tag;
    this.bytes = bytes;
    this.content = content;
    this.#options = options;
    this.#depth = depth;
  }

  get constructed(): boolean {
    return (this.tag & 0x20) !== 0;
  }

  /**
   * The values inside a constructed one.
   * @throws Asn1Error `asn1.unexpected` on a primitive value, `asn1.not_der`, `asn1.truncated`, `asn1.too_deep`.
   */
  get children(): readonly Node[] {
    if (this.#children === undefined) {
      if (!this.constructed) throw new Asn1Error('asn1.unexpected', `tag ${hex(this.tag)} has no parts`);
      const children: Node[] = [];
      let at = 0;
      while (at < this.content.length) {
        const child = readAt(this.content, at, this.#options, this.#depth + 1);
        children.push(child);
        at += child.bytes.length;
      }
      this.#children = children;
    }
    return this.#children;
  }

  /** @throws Asn1Error `asn1.unexpected` unless this value has the tag. */
  expect(tag: number): this {
    if (this.tag !== tag) {
      throw new Asn1Error('asn1.unexpected', `expected tag ${hex(tag)}, found ${hex(this.tag)}`);
    }
    return this;
  }

  /** The child at `index`. @throws Asn1Error `asn1.unexpected` when there is none. */
  at(index: number): Node {
    const child = this.children[index];
    if (!child) throw new Asn1Error('asn1.unexpected', `there is no element ${index}`);
    return child;
  }
}

/**
 * Reads exactly one value that fills `bytes`.
 * @throws Asn1Error `asn1.trailing_bytes` when anything follows it.
 */
export function readDer(bytes: Uint8Array, options: ReadOptions = {}): Node {
  const node = readAt(bytes, 0, options, 0);
  if (node.bytes.length !== bytes.length) {
    throw new Asn1Error('asn1.trailing_bytes', `${bytes.length - node.bytes.length} bytes follow the value`);
  }
  return node;
}

/** Reads one value at the start of `bytes`; what follows (a zero-padded /Contents, say) is the caller's business. */
export function readDerPrefix(bytes: Uint8Array, options: ReadOptions = {}): Node {
  return readAt(bytes, 0, options, 0);
}

function readAt(bytes: Uint8Array, start: number, options: ReadOptions, depth: number): Node {
  if (depth > MAX_DEPTH) throw new Asn1Error('asn1.too_deep', `more than ${MAX_DEPTH} levels`);
  const tag = byteAt(bytes, start);
  // X.690 8.1.2.4: no type used by RFC 5280 or RFC 5652 has a tag number above 30.
  if ((tag & 0x1f) === 0x1f) throw new Asn1Error('asn1.unexpected', 'high tag numbers are not used here');
  const first = byteAt(bytes, start + 1);
  if (first === 0x80) return readIndefinite(bytes, start, tag, options, depth);
  let length = first;
  let contentAt = start + 2;
  if (first > 0x80) {
    const count = first & 0x7f;
    if (count > 4) throw new Asn1Error('asn1.not_der', 'a length of more than four octets');
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + byteAt(bytes, contentAt + i);
    const minimal = length >= 0x80 && byteAt(bytes, contentAt) !== 0;
    if (!minimal && !options.ber) throw new Asn1Error('asn1.not_der', 'a length longer than needed');
    contentAt += count;
  }
  const end = contentAt + length;
  if (end > bytes.length) throw new Asn1Error('asn1.truncated', `${end - bytes.length} bytes are missing`);
  return new Node(tag, bytes.subarray(start, end), bytes.subarray(contentAt, end), options, depth);
}

function readIndefinite(
  bytes: Uint8Array,
  start: number,
  tag: number,
  options: ReadOptions,
  depth: number,
): Node {
  if (!options.ber || (tag & 0x20) === 0) throw new Asn1Error('asn1.not_der', 'an indefinite length');
  let at = start + 2;
  while (byteAt(bytes, at) !== 0 || byteAt(bytes, at + 1) !== 0) {
    at += readAt(bytes, at, options, depth + 1).bytes.length;
  }
  return new Node(tag, bytes.subarray(start, at + 2), bytes.subarray(start + 2, at), options, depth);
}

function byteAt(bytes: Uint8Array, index: number): number {
  const value = bytes[index];
  if (value === undefined) throw new Asn1Error('asn1.truncated', `nothing at offset ${index}`);
  return value;
}

/** Octets of an object identifier; those in use have fewer than 30, and each arc is arithmetic on all of its octets. */
const MAX_OID = 128;

/** OBJECT IDENTIFIER as dotted decimal (X.690 8.19). */
export function readOid(node: Node): string {
  const { content } = node.expect(Tag.oid);
  if (content.length > MAX_OID)
    throw new Asn1Error('asn1.unexpected', 'an object identifier without measure');
  const last = content[content.length - 1];
  if (last === undefined || (last & 0x80) !== 0) {
    throw new Asn1Error('asn1.not_der', 'an object identifier that does not end');
  }
  const arcs: bigint[] = [];
  let value = 0n;
  let fresh = true;
  for (const byte of content) {
    if (fresh && byte === 0x80) throw new Asn1Error('asn1.not_der', 'a padded object identifier');
    value = (value << 7n) | BigInt(byte & 0x7f);
    fresh = (byte & 0x80) === 0;
    if (fresh) {
      arcs.push(value);
      value = 0n;
    }
  }
  const head = arcs.shift() ?? 0n;
  const root = head < 40n ? 0n : head < 80n ? 1n : 2n;
  return [root, head - root * 40n, ...arcs].join('.');
}

/** INTEGER or ENUMERATED of any size, two's complement. */
export function readInteger(node: Node): bigint {
  if (node.tag !== Tag.enumerated) node.expect(Tag.integer);
  const content = integerOctets(node);
  const value = BigInt(`0x${Buffer.from(content).toString('hex')}`);
  return (content[0] ?? 0) & 0x80 ? value - (1n << BigInt(content.length * 8)) : value;
}

/** The content octets of an INTEGER, which are the fewest possible in BER too (X.690 8.3.2). */
export function integerOctets({ content }: Node): Uint8Array {
  const [first, second = 0] = content;
  if (first === undefined) throw new Asn1Error('asn1.not_der', 'an integer without octets');
  const padded = content.length > 1 && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
  if (padded) throw new Asn1Error('asn1.not_der', 'an integer of more octets than needed');
  return content;
}

/** BOOLEAN; DER knows 0x00 and 0xff only, BER any other value as true. */
export function readBoolean(node: Node): boolean {
  const { content } = node.expect(Tag.boolean);
  if (content.length !== 1) throw new Asn1Error('asn1.not_der', 'a boolean is one octet');
  return content[0] !== 0;
}

/** BIT STRING as its octets and the number of unused bits of the last one. */
export function readBitString(node: Node): { readonly bytes: Uint8Array; readonly unusedBits: number } {
  const { content } = node.expect(Tag.bitString);
  const unusedBits = content[0];
  if (unusedBits === undefined || unusedBits > 7 || (content.length === 1 && unusedBits > 0)) {
    throw new Asn1Error('asn1.not_der', 'a bit string with wrong unused bits');
  }
  return { bytes: content.subarray(1), unusedBits };
}

/** OCTET STRING; a constructed one (BER only) is joined from its segments (X.690 8.7.3). */
export function readOctetString(node: Node): Uint8Array {
  if (node.tag === (Tag.octetString | 0x20)) return Buffer.concat(node.children.map(readOctetString));
  return node.expect(Tag.octetString).content;
}

/** Any of the string types of RFC 5280 DirectoryString and IA5String, as text in NFC. */
export function readString(node: Node): string {
  return decodeString(node).normalize('NFC');
}

function decodeString(node: Node): string {
  const { content } = node;
  switch (node.tag) {
    case Tag.utf8String:
      return new TextDecoder('utf-8').decode(content);
    case Tag.bmpString:
      return new TextDecoder('utf-16be').decode(content);
    case Tag.universalString:
      return decodeUtf32(content);
    case Tag.printableString:
    case Tag.numericString:
    case Tag.ia5String:
    case Tag.visibleString:
    case Tag.teletexString:
      return Buffer.from(content).toString('latin1');
    default:
      throw new Asn1Error('asn1.unexpected', `tag ${hex(node.tag)} is not a string`);
  }
}

function decodeUtf32(content: Uint8Array): string {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  let text = '';
  for (let i = 0; i + 4 <= content.length; i += 4) {
    const point = view.getUint32(i);
    text += point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd';
  }
  return text;
}

/**
 * UTCTime or GeneralizedTime (RFC 5280 4.1.2.5) as an instant. Seconds may be missing and fractions present, since both
 * occur in real CMS; anything else that is not a date is refused.
 */
export function readTime(node: Node): Date {
  const text = Buffer.from(node.content).toString('latin1');
  const pattern =
    node.tag === Tag.utcTime
      ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?()(Z|[+-]\d{4})$/
      : node.tag === Tag.generalizedTime
        ? /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(?:[.,](\d+))?(Z|[+-]\d{4})$/
        : undefined;
  const match = pattern?.exec(text);
  if (!match) throw new Asn1Error('asn1.unexpected', 'not a time of RFC 5280');
  const [, y = '', mo, d, h, mi, s = '00', fraction = '', zone = 'Z'] = match;
  const year = y.length === 4 ? y : `${Number(y) >= 50 ? 19 : 20}${y}`;
  const offset = zone === 'Z' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(3)}`;
  const date = new Date(`${year}-${mo}-${d}T${h}:${mi}:${s}.${`${fraction}000`.slice(0, 3)}${offset}`);
  if (Number.isNaN(date.getTime())) throw new Asn1Error('asn1.unexpected', 'not a calendar date');
  return date;
}

const hex = (tag: number): string => `0x${tag.toString(16).padStart(2, '0')}`;
