import { expect } from 'chai';
import { composeDocument } from '../../server/composition/compose-document.ts';
import { CompositionError } from '../../server/composition/errors.ts';
import { dateText, numberText } from '../../server/composition/issue-text.ts';
import { signatureAppearance } from '../../server/composition/signature-appearance.ts';
import {
  filledTextField,
  type TextFieldName,
  textFieldAppearance,
} from '../../server/composition/text-field.ts';
import { bytesSource } from '../../server/pdf/byte-source.ts';
import { fillTextFields } from '../../server/pdf/forms/text-fields.ts';
import { openPdf } from '../../server/pdf/open-pdf.ts';
import { prepareSignature } from '../../server/pdf/signatures/prepare-signature.ts';
import { IncrementalUpdate } from '../../server/pdf/update/incremental-update.ts';
import { documentWith, now } from './sample-document.ts';
import { hasTool, runOn, textOf } from './tools.ts';

function fill(bytes: Uint8Array, values: Partial<Record<TextFieldName, string>>): Buffer {
  const update = new IncrementalUpdate(openPdf(bytesSource(bytes)));
  const changes = Object.entries(values).map(([name, value]) => ({
    name,
    value,
    appearance: ({ rect }: { rect: readonly [number, number, number, number] }) =>
      filledTextField(update, name as TextFieldName, value, rect),
  }));
  fillTextFields(update, changes);
  return Buffer.concat([bytes, update.finish().bytes]);
}

const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof CompositionError) return error.code;
    throw error;
  }
  return 'done';
};

describe('number, date and signatures in a composed document', () => {
  it('shows number and date where they belong, in a revision that changes no earlier byte', async function () {
    if (!hasTool('pdftotext') || !hasTool('qpdf')) this.skip();
    const { bytes } = await composeDocument(documentWith(), { now });
    const filled = fill(bytes, { so_van_ban: numberText(7), ngay_ban_hanh: dateText('2026-02-05') });
    expect(Buffer.compare(filled.subarray(0, bytes.length), bytes)).to.equal(0);
    expect(textOf(filled)).to.match(/Số: +07\/QĐ-UBND +Cà Mau, ngày 05 tháng 02 năm 2026/);
    expect(runOn(filled, 'qpdf', (file) => ['--check', file])).to.match(
      /No syntax or stream encoding errors/,
    );
  });

  it('can write every letter that a number or a date may hold', () => {
    const box = { width: 500, height: 16 };
    for (const value of ['1234', '05/QĐ-UBND', '12/HĐ-SNNMT', '7a/QyĐ-TƯ']) {
      expect(
        codeOf(() => textFieldAppearance('so_van_ban', value, box)),
        value,
      ).to.equal('done');
    }
    for (const month of Array.from({ length: 12 }, (_, i) => String(i + 1).padStart(2, '0'))) {
      const value = dateText(`2026-${month}-09`);
      expect(
        codeOf(() => textFieldAppearance('ngay_ban_hanh', value, box)),
        value,
      ).to.equal('done');
    }
  });

  it('refuses a value that does not fit, or has letters the embedded font lacks', () => {
    const box = { width: 26, height: 16 };
    expect(codeOf(() => textFieldAppearance('so_van_ban', '1234567', box))).to.equal(
      'composition.does_not_fit',
    );
    expect(codeOf(() => textFieldAppearance('so_van_ban', '1😀', box))).to.equal(
      'composition.unsupported_character',
    );
  });

  it('shows who signed, in Vietnamese, broken into the box', async function () {
    if (!hasTool('pdftotext') || !hasTool('qpdf')) this.skip();
    const { bytes, places } = await composeDocument(documentWith(), { now });
    const { page, rect } = places.ky_lanh_dao;
    const { appended } = prepareSignature(openPdf(bytesSource(bytes)), {
      fieldName: 'ky_lanh_dao',
      subFilter: 'ETSI.CAdES.detached',
      contentsSize: 64,
      page,
      rect,
      appearance: signatureAppearance({
        lines: ['Ký bởi: Nguyễn Thị Minh Khai', 'Thời gian ký: 22/11/2026 10:15:30 +07:00'],
        width: rect[2] - rect[0],
        height: rect[3] - rect[1],
      }),
    });
    const signed = Buffer.concat([bytes, appended]);
    expect(textOf(signed)).to.match(/Ký bởi: Nguyễn Thị Minh Khai/);
    expect(runOn(signed, 'qpdf', (file) => ['--check', file])).to.match(
      /No syntax or stream encoding errors/,
    );
  });

  it('refuses signature text that no size makes fit', () => {
    const act = () => signatureAppearance({ lines: ['Ủy ban nhân dân '.repeat(50)], width: 60, height: 20 });
    expect(codeOf(act)).to.equal('composition.does_not_fit');
    expect(codeOf(() => signatureAppearance({ lines: ['a'], width: 2, height: 20 }))).to.equal(
      'composition.does_not_fit',
    );
  });

  it('writes numbers below ten and the first two months with a zero', () => {
    expect([numberText(5), numberText(12), numberText(1203)]).to.deep.equal(['05', '12', '1203']);
    expect(dateText('2026-01-05')).to.equal('ngày 05 tháng 01 năm 2026');
    expect(dateText('2026-11-30')).to.equal('ngày 30 tháng 11 năm 2026');
    expect(dateText('2026-09-02')).to.equal('ngày 02 tháng 9 năm 2026');
  });
});
