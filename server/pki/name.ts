import { Asn1Error } from '../asn1/errors.ts';
import { type Node, readOid, readString } from '../asn1/read.ts';
import { Tag } from '../asn1/tag.ts';
import { attributeLabels } from './oids.ts';

export interface Attribute {
  /** Dotted decimal. */
  readonly type: string;
  /** Text in NFC; for a value that is no string, `#` and the hex of its DER (RFC 4514 2.4). */
  readonly value: string;
}

/** Names longer than this are refused: a hostile certificate must not make comparison expensive. */
const MAX_PARTS = 128;

/**
 * A distinguished name (X.501): ordered RDNs, each a set of attributes, repeated attributes kept (two OU are usual
 * in Vietnamese official certificates). Never split a printed name on commas: ask {@link Name.get}.
 */
export class Name {
  readonly der: Uint8Array;
  readonly rdns: readonly (readonly Attribute[])[];
  #key: string | undefined;

  constructor(der: Uint8Array, rdns: readonly (readonly Attribute[])[]) {
    this.der = der;
    this.rdns = rdns;
  }

  /** All values of an attribute type, in the order of the encoding. */
  get(type: string): readonly string[] {
    return this.rdns.flat().flatMap((attribute) => (attribute.type === type ? [attribute.value] : []));
  }

  /** The last value of an attribute type, which is the most specific one. */
  last(type: string): string | undefined {
    return this.get(type).at(-1);
  }

  get isEmpty(): boolean {
    return this.rdns.length === 0;
  }

  /** Equal keys are equal names (RFC 5280 7.1); usable in maps. */
  get key(): string {
    this.#key ??= rdnKeys(this).join('\u0001');
    return this.#key;
  }

  /** RFC 5280 7.1: same RDNs in the same order; case, kind of string and insignificant spaces do not matter. */
  equals(other: Name): boolean {
    return this.key === other.key;
  }

  /** RFC 5280 7.1, last paragraph: this name lies within the subtree of `base` (which is a prefix of it). */
  isWithin(base: Name): boolean {
    const keys = rdnKeys(this);
    return rdnKeys(base).every((key, index) => keys[index] === key);
  }

  /** RFC 4514: most specific RDN first, special characters escaped. */
  toString(): string {
    return this.rdns
      .toReversed()
      .map((rdn) => rdn.map(printAttribute).join('+'))
      .join(',');
  }
}

/** Reads a Name or, given a context-tagged node of it, its content. @throws Asn1Error */
export function readName(node: Node): Name {
  bound(node);
  return new Name(node.bytes, node.children.map(readRdn));
}

/** Reads one RelativeDistinguishedName, whatever its (possibly implicit) tag. @throws Asn1Error */
export function readRdn(node: Node): readonly Attribute[] {
  bound(node);
  return node.children.map((attribute) => {
    attribute.expect(Tag.sequence);
    return { type: readOid(attribute.at(0)), value: readValue(attribute.at(1)) };
  });
}

function bound(node: Node): void {
  if (node.children.length > MAX_PARTS) throw new Asn1Error('asn1.unexpected', 'a name of too many parts');
}

const STRING_TAGS: ReadonlySet<number> = new Set([
  Tag.utf8String,
  Tag.printableString,
  Tag.teletexString,
  Tag.numericString,
  Tag.ia5String,
  Tag.visibleString,
  Tag.bmpString,
  Tag.universalString,
]);

function readValue(node: Node): string {
  return STRING_TAGS.has(node.tag) ? readString(node) : `#${Buffer.from(node.bytes).toString('hex')}`;
}

function rdnKeys(name: Name): string[] {
  return name.rdns.map((rdn) =>
    rdn
      .map((attribute) => `${attribute.type}=${prepare(attribute.value)}`)
      .sort()
      .join('\u0002'),
  );
}

/** Characters that RFC 4518 2.2 maps to nothing. */
const MAPPED_TO_NOTHING =
  /\u034f|[\ufe00-\ufe0f]|[\u180b-\u180d]|[\u00ad\u1806\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufffc]/gu;

/** The string preparation of RFC 4518: map, fold case, normalise (NFKC), make spaces insignificant (2.6.1). */
function prepare(value: string): string {
  return value
    .replace(MAPPED_TO_NOTHING, '')
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFKC')
    .replace(/\s+/gu, ' ')
    .trim();
}

function printAttribute({ type, value }: Attribute): string {
  const keyword = attributeLabels[type]?.keyword ?? type;
  if (value.startsWith('#')) return `${keyword}=${value}`;
  return `${keyword}=${value.replace(/^[ #]|[,+"\\<>;]|\0| $/gu, (c) => (c === '\0' ? '\\00' : `\\${c}`))}`;
}
