import { readFile } from 'node:fs/promises';
import { openPkcs12 } from '../../../server/signing/open-pkcs12.ts';
import { passphrase } from '../authority.ts';
import { type ProviderRow, signWith } from '../provider.ts';
import { mustRun } from '../run-tool.ts';

/** A file as openssl writes it today: AES-256, PBKDF2, HMAC with SHA-256. */
export const pkcs12: ProviderRow = {
  name: 'PKCS#12',
  supports: () => true,
  open: async () => ({
    sign: async (job) => signWith(await openPkcs12(await readFile(job.signer.p12), passphrase), job),
  }),
};

/** The same key in a file of the kind that older systems still hand out: RC2-40, 3DES, SHA-1. */
export const legacyPkcs12: ProviderRow = {
  name: 'PKCS#12 legacy',
  supports: ({ name }, level) => level === 'B-B' && /^(RSA-2048|P-)/.test(name),
  open: async (folder) => ({
    sign: async (job) => {
      const [pem, legacy] = [`${folder}/all.pem`, `${folder}/legacy.p12`];
      const pass = `pass:${passphrase}`;
      await mustRun('openssl', ['pkcs12', '-in', job.signer.p12, '-passin', pass, '-nodes', '-out', pem]);
      await mustRun('openssl', [
        ...['pkcs12', '-export', '-legacy', '-in', pem, '-passout', pass, '-out', legacy],
      ]);
      return signWith(await openPkcs12(await readFile(legacy), passphrase), job);
    },
  }),
};
