import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PdfDict } from '../../server/pdf/objects.ts';
import type { PadesLevel } from '../../server/signing/levels.ts';
import type { SignPdfOptions } from '../../server/signing/sign-pdf.ts';
import { mustRun } from './run-tool.ts';
import { formPdf, plainPdf } from './source-files.ts';

/** One signature on a document: what it says besides who signs. */
export interface Signature
  extends Pick<SignPdfOptions, 'field' | 'reason' | 'docMdp' | 'lock' | 'visible' | 'password'> {
  /** Shown by this profile of the product's. */
  readonly profile?: { readonly name: string; readonly values?: Readonly<Record<string, string>> };
}

export interface DocumentRow {
  readonly name: string;
  /** The file before the first signature. */
  readonly source: (folder: string) => Promise<Buffer>;
  /** In their order; the next one finds what the one before left. */
  readonly signatures: readonly Signature[];
  /** For the judges. */
  readonly password?: string;
  /** Signed at B-B, and all of it raised to the level that often afterwards. */
  readonly raised?: number;
  /** Default: all. */
  readonly levels?: readonly PadesLevel[];
  /** Something is wrong with it on purpose, so that it is seen that a judge would notice. */
  readonly wrong?: Wrong;
}

export interface Wrong {
  /** Names of the judges who must refuse it; the others are not asked. */
  readonly refusedBy: readonly string[];
  /** What is done to the signed file. */
  readonly damage?: (file: Buffer) => Buffer;
  /** Signed by somebody whom no judge has reason to trust. */
  readonly byStranger?: boolean;
}

const plain = async (): Promise<Buffer> => plainPdf();
const form = async (): Promise<Buffer> => formPdf();
const password = 'Mật khẩu 1';
const reason = 'Ký duyệt (văn bản) \\ đi';

/** A frame of 2 points, at this height. */
const box = (y: number): NonNullable<Signature['visible']> => ({
  page: 0,
  rect: [72, y, 272, y + 60],
  appearance: () => ({
    content: Buffer.from('0.8 0 0 RG 2 w 1 1 198 58 re S'),
    resources: new PdfDict(),
  }),
});

/** What qpdf makes of the plain file. */
async function viaQpdf(folder: string, options: readonly string[]): Promise<Buffer> {
  const [before, after] = [join(folder, 'before-qpdf.pdf'), join(folder, 'after-qpdf.pdf')];
  await writeFile(before, plainPdf());
  await mustRun('qpdf', [...options, before, after]);
  return readFile(after);
}

const certified = ([1, 2, 3] as const).map(
  (docMdp): DocumentRow => ({
    name: `certified P=${docMdp}`,
    source: form,
    signatures: docMdp === 1 ? [{ docMdp, field: 'ky' }] : [{ docMdp, field: 'ky' }, { field: 'dong_dau' }],
  }),
);

const aboveBb: readonly PadesLevel[] = ['B-T', 'B-LT', 'B-LTA'];

const replaced =
  (before: string, after: string) =>
  (file: Buffer): Buffer =>
    Buffer.from(file.toString('latin1').replace(before, after), 'latin1');

const wrong: readonly DocumentRow[] = [
  {
    name: 'WRONG: forged text',
    wrong: {
      refusedBy: ['pdfsig', 'pyHanko', 'EU DSS'],
      damage: replaced('Quyet dinh so 01', 'Quyet dinh so 10'),
    },
  },
  {
    name: 'WRONG: unknown signer',
    wrong: { refusedBy: ['pdfsig', 'pyHanko', 'EU DSS'], byStranger: true },
    // No revocation data can be had for a higher one.
    levels: ['B-B', 'B-T'] as const,
  },
  {
    name: 'WRONG: damaged structure',
    wrong: { refusedBy: ['qpdf'], damage: replaced('2 0 obj', '2 0 obx') },
  },
].map((row) => ({ ...row, source: plain, signatures: [{}] }));

export const plainDocument: DocumentRow = { name: 'plain', source: plain, signatures: [{}] };

export const documents: readonly DocumentRow[] = [
  { name: 'texts', source: plain, signatures: [{ reason, field: 'Chữ ký (số) 1' }] },
  {
    name: 'xref stream',
    source: (folder) => viaQpdf(folder, ['--object-streams=generate']),
    signatures: [{}],
  },
  { name: 'linearized', source: (folder) => viaQpdf(folder, ['--linearize']), signatures: [{}] },
  {
    name: 'AES-256, no password',
    source: (folder) => viaQpdf(folder, ['--encrypt', '', 'owner', '256', '--']),
    signatures: [{}],
  },
  {
    name: 'AES-256, password',
    source: (folder) => viaQpdf(folder, ['--encrypt', password, 'owner', '256', '--']),
    signatures: [{ password }],
    password,
  },
  { name: 'PDF/A', source: async () => plainPdf({ archival: true }), signatures: [{}] },
  {
    name: 'repaired',
    source: async () =>
      Buffer.from(
        plainPdf()
          .toString('latin1')
          .replace(/startxref\n\d+/, 'startxref\n7'),
        'latin1',
      ),
    signatures: [{}, {}],
  },
  { name: 'signed already', source: plain, signatures: [{}, {}] },
  { name: 'four signatures', source: form, signatures: [{ field: 'ky' }, {}, { field: 'dong_dau' }, {}] },
  {
    name: 'visible',
    source: plain,
    signatures: [{ visible: box(400) }, { visible: box(200) }],
  },
  {
    name: 'visible by profiles',
    source: plain,
    signatures: [
      { reason, profile: { name: 'free', values: { title: 'Chủ tịch' } } },
      {
        profile: {
          name: 'nd30-copy',
          values: { copyForm: 'SAO Y', number: '01/SY', agency: 'UBND xã An Bình' },
        },
      },
    ],
  },
  ...certified,
  {
    name: 'certified P=2, fields locked',
    source: form,
    signatures: [
      { docMdp: 2, field: 'ky' },
      { field: 'dong_dau', lock: { action: 'Include', fields: ['so', 'ngay'] } },
    ],
  },
  {
    name: 'fields locked, signed again',
    source: form,
    signatures: [{ field: 'ky', lock: { action: 'Include', fields: ['so', 'ngay'] } }, { field: 'dong_dau' }],
  },
  {
    name: 'all fields locked',
    source: form,
    signatures: [{ field: 'ky', lock: { action: 'All', fields: [] } }],
  },
  { name: 'raised later', source: form, signatures: [{ field: 'ky' }, {}], raised: 1, levels: aboveBb },
  { name: 'archive time stamp renewed', source: plain, signatures: [{}], raised: 3, levels: ['B-LTA'] },
  ...wrong,
];
