import type { PdfDocument } from '../document.ts';
import { PdfError } from '../errors.ts';
import type { Span } from '../parser.ts';

/** Extents of the objects and sections of a revision, in the order of the file; found once for all its signatures. */
const known = new WeakMap<PdfDocument, Map<number, readonly Span[]>>();

/**
 * Whether nothing but the object of a signature has the bytes of its /Contents: those are not signed, so that a stream
 * around them, a picture say, could be given another look after signing.
 * @param own the number of the object that holds /Contents.
 */
export function liesApart(doc: PdfDocument, contents: Span, own: number | undefined): boolean {
  const revision = doc.revisions.findIndex(({ end }) => contents.start < end);
  const ownStart = own === undefined ? undefined : offsetOf(doc, own);
  const spans = extentsOf(doc, revision < 0 ? doc.revisions.length - 1 : revision);
  return !spans.some(({ start, end }) => start < contents.end && contents.start < end && start !== ownStart);
}

function offsetOf(doc: PdfDocument, number: number): number | undefined {
  const entry = doc.locate(number)?.entry;
  return entry?.kind === 'offset' ? entry.offset : undefined;
}

/**
 * No object ends behind the revision that names it, so that what an earlier one names does not reach /Contents; what a
 * later one names is judged as a change.
 */
function extentsOf(doc: PdfDocument, index: number): readonly Span[] {
  const revisions = known.get(doc) ?? new Map<number, readonly Span[]>();
  known.set(doc, revisions);
  const spans = revisions.get(index) ?? findExtents(doc, index);
  revisions.set(index, spans);
  return spans;
}

function findExtents(doc: PdfDocument, index: number): readonly Span[] {
  const revision = doc.revisions[index];
  if (!revision) return [];
  const view = doc.at(index);
  const objects = [...revision.numbers()].flatMap((number) => {
    try {
      return view.extent(number) ?? [];
    } catch (error) {
      // Where no object begins, no reader finds one.
      if (!(error instanceof PdfError) || error.code === 'pdf.too_complex') throw error;
      return [];
    }
  });
  const sections = revision.sections.flatMap(({ start, end, hidden }) => [
    { start, end },
    ...(hidden ? [hidden] : []),
  ]);
  return [...objects, ...sections];
}
