import { readFile } from 'node:fs/promises';
import { SignPdf } from '@signpdf/signpdf';
import { openPkcs12 } from '../../../server/signing/open-pkcs12.ts';
import { passphrase } from '../authority.ts';
import type { ProviderRow } from '../provider.ts';
import { placeholderPdf } from '../source-files.ts';

/** A key as a `Signer` in the pipeline of @signpdf: that library writes the file, the key the CMS with its own algorithm. */
export const signpdf: ProviderRow = {
  name: '@signpdf',
  document: { name: 'placeholder', source: async () => placeholderPdf(new Date()), signatures: [{}] },
  supports: ({ wish }, level) =>
    level === 'B-B' && wish.rsa !== 'pkcs1' && wish.digestAlgorithm === undefined,
  open: async () => ({
    sign: async ({ file, signer }) => {
      const key = await openPkcs12(await readFile(signer.p12), passphrase);
      return new SignPdf().sign(file, key);
    },
  }),
};
