import { bytesSource } from '../../server/pdf/byte-source.ts';
import type { KeyProvider } from '../../server/signing/key-provider.ts';
import type { PadesLevel } from '../../server/signing/levels.ts';
import { type SignPdfOptions, signPdf } from '../../server/signing/sign-pdf.ts';
import type { SignerFiles } from './authority.ts';
import type { DocumentRow } from './documents.ts';
import type { AlgorithmRow } from './matrix.ts';

/** One signature to be made. */
export interface SigningJob {
  readonly file: Buffer;
  readonly signer: SignerFiles;
  readonly terms: Omit<SignPdfOptions, 'source' | 'provider'>;
}

export interface OpenProvider {
  /** The file with the signature on it. @throws whatever signing throws */
  sign(job: SigningJob): Promise<Buffer>;
  close?(): Promise<void>;
}

/** Where a key is kept, and how it comes to sign. */
export interface ProviderRow {
  readonly name: string;
  /** What is signed with it to try every algorithm; default: the plain document. */
  readonly document?: DocumentRow;
  /** Why it cannot be tried here; nothing when it can. */
  missing?(): string | undefined;
  supports(algorithm: AlgorithmRow, level: PadesLevel): boolean;
  /** @param folder Empty. */
  open(folder: string): Promise<OpenProvider>;
}

/** Signs with a key as the product does. */
export async function signWith(provider: KeyProvider, { file, terms }: SigningJob): Promise<Buffer> {
  const { appended } = await signPdf({ ...terms, provider, source: bytesSource(file) });
  return Buffer.concat([file, appended]);
}
