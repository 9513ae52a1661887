import { expect } from 'chai';
import fc from 'fast-check';
import { formatPdfDate, parsePdfDate } from '../../server/pdf/date.ts';
import { PdfString } from '../../server/pdf/objects.ts';
import { serialize } from '../../server/pdf/serialize.ts';
import { decodeText, encodeText } from '../../server/pdf/text-string.ts';

describe('pdf: text strings (ISO 32000-2 7.9.2.2)', () => {
  it('keeps Vietnamese', () => {
    const text = 'Ký duyệt văn bản đi, số 12/QĐ-UBND';
    const written = PdfString.text(text);
    expect(written.hex).to.equal(true);
    expect(Buffer.from(written.bytes.subarray(0, 2)).toString('hex')).to.equal('feff');
    expect(written.text).to.equal(text);
  });

  it('reads back whatever it writes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(decodeText(encodeText(text))).to.equal(text);
        expect(PdfString.text(text).text).to.equal(text);
      }),
    );
  });

  it('writes plain words as they are and nothing else as a literal', () => {
    expect(serialize(PdfString.text('Signature1'))).to.equal('(Signature1)');
    expect(serialize(PdfString.text('a) /ByteRange [0 1 2 3] (b'))).to.match(/^<feff[0-9a-f]+>$/);
  });

  it('reads PDFDocEncoding, UTF-16 of either order, UTF-8 and language marks', () => {
    const read = (hex: string): string => decodeText(Buffer.from(hex, 'hex'));
    expect(read('80a0e97f18')).to.equal('•€é\ufffd˘');
    expect(read('feff1ee7')).to.equal('ủ');
    expect(read('fffee71e')).to.equal('ủ');
    expect(read('efbbbfe1bba7')).to.equal('ủ');
    expect(read('feff001b00760069001b0041')).to.equal('A');
  });
});

describe('pdf: dates (ISO 32000-2 7.9.4)', () => {
  it('reads every precision and zone', () => {
    const iso = (text: string): string | undefined => parsePdfDate(text)?.toISOString();
    expect(iso("D:20261122101530+07'00'")).to.equal('2026-11-22T03:15:30.000Z');
    expect(iso("D:20261122101530+07'00")).to.equal('2026-11-22T03:15:30.000Z');
    expect(iso('D:20261122101530-0530')).to.equal('2026-11-22T15:45:30.000Z');
    expect(iso("D:20261122101530Z00'00'")).to.equal('2026-11-22T10:15:30.000Z');
    expect(iso('D:20261122101530Z')).to.equal('2026-11-22T10:15:30.000Z');
    expect(iso('D:2026')).to.equal('2026-01-01T00:00:00.000Z');
  });

  it('reads nothing from what is no date', () => {
    for (const text of ['', '2026', 'D:20261340', 'D:20261122101530+25', 'D:2026112210153', 'hôm nay']) {
      expect(parsePdfDate(text), text).to.equal(undefined);
    }
  });

  it('writes in the zone it is told', () => {
    const instant = new Date('2026-11-22T03:15:30.500Z');
    expect(formatPdfDate(instant, 420)).to.equal("D:20261122101530+07'00'");
    expect(formatPdfDate(instant, -210)).to.equal("D:20261121234530-03'30'");
    expect(formatPdfDate(instant)).to.equal('D:20261122031530Z');
  });
});
