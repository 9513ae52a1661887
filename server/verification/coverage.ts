import type { PdfDocument } from '../pdf/document.ts';
import type { SignatureEntry } from '../pdf/signatures/list-signatures.ts';

export type Coverage = 'whole-file' | 'whole-revision' | 'partial' | 'invalid';

/**
 * What the bytes a signature was computed over are (ISO 32000-2 12.8.1, EN 319 142-1 5.2): everything up to the end of
 * the revision that holds it, with one gap that is exactly its /Contents as the parser found it. `partial` means the
 * shape is right but the end is not the end of that revision; `invalid` everything else (wrapping, gaps, overlaps).
 */
export function coverageOf(document: PdfDocument, entry: SignatureEntry): Coverage {
  const { byteRange, contentsSpan, repeatedKeys } = entry;
  const [start, length, resume, rest] = byteRange ?? [];
  if (byteRange?.length !== 4 || !contentsSpan || repeatedKeys.length > 0) return 'invalid';
  if (start !== 0 || length === undefined || resume === undefined || rest === undefined) return 'invalid';
  if (length !== contentsSpan.start || resume !== contentsSpan.end || rest < 0) return 'invalid';
  const end = resume + rest;
  if (end > document.source.length) return 'invalid';
  const revision = document.revisions[entry.revisionIndex];
  if (!revision?.closed || revision.endMark === undefined || end < revision.endMark) return 'partial';
  const isLast = entry.revisionIndex === document.revisions.length - 1;
  if (isLast && end === document.source.length) return 'whole-file';
  return end <= revision.end ? 'whole-revision' : 'partial';
}
