import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesSource } from '../../../server/pdf/byte-source.ts';
import { parseCertificate } from '../../../server/pki/certificate.ts';
import type { SigningAlgorithm } from '../../../server/signing/choose-algorithm.ts';
import { completeDeferred } from '../../../server/signing/deferred/complete-deferred.ts';
import { prepareDeferred } from '../../../server/signing/deferred/prepare-deferred.ts';
import { readState } from '../../../server/signing/deferred/state.ts';
import { reachLevel } from '../../../server/signing/reach-level.ts';
import { forgetfulSink } from '../../../server/signing/usage-log.ts';
import { derOf } from '../authority.ts';
import type { ProviderRow } from '../provider.ts';
import { mustRun } from '../run-tool.ts';

/** A key the product never sees: openssl makes the value, between preparing and completing. */
export const deferred: ProviderRow = {
  name: 'deferred',
  supports: () => true,
  open: async (folder) => ({
    sign: async ({ file, signer, terms }) => {
      const level = terms.level === 'B-B' ? 'B-B' : 'B-T';
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
      const signed = await completeDeferred({
        ...terms,
        source,
        value,
        state: readState(JSON.stringify(state)),
        sink: forgetfulSink,
        context: { channel: 'cli' },
      });
      const { appended } = await reachLevel(signed, source, terms.level ?? 'B-B', terms);
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
