import { expect } from 'chai';
import { bytesSource } from '../../server/pdf/byte-source.ts';
import { openPdf } from '../../server/pdf/open-pdf.ts';
import { listSignatures } from '../../server/pdf/signatures/list-signatures.ts';
import { FileBuilder } from '../pdf/file-builder.ts';
import { leader, signed, stream } from '../verification/files.ts';
import { missingPdfJudges, pdfJudges } from './judges.ts';

const xmp = (part: number): string => `<rdf:RDF><pdfaid:part>${part}</pdfaid:part></rdf:RDF>`;

/** A document that claims to be PDF/A of that part; its field `san` waits and has a look of its own. */
function pdfA(part: number): Buffer {
  return new FileBuilder('%PDF-1.4\n%\xe2\xe3\xcf\xd3\n')
    .object(1, '<< /Type /Catalog /Pages 2 0 R /Metadata 4 0 R /AcroForm << /Fields [5 0 R] >> >>')
    .object(2, '<< /Type /Pages /Kids [3 0 R] /Count 1 >>')
    .object(3, '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Resources << >> /Annots [5 0 R] >>')
    .object(4, stream(xmp(part), '/Type /Metadata /Subtype /XML'))
    .object(
      5,
      '<< /Type /Annot /Subtype /Widget /FT /Sig /T (san) /F 4 /P 3 0 R /Rect [9 9 99 99] /AP << /N 6 0 R >> >>',
    )
    .object(6, stream('0 0 90 90 re S', '/Type /XObject /Subtype /Form /BBox [0 0 90 90]'))
    .table('/Root 1 0 R /Size 7 /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]')
    .bytes;
}

async function widgetAfter(part: number, field?: string) {
  const file = await signed(pdfA(part), leader, field === undefined ? {} : { field });
  const doc = openPdf(bytesSource(file));
  const widget = listSignatures(doc)[0]?.field?.widgets[0]?.dict;
  const look = doc.stream(doc.dict(widget?.get('AP'))?.get('N'));
  const metadata = doc.stream(doc.catalog.get('Metadata'));
  return { file, doc, widget, look, metadata: metadata && Buffer.from(metadata.bytes).toString() };
}

describe('a signature in a PDF/A', () => {
  it('has an appearance in part 1, which wants one of every field, also where nothing is shown', async () => {
    const { widget, look, doc } = await widgetAfter(1);
    expect(look?.bytes).to.have.length(0);
    expect(look?.dict.has('Group')).to.equal(false);
    expect(doc.array(widget?.get('Rect'))).to.deep.equal([0, 0, 0, 0]);
    for (const part of [2, 3, 4]) expect((await widgetAfter(part)).look, `part ${part}`).to.equal(undefined);
  });

  it('leaves the look of a field that waited for it', async () => {
    const { look } = await widgetAfter(1, 'san');
    expect(look && Buffer.from(look.bytes).toString()).to.equal('0 0 90 90 re S');
  });

  it('is printed and not hidden, has no actions, and leaves metadata, /ID and the kind of section as they are', async () => {
    const { doc, widget, metadata } = await widgetAfter(1);
    const [HIDDEN_OR_NO_VIEW, PRINT] = [1 | 2 | 32, 4];
    const flags = doc.number(widget?.get('F')) ?? 0;
    expect(flags & PRINT).to.equal(PRINT);
    expect(flags & HIDDEN_OR_NO_VIEW).to.equal(0);
    expect([widget?.has('A'), widget?.has('AA')]).to.deep.equal([false, false]);
    expect(metadata).to.equal(xmp(1));
    expect(doc.array(doc.trailer.get('ID'))).to.have.length(2);
    expect(doc.revision.sections.map(({ kind }) => kind)).to.deep.equal(['table']);
    expect(doc.dict(doc.catalog.get('AcroForm'))?.has('NeedAppearances')).to.equal(false);
  });

  it(`is good for pdfsig and qpdf${missingPdfJudges}`, async function () {
    if (missingPdfJudges) return this.skip();
    const { file } = await widgetAfter(1);
    expect(pdfJudges(file)).to.deep.include({ valid: 1, wholeDocument: 1 });
  });
});
