import type { TimeStamper } from '../evidence/ports.ts';
import type { ByteSource } from '../pdf/byte-source.ts';
import { type OpenOptions, openPdf } from '../pdf/open-pdf.ts';
import { prepareSignature } from '../pdf/signatures/prepare-signature.ts';
import { digestByteRange } from './digest-byte-range.ts';

const HASH = 'SHA-256';

/**
 * A document time stamp over all of the file (ISO 32000-2 12.8.5, EN 319 142-1 5.4.3), as an incremental update.
 * @returns what goes behind the source, and the time stamped.
 * @throws PdfError; EvidenceError when there is no valid time stamp; PdfError `pdf.contents_too_small` when the token is
 *   larger than the authority's others
 */
export async function timeStampPdf(
  source: ByteSource,
  stamper: TimeStamper,
  options: OpenOptions = {},
): Promise<{ readonly appended: Uint8Array; readonly time: Date }> {
  const contentsSize = await stamper.tokenSize();
  const prepared = prepareSignature(openPdf(source, options), {
    type: 'DocTimeStamp',
    subFilter: 'ETSI.RFC3161',
    contentsSize,
  });
  const digest = await digestByteRange(source, prepared, HASH);
  const { token, time } = await stamper.stamp({ digestAlgorithm: HASH, digest });
  return { appended: prepared.embed(token), time };
}
