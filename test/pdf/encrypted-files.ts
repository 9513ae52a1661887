import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FileBuilder, minimalPdf } from './file-builder.ts';

export const USER = 'mo';
export const OWNER = 'chu';

/** Empty, or why a test is skipped. */
export const missingQpdf =
  spawnSync('qpdf', ['--version']).error === undefined ? '' : ' (skipped: qpdf is not installed)';

/** What qpdf is told for each revision of the standard security handler and each method. */
export const qpdfKinds: Readonly<Record<string, readonly string[]>> = {
  'RC4 of 40 bits, R2': ['40'],
  'RC4 of 128 bits, R3': ['128', '--use-aes=n'],
  'RC4 by a crypt filter, R4': ['128', '--use-aes=n', '--force-V4'],
  'AES-128, R4': ['128', '--use-aes=y'],
  'AES-128 with readable metadata, R4': ['128', '--use-aes=y', '--cleartext-metadata'],
  'AES-256, R5': ['256', '--force-R5', '--allow-insecure'],
  'AES-256, R6': ['256', '--allow-insecure'],
  'AES-256 with readable metadata, R6': ['256', '--allow-insecure', '--cleartext-metadata'],
};

export interface EncryptOptions {
  readonly user?: string;
  readonly owner?: string;
  /** Options of qpdf about the whole file. */
  readonly file?: readonly string[];
}

/** The file encrypted by qpdf. */
export function qpdfEncrypt(pdf: Uint8Array, kind: readonly string[], options: EncryptOptions = {}): Buffer {
  const { user = USER, owner = OWNER, file = [] } = options;
  const folder = mkdtempSync(join(tmpdir(), 'anso-encrypt-'));
  try {
    const [from, to] = [join(folder, 'plain.pdf'), join(folder, 'encrypted.pdf')];
    writeFileSync(from, pdf);
    const encryption = ['--encrypt', user, owner, ...kind, '--'];
    const run = spawnSync('qpdf', ['--allow-weak-crypto', ...file, ...encryption, from, to], {
      encoding: 'utf8',
    });
    if (run.status !== 0) throw new Error(`qpdf: ${run.stderr}`);
    return readFileSync(to);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Encryption dictionaries with the passwords `mo` and `chu` for files whose identifier is {@link ID}; made by qpdf. */
export const dictionaries = {
  2: entries(
    '/V 1 /R 2 /Length 40',
    'dabc55a19660f4c0b63ce0d144e1822e16605c1ea2735776936725afa99cbc3f',
    '4224059d350f79c665ba4acf4e63975449806b8717cb33eb6e628830b2522641',
  ),
  3: entries('/V 2 /R 3 /Length 128', ...legacy()),
  4: entries('/V 4 /R 4 /CF << /StdCF << /CFM /AESV2 >> >> /StmF /StdCF /StrF /StdCF', ...legacy()),
  5: entries(
    `${modern()} /R 5 /Perms <e8de8cc6e0ba6b929932a0fd101a6f76>`,
    'e9dc16a3194c3815b0ca09668d0f28d0b73dc60915d5e7b979101fd8dc2b2dbb686c553cbfe7d36667f8ba8cd0971ba8',
    '1d9416b717c6417daf999faa81446aeef3971af7aa9bfd8b66d5cfcbd4a5427887722d77592aa71131244245f8c53339',
    '/OE <d85836f23252a4ce61c452f16d8f010ad7f9dbf00c2f7914d6d5fb1ba9348ce3>' +
      '/UE <17fcb351b965e0260ae128cab5930e036a6c1ccff617732a8c701b6ef54ac3be>',
  ),
  6: entries(
    `${modern()} /R 6 /Perms <e198a81dd20b328a34b655a4806fcada>`,
    '85943e4af93c0ad38c63349522e21989e84fd4088f03720908fb57ce8f3e96bbeb52182556354db1c2b918df850e6ff1',
    'a204cd64a49ba98455fd35186fff704a9b14ca0045e7d69cb00c57ef4ba041db13ee983f92d67c81ac40955fa80edaff',
    '/OE <78bc99cdfc35b6416ba876f57d9a3f5654b07d90ef30ae8034ba76793fc644d9>' +
      '/UE <66b269dda3a52fed530e6a7b33341ab4ab714d69ea07a150b86fc98b14ed08d8>',
  ),
} as const;

export const ID = '/ID [<31415926535897932384626433832795> <31415926535897932384626433832795>]';

/**
 * A file with that encryption dictionary as object 9 and nothing in it that is encrypted; `bodies` replaces or adds
 * objects, `change` alters the dictionary.
 */
export function lockedPdf(
  revision: keyof typeof dictionaries,
  bodies: Readonly<Record<number, string>> = {},
  change: (dictionary: string) => string = (dictionary) => dictionary,
): FileBuilder {
  return minimalPdf({ ...bodies, 9: change(dictionaries[revision]) }, `/Encrypt 9 0 R ${ID}`);
}

function entries(rest: string, owner: string, user: string, keys = ''): string {
  return `<< /Filter /Standard ${rest} /P -4 /O <${owner}> /U <${user}> ${keys} >>`;
}

function legacy(): [string, string] {
  return [
    '91c7f9f34643d175417e9d963dae68cfdc2f9682a5f5ad6ad73cbec956120b10',
    'a9f7dffdc9593139fd92df36f8db479c0122456a91bae5134273a6db134c87c4',
  ];
}

function modern(): string {
  return '/V 5 /CF << /StdCF << /CFM /AESV3 >> >> /StmF /StdCF /StrF /StdCF';
}
