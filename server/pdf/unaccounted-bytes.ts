import type { PdfDocument } from './document.ts';
import { PdfError } from './errors.ts';
import { Parser, type Span } from './parser.ts';

export interface UnaccountedBytes extends Span {
  /** Comments are harmless to every reader, other bytes are what a repairing reader may pick up. */
  readonly kind: 'comment' | 'bytes';
}

/** A stretch of the file that is looked at for white space; a longer one is not white space. */
const WINDOW = 2 ** 20;

/**
 * The bytes from `from` on that are neither an object some cross-reference section of some revision names, nor a
 * section, nor its end mark, nor the header, nor white space. What follows a signature must have none: they are not
 * part of the document, and yet a reader that repairs may show them.
 */
export function unaccountedBytes(doc: PdfDocument, from = 0): UnaccountedBytes[] {
  const spans = [headerSpan(doc), ...structureSpans(doc), ...objectSpans(doc, from)];
  spans.sort((a, b) => a.start - b.start);
  const found: UnaccountedBytes[] = [];
  let at = from;
  for (const span of [...spans, { start: doc.source.length, end: doc.source.length }]) {
    if (span.start > at) found.push(...inspectGap(doc, at, span.start));
    at = Math.max(at, span.end);
  }
  return found;
}

/** The header and the comment behind it that says "binary" (7.5.2). */
function headerSpan(doc: PdfDocument): Span {
  const start = doc.headerOffset;
  const parser = new Parser(doc.source.read(start, Math.min(doc.source.length, start + 1024)), start, 0);
  parser.skipSpace();
  return { start, end: parser.offset };
}

function* structureSpans(doc: PdfDocument): Generator<Span> {
  for (const { sections, tails } of doc.revisions) {
    yield* tails;
    for (const section of sections) {
      yield section;
      if (section.hidden) yield section.hidden;
    }
  }
}

function* objectSpans(doc: PdfDocument, from: number): Generator<Span> {
  const seen = new Set<number>();
  for (const { index, sections } of doc.revisions) {
    const view = doc.at(index);
    for (const section of sections) {
      for (const number of section.numbers()) {
        const entry = section.get(number);
        if (entry?.kind !== 'offset' || entry.offset < from || seen.has(entry.offset)) continue;
        seen.add(entry.offset);
        try {
          const inspected = view.inspect(number);
          if (inspected) yield inspected.span;
        } catch (error) {
          // An object that cannot be read accounts for nothing.
          if (!(error instanceof PdfError)) throw error;
        }
      }
    }
  }
}

function inspectGap(doc: PdfDocument, start: number, end: number): UnaccountedBytes[] {
  const parser = new Parser(doc.source.read(start, Math.min(end, start + WINDOW)), start, 0);
  parser.skipWhitespace();
  if (parser.offset === end) return [];
  const first = parser.offset;
  parser.skipSpace();
  return [{ start: first, end, kind: parser.offset === end ? 'comment' : 'bytes' }];
}
