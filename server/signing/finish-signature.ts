import { assembleSignedData } from '../cms/build-signed-data.ts';
import type { TimeStamper } from '../evidence/ports.ts';
import type { PdfErrorCode } from '../pdf/errors.ts';
import type { BegunSignature } from './begin-signature.ts';
import { checkSignatureValue } from './check-signature-value.ts';
import type { SigningAlgorithm } from './choose-algorithm.ts';
import type { PadesLevel } from './levels.ts';
import { stampSignature } from './stamp-signature.ts';

export interface SignedPdf {
  /** What goes behind the unchanged source: source and this are the signed file. */
  readonly appended: Uint8Array;
  readonly level: PadesLevel;
  readonly field: string;
  readonly signingTime: Date;
  /** SHA-256 of the signer's certificate, hex. */
  readonly fingerprint: string;
  readonly algorithm: SigningAlgorithm;
  /** What was wrong with the structure of the source, when a repair is the first part of what is appended; else null. */
  readonly repaired: PdfErrorCode | null;
}

/**
 * Puts the value into its place, after it was verified: a wrong one never leaves the house. With `stamper` the value is
 * time-stamped (B-T); the signature was begun with room for the token.
 * @throws SigningError `signing.self_check_failed`; EvidenceError when there is no valid time stamp; PdfError
 *   `pdf.contents_too_small` when the token is larger than the authority's others
 */
export async function finishSignature(
  begun: BegunSignature,
  value: Uint8Array,
  stamper?: TimeStamper,
): Promise<SignedPdf> {
  const { prepared, cms, certificate, algorithm, signingTime, toBeSigned } = begun;
  checkSignatureValue(certificate, algorithm, toBeSigned, value);
  const stamp = stamper && (await stampSignature(stamper, value, algorithm.digestAlgorithm));
  const complete = stamp ? { ...cms, unsignedAttributes: [stamp] } : cms;
  return {
    appended: prepared.embed(assembleSignedData(complete, toBeSigned, value)),
    level: stamp ? 'B-T' : 'B-B',
    field: prepared.fieldName,
    signingTime,
    fingerprint: certificate.fingerprint,
    algorithm,
    repaired: begun.repaired,
  };
}
