import type { PdfDocument } from '../pdf/document.ts';
import { signatureCoverage } from '../pdf/signatures/coverage.ts';
import type { SignatureEntry } from '../pdf/signatures/list-signatures.ts';

export type Coverage = 'whole-file' | 'whole-revision' | 'partial' | 'invalid';

export interface CoverageFacts {
  readonly coverage: Coverage;
  /** The newest revision the signature covers wholly; changes are counted from there. */
  readonly coveredRevision: number;
}

/**
 * What the bytes a signature was computed over are. A revision only counts as covered when what was signed, read by
 * itself, is that very revision: its `startxref` has to lead to its own cross-reference section.
 */
export function coverageOf(document: PdfDocument, entry: SignatureEntry): CoverageFacts {
  const { coverage, coveredRevision = entry.revisionIndex } = signatureCoverage(document, entry);
  const covered = coverage === 'whole-file' || coverage === 'whole-revision';
  const closed = document.revisions[coveredRevision]?.closed === true;
  return { coverage: covered && !closed ? 'partial' : coverage, coveredRevision };
}
