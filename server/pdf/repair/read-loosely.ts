import type { ByteSource } from '../byte-source.ts';
import { isDigit, isWhitespace } from '../characters.ts';
import { PdfError } from '../errors.ts';
import { PdfDict, type PdfObject, PdfRef } from '../objects.ts';
import type { Parser, Span } from '../parser.ts';
import type { Reader } from '../reader.ts';
import { checkStreamEnd } from '../stream-data.ts';

/** An object as every repairing reader takes it. Its strings are as they stand, encrypted or not. */
export interface LooseObject {
  readonly value: PdfObject;
  readonly end: number;
  /** Of a stream: where its data really stands. */
  readonly data?: Span;
  /** Whether the strict reader reads the same, provided that a /Length that is a reference leads to the right number. */
  readonly exact: boolean;
}

/** What a /Length that is a reference may lead to: the numbers that stand under it, newest first. */
export type Lengths = (ref: PdfRef) => readonly number[];

/**
 * Reads `N G obj …` at an offset and forgives two things: an `endobj` that is missing before the next object, and a
 * stream whose /Length is wrong, which then ends at the first `endstream` that ends an object.
 * @throws PdfError for anything else.
 */
export function readLoosely(
  reader: Reader,
  offset: number,
  lengths: Lengths,
  streamEnds: StreamEnds,
): LooseObject {
  const head = reader.parseAt(offset, (parser) => {
    parser.expectUnsigned('an object number');
    parser.expectUnsigned('a generation number');
    parser.expectKeyword('obj');
    parser.skipSpace();
    if (parser.takeKeyword('endobj')) return { value: null, end: parser.offset, exact: true };
    const value = parser.object();
    parser.skipSpace();
    if (!(value instanceof PdfDict) || !parser.takeKeyword('stream')) {
      return { value, ...endOfObject(parser) };
    }
    const exact = endOfLine(parser);
    return { value, end: parser.offset, exact, isStream: true };
  });
  const { value, end: start, exact } = head;
  if (!('isStream' in head) || !(value instanceof PdfDict)) return head;
  const length = value.get('Length');
  const stated = length instanceof PdfRef ? lengths(length) : typeof length === 'number' ? [length] : [];
  for (const candidate of stated) {
    const end = strictEnd(reader, start, candidate);
    if (end !== undefined) return { value, end, data: { start, end: start + candidate }, exact };
  }
  return { value, exact: false, ...streamEnds.find(start) };
}

/** After `stream`: a line feed, or a carriage return that should have one behind it. */
function endOfLine(parser: Parser): boolean {
  const hasReturn = parser.peek() === 13;
  if (hasReturn) parser.pos++;
  const isExact = parser.peek() === 10;
  if (isExact) parser.pos++;
  else if (!hasReturn) parser.fail('no end of line after "stream"');
  return isExact;
}

function endOfObject(parser: Parser): { end: number; exact: boolean } {
  if (parser.takeKeyword('endobj')) return { end: parser.offset, exact: true };
  const end = parser.offset;
  if (!beginsSomethingElse(parser)) parser.fail('"endobj" is missing');
  return { end, exact: false };
}

/** At the end of the file an object without `endobj` may have lost more than that. */
function beginsSomethingElse(parser: Parser): boolean {
  if (!isDigit(parser.peek()))
    return ['xref', 'trailer', 'startxref'].some((word) => parser.takeKeyword(word));
  parser.expectUnsigned('an object number');
  parser.expectUnsigned('a generation number');
  parser.skipSpace();
  return parser.takeKeyword('obj');
}

function strictEnd(reader: Reader, start: number, length: number): number | undefined {
  if (!standsBefore(reader.source, start + length)) return undefined;
  try {
    return checkStreamEnd(reader, start, length);
  } catch (error) {
    if (error instanceof PdfError && error.code !== 'pdf.too_complex') return undefined;
    throw error;
  }
}

const END = 'endstream';
/** White space that is looked through for `endstream`. */
const GAP = 64;

/** Whether `endstream` follows: asked first, since most wrong lengths end here and an exception is dear. */
function standsBefore(source: ByteSource, at: number): boolean {
  if (at >= source.length) return false;
  const bytes = source.read(at, Math.min(source.length, at + GAP + END.length));
  const first = bytes.findIndex((byte) => !isWhitespace(byte));
  return first >= 0 && Buffer.from(bytes.subarray(first, first + END.length)).toString('latin1') === END;
}

const WINDOW = 2 ** 16;
/** `endstream` inside the data of one stream, before the one that ends it. */
const MAX_TRIES = 64;

/** Looks for the ends of streams; a file whose streams have none is searched to its end once. */
export class StreamEnds {
  readonly #reader: Reader;
  #noneFrom = Number.POSITIVE_INFINITY;

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  /** The data that begins at `start`, up to the end of line before its `endstream`. @throws PdfError `pdf.stream_length`. */
  find(start: number): { readonly data: Span; readonly end: number } {
    const { source } = this.#reader;
    let at = start;
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      at = this.#next(at);
      if (at < 0) break;
      const end = this.#endOfObject(at + END.length);
      if (end !== undefined) {
        const [last, first] = [...source.read(Math.max(start, at - 2), at)].reverse();
        const lineEnd = last === 10 && first === 13 ? 2 : last === 10 || last === 13 ? 1 : 0;
        return { data: { start, end: at - lineEnd }, end };
      }
      at += END.length;
    }
    throw new PdfError('pdf.stream_length', `the stream at offset ${start} has no end`, {
      details: { offset: start },
    });
  }

  #next(start: number): number {
    const { source } = this.#reader;
    if (start >= this.#noneFrom) return -1;
    for (let at = start; at < source.length; at += WINDOW) {
      const bytes = source.read(at, Math.min(source.length, at + WINDOW + END.length));
      const hit = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(END);
      if (hit >= 0) return at + hit;
    }
    this.#noneFrom = start;
    return -1;
  }

  #endOfObject(at: number): number | undefined {
    if (at >= this.#reader.source.length) return undefined;
    try {
      return this.#reader.parseAt(at, (parser) => {
        parser.skipSpace();
        return endOfObject(parser).end;
      });
    } catch (error) {
      if (error instanceof PdfError && error.code !== 'pdf.too_complex') return undefined;
      throw error;
    }
  }
}
