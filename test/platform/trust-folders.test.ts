import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { silentLogger } from '../../server/platform/services.ts';
import { trustFolders } from '../../server/platform/trust-folders.ts';

const block = (label: string, text: string): string =>
  `-----BEGIN ${label}-----\n${Buffer.from(text).toString('base64')}\n-----END ${label}-----\n`;

describe('the trust folders', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'anso-trust-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const read = async () => {
    const missing = join(folder, 'nowhere');
    const folders = { anchors: folder, intermediates: missing, crls: folder };
    const { anchors, intermediates, crls } = await trustFolders(folders, silentLogger).current();
    const text = (all: readonly Uint8Array[]) => all.map((der) => Buffer.from(der).toString());
    return { anchors: text(anchors), intermediates: text(intermediates), crls: text(crls) };
  };

  it('give each its own kind: a certificate among the CRLs stopped every signature', async () => {
    await writeFile(join(folder, 'root.pem'), block('CERTIFICATE', 'root') + block('PRIVATE KEY', 'key'));
    await writeFile(join(folder, 'root-crl.pem'), block('X509 CRL', 'list'));
    expect(await read()).to.deep.equal({ anchors: ['root'], intermediates: [], crls: ['list'] });
  });
});
