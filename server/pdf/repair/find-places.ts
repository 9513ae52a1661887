import type { ByteSource } from '../byte-source.ts';
import { isDigit, isRegular, isWhitespace } from '../characters.ts';
import { PdfError } from '../errors.ts';
import type { PdfLimits } from '../limits.ts';

/** Where `N G obj` stands. */
export interface ObjectPlace {
  readonly number: number;
  readonly generation: number;
  /** Of the first digit of the number, from the beginning of the file. */
  readonly offset: number;
}

/** What looks like structure, wherever it stands: stream data and comments have some of it, too. */
export interface Places {
  readonly objects: readonly ObjectPlace[];
  /** After each word `trailer`. */
  readonly trailers: readonly number[];
  /** Of the first `/ByteRange`: only signatures have it. */
  readonly byteRange: number | undefined;
}

const WINDOW = 2 ** 20;
/** Longer than any word that is looked for, with the two numbers before `obj`. */
const MARGIN = 64;
const MAX_NUMBER = 2 ** 31;
const MAX_GENERATION = 65_535;

/** Reads the whole file once, in windows. @throws PdfError `pdf.too_complex`. */
export function findPlaces(source: ByteSource, limits: PdfLimits): Places {
  const objects: ObjectPlace[] = [];
  const trailers: number[] = [];
  let byteRange: number | undefined;
  for (let at = 0; at < source.length; at += WINDOW) {
    const from = Math.max(0, at - MARGIN);
    const bytes = asBuffer(source.read(from, Math.min(source.length, at + WINDOW + MARGIN)));
    const core = { start: at - from, end: Math.min(source.length, at + WINDOW) - from };
    for (const hit of hits(bytes, 'obj', core)) {
      if (isRegular(bytes[hit + 'obj'.length])) continue;
      const place = placeBefore(bytes, hit, from);
      if (place) objects.push(place);
    }
    for (const hit of hits(bytes, 'trailer', core)) trailers.push(from + hit + 'trailer'.length);
    const [signed] = byteRange === undefined ? hits(bytes, '/ByteRange', core) : [];
    if (signed !== undefined) byteRange = from + signed;
    if (objects.length > limits.entries || trailers.length > limits.sections) {
      throw new PdfError('pdf.too_complex', 'too many objects to be repaired');
    }
  }
  return { objects, trailers, byteRange };
}

function* hits(bytes: Buffer, word: string, { start, end }: { start: number; end: number }) {
  for (let at = bytes.indexOf(word, start); at >= 0 && at < end; at = bytes.indexOf(word, at + 1)) yield at;
}

/** The object number and the generation that stand before the word `obj`. */
function placeBefore(bytes: Buffer, word: number, base: number): ObjectPlace | undefined {
  const generation = digitsBefore(bytes, spaceBefore(bytes, word));
  if (!generation || generation.start === spaceBefore(bytes, generation.start)) return undefined;
  const number = digitsBefore(bytes, spaceBefore(bytes, generation.start));
  if (!number || number.value === 0 || number.value >= MAX_NUMBER || generation.value > MAX_GENERATION) {
    return undefined;
  }
  // A digit that belongs to a longer token begins no object; writers do glue one to the end of the object before.
  const before = bytes.toString('latin1', Math.max(0, number.start - 'endstream'.length), number.start);
  if (isRegular(bytes[number.start - 1]) && !/end(obj|stream)$/.test(before)) return undefined;
  return { number: number.value, generation: generation.value, offset: base + number.start };
}

function spaceBefore(bytes: Buffer, end: number): number {
  let at = end;
  while (at > 0 && isWhitespace(bytes[at - 1])) at--;
  return at;
}

function digitsBefore(bytes: Buffer, end: number): { start: number; value: number } | undefined {
  let at = end;
  while (at > 0 && end - at <= 10 && isDigit(bytes[at - 1])) at--;
  return at === end || end - at > 10
    ? undefined
    : { start: at, value: Number(bytes.toString('latin1', at, end)) };
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
