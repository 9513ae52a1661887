import { isWhitespace } from '../characters.ts';
import { PdfError } from '../errors.ts';
import { PdfDict } from '../objects.ts';
import type { Reader } from '../reader.ts';
import { readXrefStream } from './read-stream.ts';
import { readTable } from './read-table.ts';
import { Revision } from './revision.ts';
import { XrefSection } from './section.ts';

/** Readers look for the end mark in the last 1,024 bytes (ISO 32000-1 annex H, note 18). */
const TAIL = 1024;

/**
 * Follows `startxref` and every /Prev (ISO 32000-2 7.5.5, 7.5.6) and gives the revisions, oldest first. Offsets in the
 * file count from `base`, where its header stands.
 */
export function readRevisions(reader: Reader, base: number): Revision[] {
  const chain = readChain(reader, findStartxref(reader) + base, base);
  const revisions: Revision[] = [];
  let start = 0;
  for (let i = chain.length - 1; i >= 0; i--) {
    const section = chain[i];
    if (!section) break;
    const next = chain[i - 1];
    const sections = [section];
    // Annex F: the first-page section comes first in the file and points forward at the main one.
    if (revisions.length === 0 && next && next.start < section.start && isLinearized(reader, base)) {
      sections.unshift(next);
      i--;
    }
    const [newest = section] = sections;
    const ends = sections.map(({ end }) => readEnd(reader, end));
    const end = ends.at(-1) ?? readEnd(reader, section.end);
    if (section.start < start) {
      throw new PdfError('pdf.xref_invalid', `the section at ${section.start} points forward`, {
        details: { offset: section.start },
      });
    }
    if (sections.some(({ hidden }) => hidden && hidden.end > end.offset)) {
      throw new PdfError(
        'pdf.xref_invalid',
        `the section at ${section.start} names a stream behind its revision`,
      );
    }
    revisions.push(
      new Revision({
        index: revisions.length,
        sections,
        start,
        end: end.offset,
        endMark: end.mark,
        tails: ends.flatMap(({ mark, start: from, offset }) => (mark ? [{ start: from, end: offset }] : [])),
        closed: end.startxref !== undefined && leadsTo(reader, end.startxref + base, newest.start),
      }),
    );
    start = end.offset;
  }
  return revisions;
}

/** White space a `startxref` may point at in front of its section; some writers are off by the line end. */
const LEAD = 16;

function leadsTo(reader: Reader, offset: number, start: number): boolean {
  if (offset > start || start - offset > LEAD) return false;
  return offset === start || reader.source.read(offset, start).every(isWhitespace);
}

function findStartxref(reader: Reader): number {
  const { source } = reader;
  const from = Math.max(0, source.length - TAIL);
  const tail = source.read(from, source.length);
  const at = Buffer.from(tail.buffer, tail.byteOffset, tail.byteLength).lastIndexOf('startxref');
  if (at < 0) throw new PdfError('pdf.startxref_missing', `no startxref in the last ${TAIL} bytes`);
  return reader.parseAt(from + at, (parser) => {
    parser.expectKeyword('startxref');
    return parser.expectUnsigned('the offset after startxref');
  });
}

/** The sections, newest first. */
function readChain(reader: Reader, newest: number, base: number): XrefSection[] {
  const seen = new Set<number>();
  const hidden = new Map<number, XrefSection>();
  let entries = 0;
  const spend = (count: number): void => {
    entries += count;
    if (entries > reader.limits.entries)
      throw new PdfError('pdf.too_complex', 'too many cross-reference entries');
  };
  const chain: XrefSection[] = [];
  for (let at: number | undefined = newest; at !== undefined; ) {
    if (seen.has(at)) {
      throw new PdfError('pdf.xref_loop', `the section at ${at} is reached twice`, {
        details: { offset: at },
      });
    }
    if (seen.size >= reader.limits.sections) throw new PdfError('pdf.too_complex', 'too many revisions');
    seen.add(at);
    const section = readSection(reader, at, base, spend, hidden);
    chain.push(section);
    at = offsetIn(section.trailer, 'Prev', base);
  }
  return chain;
}

/** `hidden` keeps what /XRefStm named: writers that copy a trailer name the same stream in every later revision. */
function readSection(
  reader: Reader,
  offset: number,
  base: number,
  spend: (count: number) => void,
  hidden: Map<number, XrefSection>,
): XrefSection {
  const place = reader.parseAt(offset, (parser) => {
    parser.skipWhitespace();
    return { start: parser.offset, isTable: parser.takeKeyword('xref') };
  });
  if (!place.isTable) return readStreamSection(reader, place.start, base, spend);
  const table = readTable(reader, place.start, base, spend);
  const section = { kind: 'table', start: place.start, ...table } as const;
  const hiddenAt = offsetIn(table.trailer, 'XRefStm', base);
  if (hiddenAt === undefined) return noRepeats(new XrefSection(section));
  const known = hidden.get(hiddenAt);
  if (known) spend(known.count);
  const stream = known ?? readStreamSection(reader, hiddenAt, base, spend);
  hidden.set(hiddenAt, stream);
  return noRepeats(new XrefSection({ ...section, hidden: stream }));
}

function readStreamSection(
  reader: Reader,
  start: number,
  base: number,
  spend: (count: number) => void,
): XrefSection {
  const stream = readXrefStream(reader, start, base, spend);
  return noRepeats(new XrefSection({ kind: 'stream', start, ...stream }));
}

/** Which of two /Root or /Prev counts is not the same in all readers. */
function noRepeats(section: XrefSection): XrefSection {
  const [key] = section.trailer.repeatedKeys;
  if (key !== undefined) throw new PdfError('pdf.xref_invalid', `the trailer has /${key.slice(0, 40)} twice`);
  return section;
}

function offsetIn(trailer: PdfDict, key: string, base: number): number | undefined {
  const value = trailer.get(key);
  // Nothing but the header stands at 0: writers that mean "none" write that.
  if (value === undefined || value === 0) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value + base;
  throw new PdfError('pdf.xref_invalid', `/${key} is not an offset`);
}

/** Annex F.3.3: the linearization parameter dictionary is the first object of the file. */
function isLinearized(reader: Reader, base: number): boolean {
  try {
    return reader.parseAt(base, (parser) => {
      const { value } = parser.indirectObject();
      return value instanceof PdfDict && value.has('Linearized');
    });
  } catch (error) {
    if (error instanceof PdfError) return false;
    throw error;
  }
}

interface End {
  /** Of the word `startxref`. */
  readonly start: number;
  readonly offset: number;
  readonly mark: number | undefined;
  readonly startxref: number | undefined;
}

/** What follows a trailer or a cross-reference stream: `startxref`, an offset, `%%EOF` and one end of line. */
function readEnd(reader: Reader, at: number): End {
  const none: End = { start: at, offset: at, mark: undefined, startxref: undefined };
  if (at >= reader.source.length) return none;
  return reader.parseAt(at, (parser) => {
    parser.skipSpace();
    const start = parser.offset;
    if (!parser.takeKeyword('startxref')) return none;
    parser.skipSpace();
    const startxref = parser.takeUnsigned();
    parser.skipWhitespace();
    if (startxref === undefined || !parser.takeKeyword('%%EOF')) return none;
    const mark = parser.offset;
    if (parser.peek() === 13) parser.pos++;
    if (parser.peek() === 10) parser.pos++;
    return { start, offset: parser.offset, mark, startxref };
  });
}
