import { expect } from 'chai';
import fc from 'fast-check';
import { bytesSource } from '../../server/pdf/byte-source.ts';
import { emptyTrustStore } from '../../server/verification/trust-store.ts';
import { verifyPdf } from '../../server/verification/verify-pdf.ts';
import { agency, formPdf, judged, now, reportOn, signed } from './files.ts';

describe('files of strangers', () => {
  let file: Buffer;
  /** The gaps of both signatures: nothing in them is signed but the CMS itself. */
  let gap: { start: number; end: number };

  before(async () => {
    file = await signed(await signed(formPdf(), undefined, { field: 'ky' }), agency, { field: 'dau' });
    const end = file.lastIndexOf('>\n', file.length - 300);
    const start = file.lastIndexOf('/Contents <') + '/Contents '.length;
    gap = { start, end: file.indexOf('>', start) + 1 };
    expect(end).to.be.greaterThan(0);
  });

  it('are never valid with one byte flipped anywhere outside the last gap', () => {
    expect(judged(file).verdict).to.equal('valid');
    const place = fc.nat(file.length - 1).filter((at) => at < gap.start || at >= gap.end);
    fc.assert(
      fc.property(place, fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = Buffer.from(file);
        bytes[at] = (bytes[at] ?? 0) ^ flip;
        const report = judged(bytes);
        expect(report.verdict).not.to.equal('valid');
        expect(report.documentIntegrity).not.to.equal('intact');
      }),
      { numRuns: 500 },
    );
  });

  it('are reported, never thrown at the caller, whatever is done to them', () => {
    const edit = fc.record({ at: fc.nat(), length: fc.nat(40), insert: fc.uint8Array({ maxLength: 20 }) });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        let bytes: Buffer = file;
        for (const { at, length, insert } of edits) {
          const from = at % bytes.length;
          bytes = Buffer.concat([bytes.subarray(0, from), insert, bytes.subarray(from + length)]);
        }
        const report = judged(bytes);
        expect(report.code).not.to.equal('verification.failed');
      }),
      { numRuns: 300 },
    );
  });

  it('are unreadable with a code when they are no PDF', () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('hello'), Buffer.alloc(5000), file.subarray(0, 400)]) {
      const report = verifyPdf(bytesSource(bytes), { trust: emptyTrustStore, at: now });
      expect(report).to.include({ verdict: 'unreadable', documentIntegrity: 'unknown' });
      expect(report.code).to.match(/^pdf\./);
      expect(report.signatures).to.deep.equal([]);
    }
  });

  it('are unreadable when they are encrypted in no way', () => {
    const encrypted = formPdf().toString('latin1').replace('/Info 10 0 R', '/Encrypt 8 0 R');
    expect(judged(Buffer.from(encrypted, 'latin1')).code).to.equal('pdf.encryption_invalid');
  });

  it('are unsigned without a signature, with the code that says so', () => {
    expect(judged(formPdf())).to.include({
      verdict: 'unsigned',
      documentIntegrity: 'unknown',
      code: 'verification.no_signature',
    });
  });

  it('cannot claim more coverage than they have', async () => {
    const one = await signed(formPdf(), undefined, { field: 'ky' });
    const range = /\/ByteRange \[([^\]]*)\]/.exec(one.toString('latin1'));
    const [, text = ''] = range ?? [];
    const [a = 0, b = 0, c = 0, d = 0] = text.trim().split(/\s+/).map(Number);
    for (const numbers of [
      [a, b, c, d - 20],
      [a, b, c, d + 20],
      [a, b - 5, c, d],
      [a, b, c + 5, d - 5],
      [5, b - 5, c, d],
    ]) {
      const changed = one.toString('latin1').replace(text, numbers.join(' ').padEnd(text.length));
      const report = judged(Buffer.from(changed.slice(0, one.length), 'latin1'));
      expect(report.documentIntegrity, numbers.join()).to.equal('tampered');
      expect(reportOn(report, 'ky').coverage).to.be.oneOf(['partial', 'invalid']);
    }
  });
});
