import { expect } from 'chai';
import fc from 'fast-check';
import { parseCsv, writeCsv } from '../../server/platform/csv.ts';

describe('CSV', () => {
  it('reads back what it wrote', () => {
    const cell = fc.string({ unit: 'grapheme' }).filter((text) => text !== '' && !/^[=+\-@\t\r]/.test(text));
    const rows = fc.array(fc.array(cell, { minLength: 1, maxLength: 5 }), { maxLength: 8 });
    fc.assert(
      fc.property(rows, (written) => {
        expect(parseCsv(writeCsv(written))).to.deep.equal(written);
      }),
    );
  });

  for (const text of ['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\r=x']) {
    it(`takes the formula out of ${JSON.stringify(text)}`, () => {
      expect(parseCsv(writeCsv([[text]]))).to.deep.equal([[`'${text}`]]);
    });
  }

  it('keeps our own negative numbers numbers', () => {
    expect(writeCsv([[-1, 28.96]])).to.equal('\ufeff-1,28.96\r\n');
  });

  it('ends an empty last cell and passes over empty lines', () => {
    expect(parseCsv('a,\n\n"b\r\n""c""",d\n')).to.deep.equal([
      ['a', ''],
      ['b\r\n"c"', 'd'],
    ]);
  });

  for (const text of ['"a', 'a"b', '"a"b']) {
    it(`refuses ${text}`, () => {
      expect(() => parseCsv(text)).to.throw(SyntaxError);
    });
  }
});
