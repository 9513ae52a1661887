import type { PdfDocument } from '../document.ts';
import { liesApart } from './lies-apart.ts';
import type { SignatureEntry } from './list-signatures.ts';

/** Why the bytes a signature covers are not what they must be. */
export type CoverageFault =
  /** /ByteRange is missing, or no array of four integers. */
  | 'byte-range-malformed'
  /** The first range does not begin at 0, a range is empty, or they overlap. */
  | 'byte-range-order'
  | 'beyond-end-of-file'
  /** /Contents has no place of its own in the file, so nothing can be left out around it. */
  | 'contents-not-in-place'
  /** /Contents is no hexadecimal string (table 255): anything can stand between the parentheses of a literal one. */
  | 'contents-not-hexadecimal'
  /** What is left out is not exactly /Contents with its delimiters. */
  | 'gap-is-not-contents'
  /** Another object has the bytes of /Contents as well, and could change with them after signing. */
  | 'contents-in-another-object'
  /** /ByteRange or /Contents stands twice in the dictionary. */
  | 'repeated-keys'
  /** The dictionary was written after the revision it claims to cover. */
  | 'written-after-covered-revision'
  /** The range ends inside a revision. */
  | 'ends-inside-revision';

export interface SignatureCoverage {
  readonly coverage: 'whole-file' | 'whole-revision' | 'partial' | 'invalid';
  /** The newest revision that is covered wholly. */
  readonly coveredRevision?: number;
  readonly fault?: CoverageFault;
}

/**
 * Which part of the file the /ByteRange of a signature covers (ISO 32000-2 12.8.1), judged by offsets from parsing
 * only. A revision may be covered with or without the end of line behind its `%%EOF`.
 */
export function signatureCoverage(doc: PdfDocument, signature: SignatureEntry): SignatureCoverage {
  const invalid = (fault: CoverageFault): SignatureCoverage => ({ coverage: 'invalid', fault });
  const { byteRange, contentsSpan, revisionIndex } = signature;
  if (byteRange?.length !== 4) return invalid('byte-range-malformed');
  const [start = 0, length = 0, second = 0, secondLength = 0] = byteRange;
  if (signature.repeatedKeys.some((key) => key === 'ByteRange' || key === 'Contents')) {
    return invalid('repeated-keys');
  }
  if (start !== 0 || length <= 0 || second < length || secondLength <= 0) return invalid('byte-range-order');
  const end = second + secondLength;
  if (end > doc.source.length) return invalid('beyond-end-of-file');
  if (!contentsSpan) return invalid('contents-not-in-place');
  if (!signature.contentsHex) return invalid('contents-not-hexadecimal');
  if (contentsSpan.start !== length || contentsSpan.end !== second) return invalid('gap-is-not-contents');
  if (!liesApart(doc, contentsSpan, (signature.ref ?? signature.field?.ref)?.number)) {
    return invalid('contents-in-another-object');
  }
  const last = doc.revisions.length - 1;
  if (end === doc.source.length) return { coverage: 'whole-file', coveredRevision: last };
  const covered = doc.revisions.findLastIndex((r) => r.endMark !== undefined && r.endMark <= end);
  const revision = doc.revisions[covered];
  if (!revision || revision.end < end) return { coverage: 'partial', fault: 'ends-inside-revision' };
  if (revisionIndex > covered) return invalid('written-after-covered-revision');
  return { coverage: 'whole-revision', coveredRevision: covered };
}
