import { expect } from 'chai';
import type { ByteSource } from '../../server/pdf/byte-source.ts';
import { joinedSource } from '../../server/pdf/byte-source.ts';
import { openPdf } from '../../server/pdf/open-pdf.ts';
import { signatureCoverage } from '../../server/pdf/signatures/coverage.ts';
import { listSignatures } from '../../server/pdf/signatures/list-signatures.ts';
import { prepareSignature } from '../../server/pdf/signatures/prepare-signature.ts';
import { refusal } from './file-builder.ts';

const GB = 10 ** 9;

/** A file whose one stream is gigabytes of zeros that are nowhere: only what is read is made, and counted. */
function hugeFile(
  size: number,
  section: 'table' | 'stream',
): ByteSource & { readonly bytesRead: () => number } {
  const head = Buffer.from(
    '%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n' +
      '2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n' +
      '3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Resources << >> >>\nendobj\n' +
      `4 0 obj\n<< /Length ${size} >>\nstream\n`,
  );
  const at = (text: string): number => head.indexOf(text);
  const offsets = [at('1 0 obj'), at('2 0 obj'), at('3 0 obj'), at('4 0 obj')];
  const end = '\nendstream\nendobj\n';
  const start = head.length + size + end.length;
  const tail = Buffer.concat([
    Buffer.from(end),
    section === 'table' ? table(offsets, start) : stream(offsets, start),
  ]);
  let read = 0;
  return {
    length: head.length + size + tail.length,
    bytesRead: () => read,
    read: (from, to) => {
      const bytes = Buffer.alloc(to - from);
      read += bytes.length;
      head.copy(bytes, 0, Math.min(from, head.length), Math.min(to, head.length));
      const tailAt = head.length + size;
      if (to > tailAt) tail.copy(bytes, Math.max(0, tailAt - from), Math.max(0, from - tailAt), to - tailAt);
      return bytes;
    },
  };
}

function table(offsets: readonly number[], start: number): Buffer {
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  return Buffer.from(
    `xref\n0 5\n0000000000 65535 f \n${rows}trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`,
  );
}

function stream(offsets: readonly number[], start: number): Buffer {
  const rows = Buffer.alloc(5 * 8);
  [...offsets, start].forEach((offset, i) => {
    rows.writeUInt8(1, i * 8);
    rows.writeUIntBE(offset, i * 8 + 1, 6);
  });
  return Buffer.concat([
    Buffer.from(
      `5 0 obj\n<< /Type /XRef /W [1 6 1] /Index [1 5] /Size 6 /Root 1 0 R /Length ${rows.length} >>\nstream\n`,
    ),
    rows,
    Buffer.from(`\nendstream\nendobj\nstartxref\n${start}\n%%EOF\n`),
  ]);
}

const request = { subFilter: 'ETSI.CAdES.detached', contentsSize: 64 };

describe('pdf: files of gigabytes', () => {
  for (const [size, section] of [
    [5 * GB, 'table'],
    [9.9 * GB, 'table'],
    [12 * GB, 'stream'],
    [900 * GB, 'stream'],
  ] as const) {
    it(`of ${size / GB} GB with a ${section} take a signature, and next to nothing of them is read`, () => {
      const source = hugeFile(size, section);
      const prepared = prepareSignature(openPdf(source), request);
      const signed = joinedSource(source, prepared.embed(Buffer.from('3000', 'hex')));
      const doc = openPdf(signed);
      const [signature] = listSignatures(doc);
      expect(signature?.byteRange).to.deep.equal([...prepared.byteRange]);
      expect(signature && signatureCoverage(doc, signature).coverage).to.equal('whole-file');
      expect(prepared.byteRange[1]).to.be.greaterThan(size);
      expect(source.bytesRead()).to.be.lessThan(2 ** 20);
    });
  }

  it('are refused where a table has no room for their offsets', () => {
    expect(refusal(() => prepareSignature(openPdf(hugeFile(10 * GB, 'table')), request))).to.equal(
      'pdf.too_large',
    );
  });
});
