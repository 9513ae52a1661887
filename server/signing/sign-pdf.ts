import { beginSignature, type SignatureTerms } from './begin-signature.ts';
import { finishSignature, type SignedPdf } from './finish-signature.ts';
import type { KeyProvider } from './key-provider.ts';
import { type PadesLevel, stamperFor } from './levels.ts';
import { type ProofSources, reachLevel } from './reach-level.ts';

export interface SignPdfOptions extends SignatureTerms, ProofSources {
  readonly provider: KeyProvider;
  /** Default B-B. */
  readonly level?: PadesLevel;
}

/**
 * Signs a PDF at the PAdES level asked for (EN 319 142-1), by incremental updates: every byte of the source stays. First
 * the certificate, the algorithm and what earlier signatures permit are checked; the new signature value is verified
 * before it is handed out. All of it is one attempt of the provider, counted once, also when the time stamp then fails.
 *
 * @throws SigningError, PdfError (not a PDF, damaged, no or a wrong password, an earlier signature forbids it, field taken), CodedError
 *   with the gate's code, EvidenceError when there is no valid time stamp or no revocation data: never a lower level than asked for.
 */
export function signPdf(options: SignPdfOptions): Promise<SignedPdf> {
  return options.provider.attempt(async (key) => {
    const { level = 'B-B' } = options;
    const stamper = level === 'B-B' ? undefined : stamperFor(level, options.stamper);
    const tokenSize = await stamper?.tokenSize();
    const begun = await beginSignature(key, { ...options, ...(tokenSize !== undefined && { tokenSize }) });
    const value = await key.signature(begun.toBeSigned, begun.algorithm);
    return reachLevel(await finishSignature(begun, value, stamper), options.source, level, options);
  });
}
