import { beginSignature, type SignatureTerms } from './begin-signature.ts';
import { SigningError } from './errors.ts';
import { finishSignature, type SignedPdf } from './finish-signature.ts';
import type { KeyProvider } from './key-provider.ts';

export interface SignPdfOptions extends SignatureTerms {
  readonly provider: KeyProvider;
  /** Only B-B for now. */
  readonly level?: string;
}

/**
 * Signs a PDF at PAdES level B-B (EN 319 142-1) by an incremental update: every byte of the source stays. First the
 * certificate, the algorithm and what earlier signatures permit are checked; the new signature value is verified before
 * it is handed out. All of it is one attempt of the provider, counted once.
 *
 * @throws SigningError, PdfError (not a PDF, damaged, no or a wrong password, an earlier signature forbids it, field taken), CodedError
 *   with the gate's code.
 */
export function signPdf(options: SignPdfOptions): Promise<SignedPdf> {
  return options.provider.attempt(async (key) => {
    if ((options.level ?? 'B-B') !== 'B-B') {
      throw new SigningError('signing.level_unsupported', 'only B-B', { details: { level: options.level } });
    }
    const begun = await beginSignature(key, options);
    return finishSignature(begun, await key.signature(begun.toBeSigned, begun.algorithm));
  });
}
