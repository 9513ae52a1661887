import { isDigit, isRegular, isWhitespace } from './characters.ts';
import { PdfDict, type PdfObject, PdfRef } from './objects.ts';
import { Scanner } from './scanner.ts';

/** From the first byte to after the last, counted from the beginning of the file. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** `N G obj …`: the value and, for a stream, where its data begins. */
export interface IndirectObject {
  readonly number: number;
  readonly generation: number;
  readonly value: PdfObject;
  /** After `endobj`; of a stream, after `stream` and its end of line. */
  readonly end: number;
  readonly dataStart?: number;
}

/** Where the value of each entry of each dictionary stands. */
export type ValueSpans = Map<PdfDict, Map<string, Span>>;

/**
 * Reads objects (ISO 32000-2 7.2 and 7.3) from one window of the file. Strict: whatever the grammar does not have is
 * `pdf.syntax`, whatever ends too early `pdf.truncated`.
 */
export class Parser extends Scanner {
  readonly #maxDepth: number;
  readonly #spans: ValueSpans | undefined;

  /** `base` is the offset of `bytes[0]` in the file; `spans` is filled when given. */
  constructor(bytes: Uint8Array, base: number, maxDepth: number, spans?: ValueSpans) {
    super(bytes, base);
    this.#maxDepth = maxDepth;
    this.#spans = spans;
  }

  /** `N G obj value`, up to `endobj` or to the first byte of stream data. */
  indirectObject(): IndirectObject {
    const number = this.expectUnsigned('an object number');
    const generation = this.expectUnsigned('a generation number');
    this.expectKeyword('obj');
    this.skipSpace();
    // An object without a value is null to every reader.
    const value = this.peek() === 0x65 && this.takeKeyword('endobj') ? EMPTY : this.object();
    if (value === EMPTY) return { number, generation, value: null, end: this.offset };
    this.skipSpace();
    if (value instanceof PdfDict && this.peek() === 0x73 && this.takeKeyword('stream')) {
      const dataStart = this.#dataStart();
      return { number, generation, value, end: dataStart, dataStart };
    }
    this.expectKeyword('endobj');
    return { number, generation, value, end: this.offset };
  }

  /** After `stream`: CR LF or LF, never CR alone (7.3.8.1). */
  #dataStart(): number {
    if (this.peek() === 13) this.pos++;
    if (this.peek() !== 10) this.fail('no line feed after "stream"');
    this.pos++;
    return this.offset;
  }

  object(depth = 0): PdfObject {
    this.skipSpace();
    if (depth > this.#maxDepth) this.fail(`more than ${this.#maxDepth} levels`, 'pdf.too_deep');
    const byte = this.peek();
    switch (byte) {
      case 0x2f:
        return this.name();
      case 0x28:
        return this.literalString();
      case 0x5b:
        return this.#array(depth);
      case 0x3c:
        return this.bytes[this.pos + 1] === 0x3c ? this.dictionary(depth) : this.hexString();
      case 0x74:
        return this.#keyword('true', true);
      case 0x66:
        return this.#keyword('false', false);
      case 0x6e:
        return this.#keyword('null', null);
      default:
        return isDigit(byte) ? this.#numberOrReference() : this.number();
    }
  }

  #keyword<T>(word: string, value: T): T {
    if (!this.takeKeyword(word)) this.fail('an unknown keyword');
    return value;
  }

  #numberOrReference(): number | PdfRef {
    const start = this.pos;
    const first = this.takeUnsigned();
    if (first === undefined || this.peek() === 0x2e) {
      this.pos = start;
      return this.number();
    }
    if (isRegular(this.peek())) this.fail('not a number');
    const afterFirst = this.pos;
    this.skipSpace();
    const second = isDigit(this.peek()) ? this.takeUnsigned() : undefined;
    if (second !== undefined && isWhitespace(this.peek())) {
      this.skipSpace();
      if (this.peek() === 0x52 && this.takeKeyword('R')) return new PdfRef(first, second);
    }
    // At the end of a window the pointer stays there, so that a larger window is tried.
    if (!this.atEnd) this.pos = afterFirst;
    return first;
  }

  #array(depth: number): PdfObject[] {
    this.pos++;
    const items: PdfObject[] = [];
    for (;;) {
      this.skipSpace();
      if (this.peek() === 0x5d) {
        this.pos++;
        return items;
      }
      items.push(this.object(depth + 1));
    }
  }

  /** `<< … >>`; with `spans`, notes where each value stands. */
  dictionary(depth = 0): PdfDict {
    this.skipSpace();
    if (this.peek() !== 0x3c || this.bytes[this.pos + 1] !== 0x3c) this.fail('no dictionary');
    this.pos += 2;
    const entries = new Map<string, PdfObject>();
    const spans = this.#spans && new Map<string, Span>();
    const repeated: string[] = [];
    for (;;) {
      this.skipSpace();
      const byte = this.peek();
      if (byte === 0x3e) break;
      if (byte !== 0x2f) this.fail('a dictionary key that is not a name');
      const key = this.name().value;
      this.skipSpace();
      const start = this.offset;
      const value = this.object(depth + 1);
      if (entries.has(key)) repeated.push(key);
      entries.set(key, value);
      spans?.set(key, { start, end: this.offset });
    }
    if (this.bytes[this.pos + 1] !== 0x3e) {
      this.pos++;
      this.fail('a dictionary that does not end in ">>"');
    }
    this.pos += 2;
    const dict = new PdfDict(entries, repeated);
    if (spans) this.#spans?.set(dict, spans);
    return dict;
  }
}

const EMPTY = Symbol('an object without a value');
