import { expect } from 'chai';
import fc from 'fast-check';
import { findAnchor } from '../../../server/signing/appearance/find-anchor.ts';
import type { TextRun } from '../../../server/signing/appearance/page-text.ts';

/** Runs one under the other, each ten points high and as wide as it has letters. */
const lines = (...texts: string[]): TextRun[] =>
  texts.map((text, i) => ({ text, box: [0, 90 - 10 * i, text.length, 100 - 10 * i], isVertical: false }));

describe('an anchor text', () => {
  it('is found in the middle of a run, with the box of its own letters', () => {
    expect(findAnchor(lines('Người ký: Nguyễn An, Cà Mau'), 'Nguyễn An')).to.deep.equal([[10, 90, 19, 100]]);
  });

  it('is found whatever the normalisation of page and anchor', () => {
    const forms = ['NFC', 'NFD'] as const;
    for (const page of forms) {
      for (const anchor of forms) {
        const runs = lines('Chủ tịch', 'Lê Thị Hường'.normalize(page));
        expect(findAnchor(runs, 'Lê Thị Hường'.normalize(anchor)), `${page} ${anchor}`).to.have.length(1);
      }
    }
  });

  it('is found though white space differs and runs are split, even inside a letter', () => {
    expect(findAnchor(lines('Nguyễ', 'n  V', 'ăn', ' An'), 'Nguyễn Văn An')).to.have.length(1);
    expect(findAnchor(lines('Nguye\u0302', '\u0303n Văn An'), 'Nguyễn Văn An')).to.have.length(1);
    expect(findAnchor(lines('Nguyễn\u00a0Văn\u00adAn'), 'NguyễnVăn An')).to.have.length(1);
  });

  it('is not another letter, nor a part of a letter with its marks', () => {
    expect(findAnchor(lines('Nguyen Van An'), 'Nguyễn Văn An')).to.deep.equal([]);
    expect(findAnchor(lines('Hoa\u0300'), 'Hoa')).to.deep.equal([]);
    expect(findAnchor(lines('An'), ' ')).to.deep.equal([]);
  });

  it('is found every time, in the order of the page, none overlapping another', () => {
    expect(findAnchor(lines('aaaa', 'aab'), 'aa').map(([, y]) => y)).to.deep.equal([90, 90, 80]);
  });

  it('runs upwards when the text does', () => {
    const runs: TextRun[] = [{ text: 'abcd', box: [0, 0, 10, 40], isVertical: true }];
    expect(findAnchor(runs, 'cd')).to.deep.equal([[0, 20, 10, 40]]);
  });

  it('is found wherever it was put, however the runs are cut', () => {
    const word = fc.stringMatching(/^[a-zđêơ]{1,8}$/);
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 5 }),
        word,
        fc.array(fc.nat(20), { maxLength: 6 }),
        (before, name, cuts) => {
          const text = [...before, name].join(' ');
          const parts: string[] = [];
          let rest = text;
          for (const cut of cuts) {
            parts.push(rest.slice(0, cut));
            rest = rest.slice(cut);
          }
          expect(findAnchor(lines(...parts, rest), name)).to.not.deep.equal([]);
        },
      ),
    );
  });

  it('reads a page of nothing but marks', () => {
    const marks = Array.from({ length: 100_000 }, () => ({
      text: '\u0301',
      box: [0, 0, 9, 9] as const,
      isVertical: false,
    }));
    expect(findAnchor(marks, 'b')).to.deep.equal([]);
  });
});
