import { expect } from 'chai';
import { bytesSource } from '../../server/pdf/byte-source.ts';
import type { PdfDocument } from '../../server/pdf/document.ts';
import { listFields } from '../../server/pdf/forms/field-tree.ts';
import {
  addTextFields,
  type FilledField,
  fillTextFields,
  type NewTextField,
} from '../../server/pdf/forms/text-fields.ts';
import { PdfDict, PdfName, PdfRef } from '../../server/pdf/objects.ts';
import { openPdf } from '../../server/pdf/open-pdf.ts';
import { pageAt } from '../../server/pdf/pages.ts';
import { serialize } from '../../server/pdf/serialize.ts';
import { prepareSignature, type SignatureRequest } from '../../server/pdf/signatures/prepare-signature.ts';
import { formXObject } from '../../server/pdf/update/appearance.ts';
import { importPage } from '../../server/pdf/update/import-page.ts';
import { IncrementalUpdate } from '../../server/pdf/update/incremental-update.ts';
import { FileBuilder, minimalObjects, minimalPdf, refusal } from './file-builder.ts';

const NUMBER: NewTextField = { name: 'so', rect: [10, 20, 60, 40], defaultAppearance: '/F1 13 Tf 0 g' };

function apply(doc: PdfDocument, change: (update: IncrementalUpdate) => void): PdfDocument {
  const update = new IncrementalUpdate(doc);
  change(update);
  return openPdf(bytesSource(Buffer.concat([doc.source.read(0, doc.source.length), update.finish().bytes])));
}

function signed(doc: PdfDocument, request: Partial<SignatureRequest> = {}): PdfDocument {
  const prepared = prepareSignature(doc, { subFilter: 'ETSI.CAdES.detached', contentsSize: 10, ...request });
  return openPdf(bytesSource(Buffer.concat([doc.source.read(0, doc.source.length), prepared.appended])));
}

const withFields = (): PdfDocument =>
  apply(minimalPdf().open(), (update) => {
    const font = PdfDict.of({
      Type: PdfName.of('Font'),
      Subtype: PdfName.of('Type1'),
      BaseFont: PdfName.of('Courier'),
    });
    addTextFields(update, [NUMBER, { ...NUMBER, name: 'ngày', align: 1, label: 'Ngày ban hành' }], {
      F1: font,
    });
  });

const fieldOf = (doc: PdfDocument, name: string) => listFields(doc).find((field) => field.name === name);
const normalOf = (doc: PdfDocument, name: string): string | undefined => {
  const stream = doc.stream(doc.dict(fieldOf(doc, name)?.dict.get('AP'))?.get('N'));
  return stream && Buffer.from(stream.bytes).toString('latin1');
};

describe('pdf: text fields', () => {
  it('are added with widget, default appearance and fonts that stay', () => {
    const doc = withFields();
    expect(listFields(doc).map((field) => [field.name, field.type, field.widgets.length])).to.deep.equal([
      ['so', 'Tx', 1],
      ['ngày', 'Tx', 1],
    ]);
    expect(doc.text(fieldOf(doc, 'ngày')?.dict.get('TU'))).to.equal('Ngày ban hành');
    const form = doc.dict(doc.catalog.get('AcroForm'));
    const fonts = doc.dict(doc.dict(form?.get('DR'))?.get('Font'));
    expect(fonts?.get('F1')).to.be.instanceOf(PdfRef);
    const [page] = doc.pages();
    expect(doc.array(page?.dict.get('Annots'))).to.have.length(2);
  });

  it('are added beside the fonts that are there', () => {
    const doc = apply(withFields(), (update) => addTextFields(update, [], { F2: new PdfRef(1) }));
    const form = doc.dict(doc.catalog.get('AcroForm'));
    expect([...(doc.dict(doc.dict(form?.get('DR'))?.get('Font'))?.keys() ?? [])]).to.deep.equal(['F1', 'F2']);
  });

  it('may have a value and an appearance from the beginning', () => {
    const doc = apply(minimalPdf().open(), (update) =>
      addTextFields(update, [
        { ...NUMBER, value: '12', appearance: { content: Buffer.from('(12) Tj'), resources: new PdfDict() } },
      ]),
    );
    expect([doc.text(fieldOf(doc, 'so')?.value), normalOf(doc, 'so')]).to.deep.equal(['12', '(12) Tj']);
  });

  it('need a free name and an unsigned document', () => {
    const add = (doc: PdfDocument, name: string): string | undefined =>
      refusal(() => addTextFields(new IncrementalUpdate(doc), [{ ...NUMBER, name }]));
    expect(add(withFields(), 'so')).to.equal('pdf.field_exists');
    expect(add(withFields(), 'a.b')).to.equal('pdf.field_name_invalid');
    expect(add(signed(withFields()), 'new')).to.equal('pdf.changes_forbidden');
    const twice = [NUMBER, NUMBER];
    expect(refusal(() => addTextFields(new IncrementalUpdate(minimalPdf().open()), twice))).to.equal(
      'pdf.field_exists',
    );
  });

  it('are filled with value and appearance, after a signature too', () => {
    let seen: FilledField | undefined;
    const doc = apply(signed(withFields()), (update) =>
      fillTextFields(update, [
        {
          name: 'so',
          value: '12/QĐ-UBND',
          appearance: (field) => {
            seen = field;
            return { content: Buffer.from('filled'), resources: PdfDict.of({ Font: field.fonts }) };
          },
        },
      ]),
    );
    expect(doc.text(fieldOf(doc, 'so')?.value)).to.equal('12/QĐ-UBND');
    expect(normalOf(doc, 'so')).to.equal('filled');
    expect(seen).to.deep.include({
      name: 'so',
      value: '12/QĐ-UBND',
      rect: [10, 20, 60, 40],
      defaultAppearance: '/F1 13 Tf 0 g',
    });
    expect(seen?.fonts.has('F1')).to.equal(true);
    expect(fieldOf(doc, 'ngày')?.value).to.equal(undefined);
  });

  it('lose an appearance that shows an old value', () => {
    const doc = apply(withFields(), (update) => fillTextFields(update, [{ name: 'so', value: '1' }]));
    expect(normalOf(doc, 'so')).to.equal(undefined);
  });

  it('are filled on every widget', () => {
    const file = minimalPdf({
      1: '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R] /DA (/F9 9 Tf) >> >>',
      4: '<< /FT /Tx /T (a) /Kids [5 0 R 6 0 R] >>',
      5: '<< /Subtype /Widget /Rect [0 0 10 10] /Parent 4 0 R >>',
      6: '<< /Subtype /Widget /Rect [9 30 1 2] /Parent 4 0 R >>',
    });
    const rects: string[] = [];
    const doc = apply(file.open(), (update) =>
      fillTextFields(update, [
        {
          name: 'a',
          value: 'x',
          appearance: ({ rect, defaultAppearance }) => {
            rects.push(`${rect} ${defaultAppearance}`);
            return formXObject(
              { content: Buffer.from('x'), resources: new PdfDict() },
              { width: 1, height: 1 },
            );
          },
        },
      ]),
    );
    expect(rects).to.deep.equal(['0,0,10,10 /F9 9 Tf', '1,2,9,30 /F9 9 Tf']);
    expect([5, 6].map((n) => doc.dict(new PdfRef(n))?.has('AP'))).to.deep.equal([true, true]);
    expect(doc.text(doc.dict(new PdfRef(4))?.get('V'))).to.equal('x');
  });

  it('are not filled when missing, locked or forbidden', () => {
    const fill = (doc: PdfDocument, name = 'so'): string | undefined =>
      refusal(() => fillTextFields(new IncrementalUpdate(doc), [{ name, value: '1' }]));
    expect(fill(withFields())).to.equal(undefined);
    expect(fill(withFields(), 'no such field')).to.equal('pdf.field_missing');
    expect(fill(signed(withFields()), 'Signature1')).to.equal('pdf.field_missing');
    expect(fill(signed(withFields(), { docMdp: 1 }))).to.equal('pdf.changes_forbidden');
    expect(fill(signed(withFields(), { docMdp: 2 }))).to.equal(undefined);
    const locked = signed(withFields(), { lock: { action: 'Include', fields: ['so'] } });
    expect([fill(locked), fill(locked, 'ngày')]).to.deep.equal(['pdf.field_locked', undefined]);
    const sealed = signed(withFields(), { lock: { action: 'All', fields: [], permission: 1 } });
    expect(fill(sealed)).to.equal('pdf.changes_forbidden');
  });
});

describe('pdf: a page of another document as an appearance', () => {
  const other = (): FileBuilder => {
    const file = new FileBuilder();
    const bodies = {
      2: '<< /Type /Pages /Kids [3 0 R] /MediaBox [0 0 100 50] /Resources << /Font << /F1 6 0 R >> >> >>',
      3: '<< /Type /Page /Contents [4 0 R 5 0 R 9 0 R] >>',
      6: '<< /Type /Font /FontDescriptor 7 0 R /Self 6 0 R >>',
    };
    for (const [number, body] of Object.entries(minimalObjects(bodies))) file.object(Number(number), body);
    return file
      .stream(4, '', 'q BT')
      .stream(5, '/Filter /ASCIIHexDecode', '4554 20 51>')
      .stream(7, '', 'font program')
      .table('/Root 1 0 R /Size 8');
  };

  it('comes with all that its resources need', () => {
    const from = other().open();
    let ref: PdfRef | undefined;
    const doc = apply(minimalPdf().open(), (update) => {
      ref = update.add(importPage(update, from, pageAt(from, 0)));
    });
    const form = doc.stream(ref);
    expect(form && Buffer.from(form.bytes).toString()).to.equal('q BT\nET Q\n');
    expect(serialize(form?.dict.get('BBox') ?? null)).to.equal('[0 0 100 50]');
    const fontRef = doc.dict(doc.dict(form?.dict.get('Resources'))?.get('Font'))?.get('F1');
    const font = doc.dict(fontRef);
    expect(Buffer.from(doc.stream(font?.get('FontDescriptor'))?.bytes ?? []).toString()).to.equal(
      'font program',
    );
    expect(font?.get('Self')).to.deep.equal(fontRef);
  });

  it('is refused when it is nested without end', () => {
    const deep = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [i + 10, `[${i + 11} 0 R]`]));
    const from = minimalPdf({
      3: '<< /Type /Page /Resources << /A 10 0 R >> >>',
      ...deep,
      310: 'null',
    }).open();
    const update = new IncrementalUpdate(minimalPdf().open());
    expect(refusal(() => importPage(update, from, pageAt(from, 0)))).to.equal('pdf.too_deep');
  });
});
