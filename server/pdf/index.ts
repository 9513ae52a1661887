/** The reader and incremental writer of PDF files (ISO 32000-2): what the other packages use of it. */
export * from './byte-source.ts';
export { formatPdfDate, parsePdfDate } from './date.ts';
export { PdfDocument, PdfView } from './document.ts';
export * from './errors.ts';
export { type FieldWidget, type FormField, listFields } from './forms/field-tree.ts';
export { defaultLimits, type PdfLimits } from './limits.ts';
export { ObjectReader } from './object-reader.ts';
export * from './objects.ts';
export { openPdf } from './open-pdf.ts';
export { type PdfPage, pageAt } from './pages.ts';
export type { Span } from './parser.ts';
export { serialize } from './serialize.ts';
export { listSignatures, type SignatureEntry } from './signatures/list-signatures.ts';
export { type DocMdp, type FieldLock, isLocked } from './signatures/locks.ts';
export {
  type PreparedSignature,
  prepareSignature,
  type SignatureRequest,
} from './signatures/prepare-signature.ts';
export { decodeText, encodeText } from './text-string.ts';
export {
  type Appearance,
  type FormAppearance,
  formXObject,
  type Rectangle,
} from './update/appearance.ts';
export { IncrementalUpdate, type WrittenUpdate } from './update/incremental-update.ts';
export { Revision } from './xref/revision.ts';
export { type XrefEntry, XrefSection } from './xref/section.ts';
