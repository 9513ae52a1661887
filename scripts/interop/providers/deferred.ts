import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesSource } from '../../../server/pdf/byte-source.ts';
import { parseCertificate } from '../../../server/pki/certificate.ts';
import type { SigningAlgorithm } from '../../../server/signing/choose-algorithm.ts';
import { completeDeferred } from '../../../server/signing/deferred/complete-deferred.ts';
import { prepareDeferred } from '../../../server/signing/deferred/prepare-deferred.ts';
import { deferredLevels, readState } from '../../../server/signing/deferred/state.ts';
import { forgetfulSink } from '../../../server/signing/usage-log.ts';
import { derOf } from '../authority.ts';
import type { ProviderRow } from '../provider.ts';
import { mustRun } from '../run-tool.ts';

/** A key the product never sees: openssl makes the value, between preparing and completing. */
export const deferred: ProviderRow = {
  name: 'deferred',
  supports: (_, level) => deferredLevels.some((one) => one === level),
  open: async (folder) => ({
    sign: async ({ file, signer, terms }) => {
      const level = deferredLevels.find((one) => one === terms.level);
      if (!level) throw new Error(`${terms.level} is not made in one go`);
      const source = bytesSource(file);
      const certificate = parseCertificate(derOf(await readFile(signer.certificate, 'utf8')));
      const { state, toBeSigned, algorithm } = await prepareDeferred({
        ...terms,
        level,
        source,
        certificate,
        waitDays: 1,
      });
      const value = await opensslValue(folder, signer.key, toBeSigned, algorithm);
      const { appended } = await completeDeferred({
        ...terms,
        source,
        value,
        state: readState(JSON.stringify(state)),
        sink: forgetfulSink,
        context: { channel: 'cli' },
      });
      return Buffer.concat([file, appended]);
    },
  }),
};

async function opensslValue(
  folder: string,
  key: string,
  toBeSigned: Uint8Array,
  { scheme, digestAlgorithm }: SigningAlgorithm,
): Promise<Buffer> {
  const [input, output] = [join(folder, 'to-be-signed'), join(folder, 'value')];
  await writeFile(input, toBeSigned);
  const pss = ['-pkeyopt', 'rsa_padding_mode:pss', '-pkeyopt', 'rsa_pss_saltlen:digest'];
  await mustRun('openssl', [
    ...['pkeyutl', '-sign', '-rawin', '-inkey', key, '-in', input, '-out', output],
    ...(scheme === 'eddsa' ? [] : ['-digest', digestAlgorithm.replace(/^SHA-/, 'SHA')]),
    ...(scheme === 'rsa-pss' ? pss : []),
  ]);
  return readFile(output);
}
