import type { Der } from '../asn1/write.ts';
import type { SigningHash } from '../cms/build-signed-data.ts';
import { digestOf } from '../cms/digest.ts';
import { signatureTimeStampAttribute } from '../cms/signature-time-stamp.ts';
import type { TimeStamper } from '../evidence/ports.ts';

/**
 * The unsigned attribute that proves when a signature was there (EN 319 142-1 6.3, B-T): a token over the digest of the
 * signature value, under the digest algorithm of the signature itself.
 * @throws EvidenceError as {@link TimeStamper.stamp}: without a valid token there is no B-T, and nothing in its place.
 */
export async function stampSignature(
  stamper: TimeStamper,
  value: Uint8Array,
  digestAlgorithm: SigningHash,
): Promise<Der> {
  const { token } = await stamper.stamp({ digestAlgorithm, digest: digestOf(digestAlgorithm, value) });
  return signatureTimeStampAttribute(token);
}
