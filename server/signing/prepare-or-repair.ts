import { type ByteSource, joinedSource } from '../pdf/byte-source.ts';
import type { PdfDocument } from '../pdf/document.ts';
import { PdfError, type PdfErrorCode } from '../pdf/errors.ts';
import { listFields } from '../pdf/forms/field-tree.ts';
import { PdfDict } from '../pdf/objects.ts';
import { openPdf } from '../pdf/open-pdf.ts';
import {
  type PreparedSignature,
  preparedSignature,
  prepareSignature,
  type SignatureRequest,
} from '../pdf/signatures/prepare-signature.ts';
import type { FormAppearance } from '../pdf/update/appearance.ts';
import { pdfaPart } from './appearance/pdf-a.ts';

export interface PreparedOrRepaired {
  readonly prepared: PreparedSignature;
  /** What was wrong with the structure of the file; null when nothing was. */
  readonly repaired: PdfErrorCode | null;
}

/**
 * Prepares a signature; where the structure of the file is damaged, on top of a revision that repairs it
 * (docs/adr/0012). What is to be appended then begins with that revision.
 * @throws PdfError as preparing does; of a damaged file why it is not repaired.
 */
export async function prepareOrRepair(
  source: ByteSource,
  password: string | undefined,
  request: SignatureRequest,
): Promise<PreparedOrRepaired> {
  const options = password === undefined ? {} : { password };
  try {
    return { prepared: prepareIn(openPdf(source, options), request), repaired: null };
  } catch (error) {
    const { bytes, damage } = await repairAfter(error, source, password);
    const prepared = prepareIn(openPdf(joinedSource(source, bytes), options), request);
    const appended = Buffer.concat([bytes, prepared.appended]);
    return { prepared: preparedSignature(source, { ...prepared, appended }), repaired: damage };
  }
}

/** ISO 19005-1 6.9 wants an appearance of every form field; the later parts except widgets that show nothing. */
function prepareIn(doc: PdfDocument, request: SignatureRequest): PreparedSignature {
  const { fieldName, appearance } = request;
  if (appearance !== undefined || pdfaPart(doc) !== 1) return prepareSignature(doc, request);
  const isNew = fieldName === undefined || listFields(doc).every(({ name }) => name !== fieldName);
  return prepareSignature(doc, isNew ? { ...request, appearance: NOTHING } : request);
}

const NOTHING: FormAppearance = { content: new Uint8Array(), resources: new PdfDict() };

export interface Repair {
  /** The revision that goes behind the source. */
  readonly bytes: Buffer;
  readonly damage: PdfErrorCode;
}

/**
 * The repair of a file with which something failed for its structure.
 * @throws the error itself when it has another reason; PdfError when the file cannot be repaired
 */
export async function repairAfter(
  error: unknown,
  source: ByteSource,
  password: string | undefined,
): Promise<Repair> {
  if (!(error instanceof PdfError) || !DAMAGES.has(error.code)) throw error;
  const { repairPdf } = await import('../pdf/repair/repair-pdf.ts');
  return { bytes: repairPdf(source, password === undefined ? {} : { password }), damage: error.code };
}

/** Faults of the structure that finding every object again may mend. */
const DAMAGES: ReadonlySet<PdfErrorCode> = new Set([
  'pdf.truncated',
  'pdf.syntax',
  'pdf.startxref_missing',
  'pdf.xref_invalid',
  'pdf.xref_loop',
  'pdf.object_mismatch',
  'pdf.object_loop',
  'pdf.stream_length',
  'pdf.stream_invalid',
  'pdf.object_stream_invalid',
  'pdf.catalog_missing',
  'pdf.page_tree_invalid',
]);
