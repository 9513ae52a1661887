import { hexValue, isDigit, isRegular, isWhitespace } from './characters.ts';
import { PdfError, type PdfErrorCode } from './errors.ts';
import { PdfName, PdfString } from './objects.ts';

/**
 * The tokens of one window of the file (ISO 32000-2 7.2). Strict: whatever the grammar does not have is `pdf.syntax`,
 * whatever ends too early `pdf.truncated`.
 */
export class Scanner {
  /** Index in `bytes` of the next byte. */
  pos = 0;
  protected readonly bytes: Uint8Array;
  readonly #base: number;

  /** `base` is the offset of `bytes[0]` in the file. */
  constructor(bytes: Uint8Array, base: number) {
    this.bytes = bytes;
    this.#base = base;
  }

  /** Offset in the file of the next byte. */
  get offset(): number {
    return this.#base + this.pos;
  }

  /** Goes to an offset in the file. */
  moveTo(offset: number): void {
    this.pos = offset - this.#base;
  }

  get atEnd(): boolean {
    return this.pos >= this.bytes.length;
  }

  fail(message: string, code: PdfErrorCode = this.atEnd ? 'pdf.truncated' : 'pdf.syntax'): never {
    throw new PdfError(code, `${message} at offset ${this.offset}`, { details: { offset: this.offset } });
  }

  peek(): number | undefined {
    return this.bytes[this.pos];
  }

  /** White space and comments (7.2.4). */
  skipSpace(): void {
    const bytes = this.bytes;
    for (;;) {
      const byte = bytes[this.pos];
      if (isWhitespace(byte)) this.pos++;
      else if (byte === 0x25) this.#skipLine();
      else return;
    }
  }

  /** White space only: `%%EOF` is a comment to the grammar, and a comment is no part of stream data. */
  skipWhitespace(): void {
    while (isWhitespace(this.bytes[this.pos])) this.pos++;
  }

  #skipLine(): void {
    const bytes = this.bytes;
    while (this.pos < bytes.length && bytes[this.pos] !== 10 && bytes[this.pos] !== 13) this.pos++;
  }

  /** Takes `word` if it stands here as a whole token. */
  takeKeyword(word: string): boolean {
    for (let i = 0; i < word.length; i++) {
      if (this.bytes[this.pos + i] !== word.charCodeAt(i)) {
        if (this.pos + i >= this.bytes.length) this.pos = this.bytes.length;
        return false;
      }
    }
    if (isRegular(this.bytes[this.pos + word.length])) return false;
    this.pos += word.length;
    return true;
  }

  expectKeyword(word: string): void {
    this.skipSpace();
    const start = this.pos;
    if (this.takeKeyword(word)) return;
    if (this.atEnd) this.fail(`"${word}" is missing`, 'pdf.truncated');
    this.pos = start;
    this.fail(`"${word}" is missing`);
  }

  /** A non-negative integer without sign; undefined (and nothing taken) when none stands here. */
  takeUnsigned(): number | undefined {
    const bytes = this.bytes;
    let at = this.pos;
    let value = 0;
    for (let byte = bytes[at]; isDigit(byte); byte = bytes[++at]) value = value * 10 + ((byte ?? 0) - 0x30);
    if (at === this.pos || at - this.pos > 15) return undefined;
    this.pos = at;
    return value;
  }

  expectUnsigned(what: string): number {
    this.skipSpace();
    return this.takeUnsigned() ?? this.fail(`${what} is missing`);
  }

  number(): number {
    const bytes = this.bytes;
    const start = this.pos;
    let at = start;
    if (bytes[at] === 0x2b || bytes[at] === 0x2d) at++;
    let digits = 0;
    while (isDigit(bytes[at])) {
      at++;
      digits++;
    }
    if (bytes[at] === 0x2e) {
      at++;
      while (isDigit(bytes[at])) {
        at++;
        digits++;
      }
    }
    this.pos = at;
    if (digits === 0 || isRegular(bytes[at])) this.fail('not an object');
    return Number(latin1(bytes, start, at));
  }

  name(): PdfName {
    const bytes = this.bytes;
    const start = ++this.pos;
    let escaped = false;
    let at = start;
    for (let byte = bytes[at]; isRegular(byte); byte = bytes[++at]) if (byte === 0x23) escaped = true;
    this.pos = at;
    const text = latin1(bytes, start, at);
    if (!escaped) return PdfName.of(text);
    return PdfName.of(
      text.replace(/#([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    );
  }

  hexString(): PdfString {
    const bytes = this.bytes;
    const start = this.pos + 1;
    const end = bytes.indexOf(0x3e, start);
    if (end < 0) {
      this.pos = bytes.length;
      this.fail('a hexadecimal string without end');
    }
    this.pos = end + 1;
    const plain = Buffer.from(latin1(bytes, start, end), 'hex');
    if (plain.length * 2 === end - start) return new PdfString(plain, true);
    const digits: number[] = [];
    for (let at = start; at < end; at++) {
      const value = hexValue(bytes[at]);
      if (value >= 0) digits.push(value);
      else if (!isWhitespace(bytes[at])) {
        this.pos = at;
        this.fail('not a hexadecimal digit');
      }
    }
    // 7.3.4.3: a missing last digit is 0.
    const out = new Uint8Array((digits.length + 1) >> 1);
    for (let i = 0; i < out.length; i++) out[i] = ((digits[2 * i] ?? 0) << 4) | (digits[2 * i + 1] ?? 0);
    return new PdfString(out, true);
  }

  literalString(): PdfString {
    const bytes = this.bytes;
    const start = ++this.pos;
    const out: number[] = [];
    let open = 1;
    for (;;) {
      const byte = bytes[this.pos];
      if (byte === undefined) this.fail('a string without end');
      this.pos++;
      if (byte === 0x28) open++;
      else if (byte === 0x29 && --open === 0) break;
      else if (byte === 0x5c) {
        this.#escape(out);
        continue;
      } else if (byte === 13) {
        // 7.3.4.2: every end of line inside a string is read as a line feed.
        if (bytes[this.pos] === 10) this.pos++;
        out.push(10);
        continue;
      }
      out.push(byte);
    }
    return new PdfString(
      out.length === this.pos - 1 - start ? bytes.slice(start, this.pos - 1) : Uint8Array.from(out),
    );
  }

  #escape(out: number[]): void {
    const bytes = this.bytes;
    const byte = bytes[this.pos];
    if (byte === undefined) this.fail('a string without end');
    this.pos++;
    const plain = ESCAPES.get(byte);
    if (plain !== undefined) out.push(plain);
    else if (byte >= 0x30 && byte <= 0x37) {
      let value = byte - 0x30;
      for (let i = 0; i < 2; i++) {
        const next = bytes[this.pos] ?? 0;
        if (next < 0x30 || next > 0x37) break;
        value = value * 8 + (next - 0x30);
        this.pos++;
      }
      out.push(value & 0xff);
    } else if (byte === 13) {
      if (bytes[this.pos] === 10) this.pos++;
    } else if (byte !== 10) out.push(byte);
  }
}

/** 7.3.4.2, table 3. */
const ESCAPES = new Map(
  [...'nrtbf'].map((letter, i) => [letter.charCodeAt(0), [10, 13, 9, 8, 12][i] ?? 0] as const),
);

/** Names and numbers are short: for them a loop is faster than a call into the runtime. */
function latin1(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > 32)
    return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
  let text = '';
  for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i] ?? 0);
  return text;
}
