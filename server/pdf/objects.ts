import { decodeText, encodeText } from './text-string.ts';

/**
 * The objects of ISO 32000-2 7.3. All are immutable: a changed dictionary is a new one, so what was read from a
 * signed file can not be altered by accident.
 */
export type PdfObject =
  | null
  | boolean
  | number
  | PdfName
  | PdfString
  | PdfRef
  | PdfArray
  | PdfDict
  | PdfStream;
export type PdfArray = readonly PdfObject[];

/** A name; `value` holds one character for each byte after the `#xx` escapes are undone. */
export class PdfName {
  readonly value: string;
  private constructor(value: string) {
    this.value = value;
  }

  /** The same value is always the same object, as long as it is short and the table has room. */
  static of(value: string): PdfName {
    const known = names.get(value);
    if (known) return known;
    const fresh = new PdfName(value);
    if (names.size < 10_000 && value.length < 64) names.set(value, fresh);
    return fresh;
  }
}
const names = new Map<string, PdfName>();

/** A string object: bytes, whose meaning depends on where they stand. */
export class PdfString {
  readonly bytes: Uint8Array;
  /** Written as `<hex>` rather than `(literal)`. */
  readonly hex: boolean;
  constructor(bytes: Uint8Array, hex = false) {
    this.bytes = bytes;
    this.hex = hex;
  }

  /**
   * A text string (7.9.2.2). Anything but plain words is UTF-16BE in hexadecimal, which no text search can be fooled by.
   * What is no text is not written: half a surrogate pair becomes U+FFFD, an escape character, which begins a language mark, goes.
   */
  static text(text: string): PdfString {
    return /^[\w .-]*$/.test(text)
      ? new PdfString(Buffer.from(text, 'latin1'))
      : new PdfString(encodeText(text), true);
  }

  /** The bytes read as a text string: UTF-16 or UTF-8 by their mark, otherwise PDFDocEncoding. */
  get text(): string {
    return decodeText(this.bytes);
  }
}

export class PdfRef {
  readonly number: number;
  readonly generation: number;
  constructor(number: number, generation = 0) {
    this.number = number;
    this.generation = generation;
  }

  equals(other: unknown): boolean {
    return other instanceof PdfRef && other.number === this.number && other.generation === this.generation;
  }

  toString(): string {
    return `${this.number} ${this.generation} R`;
  }
}

/** A dictionary. An entry that is null is the same as no entry (7.3.7) and is not kept. */
export class PdfDict {
  readonly #entries: ReadonlyMap<string, PdfObject>;
  /** Keys that stood more than once in the file; the last one counts here, and other readers may see another. */
  readonly repeatedKeys: readonly string[];

  /** A map becomes the dictionary's own. */
  constructor(
    entries: Map<string, PdfObject> | Iterable<readonly [string, PdfObject]> = [],
    repeatedKeys: readonly string[] = [],
  ) {
    const kept = entries instanceof Map ? entries : new Map(entries);
    kept.forEach((value, key) => {
      if (value === null) kept.delete(key);
    });
    this.#entries = kept;
    this.repeatedKeys = repeatedKeys;
  }

  /** From a plain object; `undefined` and null values are left out. */
  static of(entries: Readonly<Record<string, PdfObject | undefined>>): PdfDict {
    return new PdfDict().with(entries);
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The value as it stands, a reference as a reference. */
  get(key: string): PdfObject | undefined {
    return this.#entries.get(key);
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  keys(): Iterable<string> {
    return this.#entries.keys();
  }

  [Symbol.iterator](): Iterator<readonly [string, PdfObject]> {
    return this.#entries.entries();
  }

  /** A copy with these entries changed; null removes, `undefined` leaves as it is. */
  with(entries: Readonly<Record<string, PdfObject | undefined>>): PdfDict {
    const changed = new Map(this.#entries);
    for (const key of Object.keys(entries)) {
      const value = entries[key];
      if (value !== undefined) changed.set(key, value);
    }
    return new PdfDict(changed);
  }

  /** A copy with `change` made to every value; the same dictionary when that changes none. */
  map(change: (value: PdfObject) => PdfObject): PdfDict {
    let changed: Map<string, PdfObject> | undefined;
    this.forEach((value, key) => {
      const other = change(value);
      if (other !== value) changed = (changed ?? new Map(this.#entries)).set(key, other);
    });
    return changed ? new PdfDict(changed) : this;
  }

  /** Faster than iterating, which makes an array of each entry. */
  forEach(visit: (value: PdfObject, key: string) => void): void {
    this.#entries.forEach(visit);
  }
}

/** A stream: its dictionary and its bytes as they stand in the file, that is before its filters are undone. */
export class PdfStream {
  readonly dict: PdfDict;
  readonly #read: () => Uint8Array;

  constructor(dict: PdfDict, bytes: Uint8Array | (() => Uint8Array)) {
    this.dict = dict;
    this.#read = typeof bytes === 'function' ? bytes : () => bytes;
  }

  get bytes(): Uint8Array {
    return this.#read();
  }
}

/** `Array.isArray` that knows of read-only arrays. */
export const isArray = (value: PdfObject | undefined): value is PdfArray => Array.isArray(value);

export const isName = (value: PdfObject | undefined, name: string): boolean =>
  value instanceof PdfName && value.value === name;

/** Equal by value, references by number and generation, streams by dictionary and undecoded bytes. */
export function equalObjects(a: PdfObject, b: PdfObject): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false;
  if (a instanceof PdfName) return b instanceof PdfName && a.value === b.value;
  if (a instanceof PdfString) return b instanceof PdfString && Buffer.compare(a.bytes, b.bytes) === 0;
  if (a instanceof PdfRef) return a.equals(b);
  if (a instanceof PdfDict) return b instanceof PdfDict && equalDicts(a, b);
  if (a instanceof PdfStream) {
    return b instanceof PdfStream && equalDicts(a.dict, b.dict) && Buffer.compare(a.bytes, b.bytes) === 0;
  }
  return Array.isArray(b) && a.length === b.length && a.every((item, i) => equalObjects(item, b[i] ?? null));
}

function equalDicts(a: PdfDict, b: PdfDict): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of a) if (!equalObjects(value, b.get(key) ?? null)) return false;
  return true;
}
