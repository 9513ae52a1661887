import { assembleSignedData } from '../cms/build-signed-data.ts';
import type { BegunSignature } from './begin-signature.ts';
import { checkSignatureValue } from './check-signature-value.ts';
import type { SigningAlgorithm } from './choose-algorithm.ts';

export interface SignedPdf {
  /** What goes behind the unchanged source: source and this are the signed file. */
  readonly appended: Uint8Array;
  readonly level: 'B-B';
  readonly field: string;
  readonly signingTime: Date;
  /** SHA-256 of the signer's certificate, hex. */
  readonly fingerprint: string;
  readonly algorithm: SigningAlgorithm;
}

/**
 * Puts the value into its place, after it was verified: a wrong one never leaves the house.
 * @throws SigningError `signing.self_check_failed`
 */
export async function finishSignature(begun: BegunSignature, value: Uint8Array): Promise<SignedPdf> {
  const { prepared, cms, certificate, algorithm, signingTime, toBeSigned } = begun;
  await checkSignatureValue(certificate, algorithm, toBeSigned, value);
  return {
    appended: prepared.embed(assembleSignedData(cms, toBeSigned, value)),
    level: 'B-B',
    field: prepared.fieldName,
    signingTime,
    fingerprint: certificate.fingerprint,
    algorithm,
  };
}
