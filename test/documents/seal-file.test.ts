import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { attachFile } from '../../server/documents/attach-file.ts';
import type { DocumentRecord } from '../../server/documents/document-record.ts';
import { readBlob } from '../../server/documents/read-blob.ts';
import { sealFile } from '../../server/documents/seal-file.ts';
import { PdfDict, PdfName, PdfStream } from '../../server/pdf/objects.ts';
import { hasTool, textOf } from '../composition/tools.ts';
import { pageWith } from '../signing/appearance/sign-visibly.ts';
import { signatureFacts } from '../signing/judges.ts';
import { samplePdf } from '../signing/sample-pdf.ts';
import {
  clerk,
  codeOf,
  drafter,
  leader,
  type Office,
  openOffice,
  PIN,
  register,
  sign,
  start,
  submit,
} from './office.ts';

describe('Sealing an appendix', () => {
  let office: Office;
  beforeEach(async () => {
    office = await openOffice();
  });
  afterEach(() => office.close());

  /** A document with one appendix, signed by the leader. */
  async function withAppendix(bytes: Uint8Array, name = 'phu-luc.pdf', mediaType = 'application/pdf') {
    const { deps } = office;
    const draft = await start(deps);
    const path = join(office.folder, 'upload');
    await writeFile(path, bytes);
    const attached = await attachFile(deps, drafter, draft.id, { path, name, mediaType });
    return sign(deps, leader, await submit(deps, attached));
  }
  const seal = (document: DocumentRecord, request?: string, who = clerk, pin = PIN) =>
    sealFile(office.deps, who, document.id, { file: document.files[0]?.id ?? '', pin }, request);

  it('puts number and time on its first page, keeps what was attached, and counts the use', async function () {
    if (!hasTool('pdftotext')) this.skip();
    const original = samplePdf();
    const numbered = await register(office.deps, await withAppendix(original));
    const sealed = await seal(numbered, 'request');
    const [file] = sealed.files;
    expect(file?.sealed).to.deep.include({ by: 'clerk', original: numbered.files[0]?.sha256 });
    const bytes = await readBlob(office.store.blobs, file?.sha256 ?? '');
    expect(Buffer.from(bytes.subarray(0, original.length)).equals(original)).to.equal(true);
    expect(signatureFacts(bytes)).to.have.length(1);
    expect(textOf(bytes)).to.match(/01\/QĐ-UBND\s+2026-11-23T09:00:00\+07:00/);
    expect(sealed.history.at(-1)).to.deep.include({ type: 'document.file_sealed', actor: 'clerk' });
    expect((await office.usage()).map(({ outcome }) => outcome)).to.deep.equal(['signed', 'signed']);
    expect((await seal(numbered, 'request')).files).to.deep.equal(sealed.files);
    expect(await codeOf(seal(sealed, 'another'))).to.equal('documents.file_sealed');
  });

  it('waits for the number, is the clerk’s alone, and takes no other file than a PDF', async () => {
    const signed = await withAppendix(samplePdf());
    expect(await codeOf(seal(signed))).to.equal('documents.not_numbered');
    const numbered = await register(office.deps, signed);
    expect(await codeOf(seal(numbered, undefined, leader))).to.equal('documents.forbidden');
    expect(await codeOf(seal({ ...numbered, files: [] }))).to.equal('documents.not_found');
    expect(await codeOf(seal(numbered, undefined, clerk, 'sai-pin'))).to.equal('signing.wrong_pin');
    const last = (await office.usage()).at(-1);
    expect(last).to.deep.include({ outcome: 'refused', code: 'signing.wrong_pin' });
    const text = await register(
      office.deps,
      await withAppendix(Buffer.from('chữ'), 'ghi-chu.txt', 'text/plain'),
    );
    expect(await codeOf(seal(text))).to.equal('documents.file_not_pdf');
  });

  it('says what number and time stand over', async () => {
    const font = PdfDict.of({
      Type: PdfName.of('Font'),
      Subtype: PdfName.of('Type1'),
      BaseFont: PdfName.of('Helvetica'),
    });
    const content = new PdfStream(new PdfDict(), Buffer.from('BT /F1 14 Tf 430 805 Td (Appendix I) Tj ET'));
    const Resources = PdfDict.of({ Font: PdfDict.of({ F1: font }) });
    const crowded = await withAppendix(pageWith({ Contents: content, Resources }));
    const sealed = await seal(await register(office.deps, crowded));
    expect(sealed.files[0]?.sealed?.overText).to.deep.equal(['Appendix I']);
  });
});
