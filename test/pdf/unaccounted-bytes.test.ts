import { expect } from 'chai';
import { bytesSource } from '../../server/pdf/byte-source.ts';
import { openPdf } from '../../server/pdf/open-pdf.ts';
import { prepareSignature } from '../../server/pdf/signatures/prepare-signature.ts';
import { unaccountedBytes } from '../../server/pdf/unaccounted-bytes.ts';
import { compressedPdf, FileBuilder, minimalObjects, minimalPdf } from './file-builder.ts';

const TRAILER = '/Root 1 0 R /Size 7';

/** What is found, as text. */
function found(file: FileBuilder, from = 0): string[] {
  const doc = file.open();
  return unaccountedBytes(doc, from).map(
    ({ kind, start, end }) =>
      `${kind}: ${Buffer.from(doc.source.read(start, end)).toString('latin1').trim()}`,
  );
}

describe('pdf: bytes that nothing accounts for', () => {
  it('are none in clean files', () => {
    expect(found(minimalPdf())).to.deep.equal([]);
    expect(found(compressedPdf())).to.deep.equal([]);
    expect(found(minimalPdf().object(4, '(more)').table(TRAILER))).to.deep.equal([]);
    const file = minimalPdf();
    const { appended } = prepareSignature(file.open(), { subFilter: 'x', contentsSize: 9 });
    expect(unaccountedBytes(openPdf(bytesSource(Buffer.concat([file.bytes, appended]))))).to.deep.equal([]);
  });

  it('are found behind the last end mark', () => {
    const length = minimalPdf().length;
    const hidden = '9 0 obj (hidden) endobj';
    expect(found(minimalPdf().text(`${hidden}\n`), length)).to.deep.equal([`bytes: ${hidden}`]);
    expect(found(minimalPdf().text('\n \r\n'))).to.deep.equal([]);
    expect(found(minimalPdf().text('% only a comment\n'))).to.deep.equal(['comment: % only a comment']);
  });

  it('are found between revisions and among objects', () => {
    const file = minimalPdf()
      .text('between\n')
      .object(4, '(x)')
      .text('9 0 obj (unnamed) endobj\n')
      .object(5, '(y)');
    expect(found(file.table(TRAILER))).to.deep.equal(['bytes: between', 'bytes: 9 0 obj (unnamed) endobj']);
  });

  it('are all those of an object whose entry points elsewhere', () => {
    const file = minimalPdf();
    const from = file.length;
    file.object(4, '(x)').object(5, '(y)').table(TRAILER);
    const entry = file.bytes.indexOf(String(file.bytes.indexOf('5 0 obj')).padStart(10, '0'));
    file.bytes.write('0000000011', entry);
    expect(found(file, from)).to.deep.equal(['bytes: 5 0 obj\n(y)\nendobj']);
  });

  it('are those before the header', () => {
    const file = new FileBuilder('junk\n%PDF-1.7\n', 5);
    for (const [number, body] of Object.entries(minimalObjects())) file.object(Number(number), body);
    expect(found(file.table(TRAILER))).to.deep.equal(['bytes: junk']);
  });
});
