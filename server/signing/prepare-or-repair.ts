import { type ByteSource, joinedSource } from '../pdf/byte-source.ts';
import { PdfError, type PdfErrorCode } from '../pdf/errors.ts';
import { openPdf } from '../pdf/open-pdf.ts';
import { repairPdf } from '../pdf/repair/repair-pdf.ts';
import {
  type PreparedSignature,
  prepareSignature,
  type SignatureRequest,
} from '../pdf/signatures/prepare-signature.ts';

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
export function prepareOrRepair(
  source: ByteSource,
  password: string | undefined,
  request: SignatureRequest,
): PreparedOrRepaired {
  const options = password === undefined ? {} : { password };
  try {
    return { prepared: prepareSignature(openPdf(source, options), request), repaired: null };
  } catch (damage) {
    if (!(damage instanceof PdfError) || !DAMAGES.has(damage.code)) throw damage;
    const repair = repairPdf(source, options);
    const prepared = prepareSignature(openPdf(joinedSource(source, repair), options), request);
    return { prepared: behind(repair, prepared), repaired: damage.code };
  }
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

const behind = (repair: Uint8Array, prepared: PreparedSignature): PreparedSignature => ({
  ...prepared,
  appended: Buffer.concat([repair, prepared.appended]),
  embed: (cms) => Buffer.concat([repair, prepared.embed(cms)]),
});
