import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseCertificate } from '../../../server/pki/certificate.ts';
import { openPkcs11 } from '../../../server/signing/pkcs11/open-pkcs11.ts';
import { Pkcs11Module } from '../../../server/signing/pkcs11/pkcs11-module.ts';
import { derOf } from '../authority.ts';
import { type ProviderRow, signWith } from '../provider.ts';
import { missingTool, mustRun } from '../run-tool.ts';

const modulePath = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
].find((path) => existsSync(path));
const token = 'interop';
const pin = '13579246';

/** A token of SoftHSM, which has no SHA-3 for PSS and no RSASSA-PSS keys. */
export const pkcs11: ProviderRow = {
  name: 'PKCS#11',
  missing: () => (modulePath && !missingTool('softhsm2-util') ? undefined : 'softhsm2 is not installed'),
  supports: ({ name }) => !/pss SHA3-|^RSASSA-PSS key/.test(name),
  open: async (folder) => {
    const tokens = join(folder, 'tokens');
    await mkdir(tokens);
    const configuration = join(folder, 'softhsm2.conf');
    await writeFile(configuration, `directories.tokendir = ${tokens}\nlog.level = ERROR\n`);
    // The module is told by nothing but the environment of the process.
    process.env.SOFTHSM2_CONF = configuration;
    await mustRun('softhsm2-util', [
      ...['--init-token', '--free', '--label', token, '--pin', pin, '--so-pin', '87654321'],
    ]);
    const module = new Pkcs11Module(modulePath ?? '');
    const imported = new Set<string>();
    return {
      sign: async (job) => {
        const { key, certificate } = job.signer;
        if (!imported.has(key)) {
          imported.add(key);
          const id = imported.size.toString(16).padStart(4, '0');
          // A login elsewhere would not see what is put there now.
          await module.close();
          await mustRun('softhsm2-util', [
            ...['--import', key, '--token', token, '--pin', pin, '--label', id, '--id', id],
          ]);
        }
        const provider = await openPkcs11([module], {
          pin,
          token,
          certificate: parseCertificate(derOf(await readFile(certificate, 'utf8'))),
        });
        try {
          return await signWith(provider, job);
        } finally {
          provider.close();
        }
      },
      close: () => module.close(),
    };
  },
};
