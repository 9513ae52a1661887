import { PdfError } from '../errors.ts';
import { isName, PdfDict, PdfRef } from '../objects.ts';
import type { Span } from '../parser.ts';
import type { Reader } from '../reader.ts';
import { findPlaces, type ObjectPlace } from './find-places.ts';
import { type Lengths, readLoosely, StreamEnds } from './read-loosely.ts';
import { isPartOfSignature } from './signs-of-a-signature.ts';

/** An object that stands in the file, readable or not. */
export interface FoundObject extends ObjectPlace {
  readonly end: number;
  readonly data?: Span;
  /** The strict reader reads it where it stands; else it has to be written anew. */
  readonly exact: boolean;
  readonly kind: 'object-stream' | 'xref' | 'other' | 'unreadable';
  /** Of a stream whose length is said elsewhere. */
  readonly lengthRef?: PdfRef;
  /** It stands behind a `%`, where some readers find it and others do not. */
  readonly commented: boolean;
}

export interface FoundTrailer {
  readonly offset: number;
  readonly dict: PdfDict;
}

export interface Survey {
  /** In the order of the file. What stands inside stream data is not among them. */
  readonly objects: readonly FoundObject[];
  /** Dictionaries behind `trailer` and of cross-reference streams, in the order of the file. */
  readonly trailers: readonly FoundTrailer[];
  /** Something in the file is an encryption dictionary (7.6.2). */
  readonly encryption: boolean;
}

/** Objects that cannot be read or are not read exactly: they cost more than others, and no real file has that many. */
const MAX_DAMAGED = 10_000;
/** How far back the beginning of a comment is looked for; a longer line is taken for one. */
const LINE = 2 ** 16;

/**
 * Finds every object of a file without its cross-reference information. The file is read twice at most.
 * @throws PdfError `pdf.damaged_signed_file` when anything in it looks like a part of a signature, `pdf.too_complex`.
 */
export function survey(reader: Reader): Survey {
  const places = findPlaces(reader.source, reader.limits);
  if (places.byteRange !== undefined) throw signed(places.byteRange);
  const lengths = lengthsOf(reader, places.objects);
  const streamEnds = new StreamEnds(reader);
  const objects: FoundObject[] = [];
  const trailers: FoundTrailer[] = [];
  let encryption = false;
  let damaged = 0;
  let end = 0;
  for (const place of places.objects) {
    if (place.offset < end) continue;
    if (objects.at(-1)?.exact === false) damaged += 1;
    if (damaged > MAX_DAMAGED) throw new PdfError('pdf.too_complex', 'too much of the file is damaged');
    const commented = isCommented(reader, place.offset, end, objects.at(-1));
    try {
      const { value, data, exact, ...found } = readLoosely(reader, place.offset, lengths, streamEnds);
      end = found.end;
      if (isPartOfSignature(value)) throw signed(place.offset);
      encryption ||= value instanceof PdfDict && isEncryption(value);
      const stream = data && value instanceof PdfDict ? value : undefined;
      const length = stream?.get('Length');
      const type = stream?.get('Type');
      const kind = isName(type, 'ObjStm') ? 'object-stream' : isName(type, 'XRef') ? 'xref' : 'other';
      if (kind === 'xref' && stream) trailers.push({ offset: place.offset, dict: stream });
      objects.push({
        ...place,
        end,
        exact,
        kind,
        commented,
        ...(data && { data }),
        ...(length instanceof PdfRef && { lengthRef: length }),
      });
    } catch (error) {
      if (!(error instanceof PdfError) || FATAL.has(error.code)) throw error;
      objects.push({ ...place, end: place.offset, exact: false, kind: 'unreadable', commented });
    }
  }
  trailers.push(...readTrailers(reader, places.trailers, objects));
  return { objects, trailers: trailers.sort((a, b) => a.offset - b.offset), encryption };
}

const isEncryption = (dict: PdfDict): boolean =>
  dict.has('Filter') &&
  dict.has('V') &&
  (dict.has('CF') || dict.has('Recipients') || (dict.has('O') && dict.has('U')));

const FATAL = new Set<string>(['pdf.damaged_signed_file', 'pdf.too_complex']);

const signed = (offset: number): PdfError =>
  new PdfError('pdf.damaged_signed_file', `a part of a signature stands at offset ${offset}`, {
    details: { offset },
  });

/** A line that goes on behind an object in a comment is still one. */
function isCommented(
  reader: Reader,
  offset: number,
  end: number,
  previous: FoundObject | undefined,
): boolean {
  const from = Math.max(end, offset - LINE);
  const before = Buffer.from(reader.source.read(from, offset)).toString('latin1');
  const line = before.slice(Math.max(before.lastIndexOf('\r'), before.lastIndexOf('\n')) + 1);
  const goesOn = line.length === before.length && previous?.commented === true;
  return line.includes('%') || line.length === LINE || goesOn;
}

/** The integers that stand under a number, newest first; objects are read for it only when a stream asks. */
function lengthsOf(reader: Reader, places: readonly ObjectPlace[]): Lengths {
  let byNumber: Map<number, ObjectPlace[]> | undefined;
  const known = new Map<number, readonly number[]>();
  return ({ number }) => {
    byNumber ??= Map.groupBy(places, (place) => place.number);
    const candidates = (byNumber.get(number) ?? []).slice(-MAX_LENGTHS).reverse();
    const lengths = known.get(number) ?? candidates.flatMap(({ offset }) => integerAt(reader, offset) ?? []);
    known.set(number, lengths);
    return lengths;
  };
}

/** As many revisions may have written the length of one stream anew. */
const MAX_LENGTHS = 16;

export function integerAt(reader: Reader, offset: number): number | undefined {
  try {
    const { value } = reader.parseAt(offset, (parser) => parser.indirectObject());
    return typeof value === 'number' ? value : undefined;
  } catch (error) {
    if (error instanceof PdfError && error.code !== 'pdf.too_complex') return undefined;
    throw error;
  }
}

function readTrailers(
  reader: Reader,
  offsets: readonly number[],
  objects: readonly FoundObject[],
): FoundTrailer[] {
  let next = 0;
  return offsets.flatMap((offset) => {
    while (objects[next] && (objects[next]?.end ?? 0) <= offset) next++;
    if ((objects[next]?.offset ?? offset) < offset) return [];
    try {
      return [{ offset, dict: reader.parseAt(offset, (parser) => parser.dictionary()) }];
    } catch (error) {
      if (!(error instanceof PdfError) || error.code === 'pdf.too_complex') throw error;
      return [];
    }
  });
}
