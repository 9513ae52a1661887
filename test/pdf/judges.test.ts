import { expect } from 'chai';
import { bytesSource } from '../../server/pdf/byte-source.ts';
import { addTextFields, fillTextFields } from '../../server/pdf/forms/text-fields.ts';
import { PdfDict, PdfName } from '../../server/pdf/objects.ts';
import { openPdf } from '../../server/pdf/open-pdf.ts';
import { prepareSignature, type SignatureRequest } from '../../server/pdf/signatures/prepare-signature.ts';
import { IncrementalUpdate } from '../../server/pdf/update/incremental-update.ts';
import { missingOpenssl, opensslSign } from '../cms/openssl.ts';
import { makeIdentity } from '../signing/identities.ts';
import { missingPdfJudges, pdfJudges } from '../signing/judges.ts';
import { compressedPdf, FileBuilder, minimalObjects, minimalPdf } from './file-builder.ts';

const skipped = missingPdfJudges + missingOpenssl;

describe(`pdf: signed files before other judges${skipped}`, () => {
  before(function () {
    if (skipped) this.skip();
  });

  function sign(bytes: Buffer, request: Partial<SignatureRequest> = {}): Buffer {
    const doc = openPdf(bytesSource(bytes));
    const prepared = prepareSignature(doc, {
      subFilter: 'adbe.pkcs7.detached',
      contentsSize: 4000,
      texts: { reason: 'Ký duyệt văn bản đi' },
      ...request,
    });
    const [, gapStart, gapEnd] = prepared.byteRange;
    const whole = Buffer.concat([bytes, prepared.appended]);
    const cms = opensslSign(
      Buffer.concat([whole.subarray(0, gapStart), whole.subarray(gapEnd)]),
      makeIdentity('p-256'),
    );
    return Buffer.concat([bytes, prepared.embed(cms)]);
  }

  const valid = (count: number): unknown => ({ valid: count, total: count, wholeDocument: 1 });

  const hybrid = (): FileBuilder => {
    const file = new FileBuilder();
    for (const [number, body] of Object.entries(minimalObjects())) file.object(Number(number), body);
    file.objectStream(5, { 4: '(hidden)' });
    const at = file.length;
    const id = '/ID [<00112233> <00112233>]';
    return file
      .xrefStream(6, '/Size 7', { hidden: true })
      .table(`/Root 1 0 R /Size 7 /XRefStm ${at} ${id}`, { free: [0, 4] });
  };
  const indirectAnnots = (): FileBuilder =>
    minimalPdf({ 3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Annots 4 0 R >>', 4: '[]' });

  for (const [what, file] of [
    ['with a table', minimalPdf],
    ['with a cross-reference stream', compressedPdf],
    ['of the hybrid kind', hybrid],
    ['whose annotations are an object of their own', indirectAnnots],
  ] as const) {
    it(`a file ${what}, signed three times`, () => {
      const once = sign(file().bytes, { fieldName: 'ky_lanh_dao', rect: [10, 10, 90, 50] });
      expect(pdfJudges(once)).to.deep.equal(valid(1));
      expect(pdfJudges(sign(sign(once), { fieldName: 'dau_co_quan' }))).to.deep.equal(valid(3));
    });
  }

  it('a file that is certified, filled, and sealed with a lock', () => {
    const font = PdfDict.of({
      Type: PdfName.of('Font'),
      Subtype: PdfName.of('Type1'),
      BaseFont: PdfName.of('Courier'),
    });
    const appearance = { content: Buffer.from('q Q'), resources: new PdfDict() };
    const certified = sign(minimalPdf().bytes, {
      docMdp: 2,
      appearance,
      rect: [10, 10, 90, 50],
      prepare: (update) =>
        addTextFields(update, [{ name: 'so', rect: [10, 60, 90, 80], defaultAppearance: '/F1 12 Tf 0 g' }], {
          F1: font,
        }),
    });
    const update = new IncrementalUpdate(openPdf(bytesSource(certified)));
    fillTextFields(update, [{ name: 'so', value: '12/QĐ', appearance: () => appearance }]);
    const filled = Buffer.concat([certified, update.finish().bytes]);
    const sealed = sign(filled, { fieldName: 'dau', lock: { action: 'Include', fields: ['so'] } });
    expect(pdfJudges(sealed)).to.deep.equal(valid(2));
  });

  it('a file in which one byte is not what was signed', () => {
    const bytes = sign(minimalPdf().bytes);
    bytes.write('3', bytes.indexOf('200 200'));
    expect(pdfJudges(bytes)).to.deep.equal({ valid: 0, total: 1, wholeDocument: 1 });
  });
});
