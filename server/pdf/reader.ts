import type { ByteSource } from './byte-source.ts';
import { PdfError } from './errors.ts';
import type { PdfLimits } from './limits.ts';
import { Parser, type ValueSpans } from './parser.ts';

/** Objects are tried in a window of this size first; few are longer. */
const FIRST_WINDOW = 4096;
/** What it takes to begin decrypting a string, however short, as bytes of a long one. */
const DECRYPTION_COST = 512;
/** Nothing the parser looks ahead for is longer than this. */
const LOOK_AHEAD = 64;

/**
 * Gives a parser any place of the file, and counts what is read, so that a file made to be read over and over ends in
 * `pdf.too_complex`.
 */
export class Reader {
  readonly source: ByteSource;
  readonly limits: PdfLimits;
  #parsedBytes = 0;
  #decodedBytes = 0;
  #decryptedBytes = 0;

  constructor(source: ByteSource, limits: PdfLimits) {
    this.source = source;
    this.limits = limits;
  }

  /**
   * Runs `read` on a parser that stands at `offset`. When the window ends before the thing does, a larger one is
   * tried, so `read` has no effects but its result and `spans`, which is emptied before each try.
   */
  parseAt<T>(offset: number, read: (parser: Parser) => T, spans?: ValueSpans): T {
    const { source, limits } = this;
    if (offset < 0 || offset >= source.length) {
      throw new PdfError('pdf.truncated', `nothing stands at offset ${offset}`, { details: { offset } });
    }
    // In memory the file itself is the window: nothing is cut out of it.
    const whole = source.length - offset <= limits.objectBytes ? source.bytes : undefined;
    for (let size = source.bytes ? limits.objectBytes : FIRST_WINDOW; ; size *= 8) {
      const end = Math.min(source.length, offset + size);
      spans?.clear();
      const parser = whole
        ? new Parser(whole, 0, limits.depth, spans)
        : new Parser(source.read(offset, end), offset, limits.depth, spans);
      parser.moveTo(offset);
      const complete = end === source.length;
      try {
        const value = read(parser);
        if (complete || parser.offset + LOOK_AHEAD < end) return value;
      } catch (error) {
        if (complete || parser.offset + LOOK_AHEAD < end) throw error;
      } finally {
        this.countParsed(parser.offset - offset);
      }
      if (size >= limits.objectBytes)
        throw new PdfError('pdf.too_complex', `too long an object at ${offset}`);
    }
  }

  /** Counts syntax that was read: a file is read a few times over, not a thousand times. */
  countParsed(bytes: number): void {
    this.#parsedBytes += bytes;
    if (this.#parsedBytes > this.limits.parsedBytes + this.limits.parsedTimes * this.source.length) {
      throw new PdfError('pdf.too_complex', 'the objects of the file overlap too often');
    }
  }

  /** Counts what the streams that hold structure decode to. */
  countDecoded(bytes: Uint8Array): Uint8Array {
    this.#decodedBytes += bytes.length;
    if (this.#decodedBytes > this.limits.totalDecodedBytes) {
      throw new PdfError('pdf.too_complex', 'the streams of the file decode to too many bytes');
    }
    return bytes;
  }

  /** Counts what is decrypted: one string or the data of one stream. */
  countDecrypted(bytes: number): void {
    const { decryptedBytes, decryptedTimes } = this.limits;
    this.#decryptedBytes += bytes + DECRYPTION_COST;
    if (this.#decryptedBytes > decryptedBytes + decryptedTimes * this.source.length) {
      throw new PdfError('pdf.too_complex', 'too much of the file is to be decrypted');
    }
  }
}
