import { readFile } from 'node:fs/promises';
import type { KeyProvider } from '../../server/signing/key-provider.ts';
import type { PadesLevel } from '../../server/signing/levels.ts';
import { openPkcs12 } from '../../server/signing/open-pkcs12.ts';
import { passphrase, type SignerFiles } from './authority.ts';
import type { AlgorithmRow } from './matrix.ts';

/** Where a key is kept, and how it comes to sign. */
export interface ProviderRow {
  readonly name: string;
  supports(algorithm: AlgorithmRow, level: PadesLevel): boolean;
  open(signer: SignerFiles): Promise<KeyProvider>;
}

export const providers: readonly ProviderRow[] = [
  {
    name: 'PKCS#12',
    supports: () => true,
    open: async ({ p12 }) => openPkcs12(await readFile(p12), passphrase),
  },
];
