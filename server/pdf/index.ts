/** The reader and incremental writer of PDF files (ISO 32000-2): what the other packages use of it. */
export * from './byte-source.ts';
export { formatPdfDate, parsePdfDate } from './date.ts';
export { PdfDocument, PdfView } from './document.ts';
export * from './errors.ts';
export { type FieldWidget, type FormField, listFields } from './forms/field-tree.ts';
export {
  addTextFields,
  type FilledField,
  fillTextFields,
  type NewTextField,
  type TextFieldValue,
} from './forms/text-fields.ts';
export { defaultLimits, type PdfLimits } from './limits.ts';
export { ObjectReader } from './object-reader.ts';
export * from './objects.ts';
export { openPdf } from './open-pdf.ts';
export { type PdfPage, pageAt } from './pages.ts';
export type { Span } from './parser.ts';
export { serialize } from './serialize.ts';
export { type CoverageFault, type SignatureCoverage, signatureCoverage } from './signatures/coverage.ts';
export { listSignatures, type SignatureEntry } from './signatures/list-signatures.ts';
export { type DocMdp, type FieldLock, isLocked } from './signatures/locks.ts';
export {
  type PreparedSignature,
  prepareSignature,
  type SignatureRequest,
} from './signatures/prepare-signature.ts';
export type { SignatureTexts } from './signatures/signature-dictionary.ts';
export type { FieldLockWithPermission } from './signatures/signature-field.ts';
export { decodeText, encodeText } from './text-string.ts';
export { type UnaccountedBytes, unaccountedBytes } from './unaccounted-bytes.ts';
export {
  type Appearance,
  type FormAppearance,
  formXObject,
  type MadeAppearance,
  type Rectangle,
} from './update/appearance.ts';
export { importPage } from './update/import-page.ts';
export { IncrementalUpdate, type WrittenUpdate } from './update/incremental-update.ts';
export { Revision } from './xref/revision.ts';
export { type XrefEntry, XrefSection } from './xref/section.ts';
