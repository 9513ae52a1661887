import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { attachFile, MAX_FILES } from '../../server/documents/attach-file.ts';
import { cleanFileName, nameWarnings } from '../../server/documents/file-name.ts';
import { downloadFile } from '../../server/documents/get-document.ts';
import { contentDisposition } from '../../server/platform/send-download.ts';
import { samplePdf } from '../signing/sample-pdf.ts';
import { codeOf, drafter, leader, type Office, openOffice, outsider, start } from './office.ts';

const pdf = samplePdf();
const encrypted = samplePdf();
const PDF = 'application/pdf';
/** One of twenty megabytes held up the server for four seconds. */
const wideTrailer = Buffer.from(
  `%PDF-1.7\nxref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 1/Root 1 0 R/X [${'1 '.repeat(300_000)}]>>\nstartxref\n9\n%%EOF\n`,
);

describe('Attaching a file', () => {
  let office: Office;
  let documentId: string;
  before(async () => {
    office = await openOffice();
    documentId = (await start(office.deps)).id;
  });
  after(() => office.close());

  async function attach(name: string, bytes: Uint8Array, mediaType: string, who = drafter) {
    const path = join(office.folder, 'upload');
    await writeFile(path, bytes);
    return attachFile(office.deps, who, documentId, { path, name, mediaType });
  }

  const blobs = async () =>
    (await readdir(join(office.folder, 'blobs'), { recursive: true })).filter((name) =>
      /[0-9a-f]{64}$/.test(name),
    );

  it('keeps it as a blob with its name, size and digest', async () => {
    const document = await attach('Phụ lục số 1.pdf', pdf, PDF);
    const [file] = document.files;
    expect(file).to.include({
      name: 'Phụ lục số 1.pdf',
      mediaType: PDF,
      size: pdf.length,
      addedBy: 'drafter',
    });
    expect(file?.warnings).to.deep.equal(['name_special_characters']);
    const download = await downloadFile(office.deps, drafter, documentId, file?.id ?? '');
    const read = await (await download.open()).toArray();
    expect(Buffer.concat(read).equals(pdf)).to.equal(true);
    expect(document.history.at(-1)?.type).to.equal('document.attached');
  });

  const zip = Buffer.concat([
    Buffer.from('504b0304', 'hex'),
    Buffer.alloc(26),
    Buffer.from('word/document.xml'),
  ]);
  const accepted: readonly (readonly [string, Uint8Array, string])[] = [
    ['anh.png', Buffer.from('89504e470d0a1a0a00', 'hex'), 'image/png'],
    ['anh.JPG', Buffer.from('ffd8ffe000', 'hex'), 'image/jpeg'],
    ['du-thao.docx', zip, 'application/octet-stream'],
    ['du-thao.doc', Buffer.from('d0cf11e0a1b11ae100', 'hex'), 'application/msword'],
    ['ghi-chu.txt', Buffer.from('Ghi chú tiếng Việt'), 'text/plain'],
    ['so-lieu.csv', Buffer.from('a;b\n1;2\n'), 'text/csv'],
  ];
  for (const [name, bytes, type] of accepted) {
    it(`takes ${name}`, async () => {
      expect((await attach(name, bytes, type)).files.at(-1)?.name).to.equal(name);
    });
  }

  const refused: readonly (readonly [string, string, Uint8Array, string, string])[] = [
    ['of no bytes', 'a.pdf', Buffer.alloc(0), PDF, 'documents.file_empty'],
    ['that only calls itself PDF', 'a.pdf', Buffer.from('hello'), PDF, 'documents.file_type_mismatch'],
    ['PDF under another name', 'a.png', pdf, 'image/png', 'documents.file_type_mismatch'],
    ['PDF declared as something else', 'a.pdf', pdf, 'image/png', 'documents.file_type_mismatch'],
    ['PDF that is cut off', 'a.pdf', pdf.subarray(0, pdf.length / 2), PDF, 'documents.file_broken'],
    [
      'over the size limit',
      'a.pdf',
      Buffer.concat([pdf, Buffer.alloc(1_000_001)]),
      PDF,
      'documents.file_too_large',
    ],
    [
      'of a kind that runs',
      'a.exe',
      Buffer.from('MZ'),
      'application/octet-stream',
      'documents.file_type_refused',
    ],
    ['without an extension', 'README', Buffer.from('x'), 'text/plain', 'documents.file_type_refused'],
    ['of HTML', 'a.html', Buffer.from('<script>'), 'text/html', 'documents.file_type_refused'],
    [
      'ZIP that is no document',
      'a.docx',
      Buffer.from('504b030400', 'hex'),
      '',
      'documents.file_type_mismatch',
    ],
    [
      'text that is binary',
      'a.txt',
      Buffer.from([0x41, 0x00, 0x42]),
      'text/plain',
      'documents.file_type_mismatch',
    ],
    ['whose name is only a path', 'a/b/', pdf, PDF, 'documents.file_type_refused'],
    ['PDF whose trailer alone is half a megabyte', 'a.pdf', wideTrailer, PDF, 'documents.file_broken'],
    ['PDF that is encrypted', 'a.pdf', encryptedCopy(encrypted), PDF, 'documents.file_encrypted'],
  ];
  for (const [what, name, bytes, type, code] of refused) {
    it(`refuses one ${what} and leaves nothing`, async () => {
      const before = await blobs();
      expect(await codeOf(attach(name, bytes, type))).to.equal(code);
      expect(await blobs()).to.deep.equal(before);
    });
  }

  it('is for who works on the document', async () => {
    expect(await codeOf(attach('a.pdf', pdf, PDF, leader))).to.equal('documents.forbidden');
    expect(await codeOf(attach('a.pdf', pdf, PDF, outsider))).to.equal('documents.not_found');
  });

  it('ends at a number of files', async () => {
    const document = await office.deps.documents.get(documentId);
    const [file] = document?.files ?? [];
    if (document === undefined || file === undefined) throw new Error('a file was attached');
    await office.deps.documents.replace({ ...document, files: Array(MAX_FILES).fill(file) });
    expect(await codeOf(attach('a.pdf', pdf, PDF))).to.equal('documents.too_many_files');
    await office.deps.documents.replace({ ...document, revision: document.revision + 1, files: [file] });
  });
});

describe('The name of a file', () => {
  it('is never cut in the middle of a character', () => {
    expect(cleanFileName(`${'a'.repeat(195)}😀.pdf`)).to.equal(`${'a'.repeat(195)}.pdf`);
  });

  it('loses its path and what no header bears', () => {
    expect(cleanFileName('C:\\tài liệu\\..\\Báo cáo "1"\u202e.pdf')).to.equal('Báo cáo 1.pdf');
    expect(cleanFileName(`${'a'.repeat(500)}.pdf`))
      .to.have.length(200)
      .and.match(/a\.pdf$/);
  });

  it('is advised against when long or accented, not refused', () => {
    expect(nameWarnings('bao-cao.pdf')).to.deep.equal([]);
    expect(nameWarnings(`Báo cáo ${'x'.repeat(50)}.pdf`)).to.deep.equal([
      'name_too_long',
      'name_special_characters',
    ]);
  });

  it('is sent so that old and new clients can read it', () => {
    expect(contentDisposition('Đề án "x".pdf')).to.equal(
      'attachment; filename="De an x.pdf"; filename*=UTF-8\'\'%C4%90%E1%BB%81%20%C3%A1n%20%22x%22.pdf',
    );
  });
});

/** The sample with an /Encrypt in its trailer, which is all a reader needs to see. */
function encryptedCopy(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replace('trailer\n<<', 'trailer\n<</Encrypt 1 0 R'), 'latin1');
}
