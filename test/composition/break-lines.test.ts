import { expect } from 'chai';
import fc from 'fast-check';
import { balancedLines, breakLines, type Line } from '../../server/composition/break-lines.ts';
import { newFontSet } from '../../server/composition/font-set.ts';

const fonts = newFontSet();
const texts = (lines: readonly Line[]): string[] =>
  lines.map(({ words }) => words.map(({ pieces }) => pieces.map(({ text }) => text).join('')).join(' '));

describe('breaking lines', () => {
  it('keeps every character and stays within the measure', () => {
    const word = fc.string({
      unit: fc.constantFrom(...'aăâbcdđeêghiklmnoôơpqrstuưvxyệẫỡ.,W'),
      maxLength: 60,
    });
    fc.assert(
      fc.property(fc.array(word, { maxLength: 40 }), fc.integer({ min: 20, max: 400 }), (words, measure) => {
        const text = words.join(' ');
        const lines = breakLines([{ text, style: 'regular' }], 14, fonts, {
          first: measure / 2,
          rest: measure,
        });
        expect(texts(lines).join('').replaceAll(' ', '')).to.equal(text.replaceAll(' ', ''));
        for (const [index, line] of lines.entries()) {
          const isOneLetter = texts([line])[0]?.length === 1;
          if (!isOneLetter) expect(line.width).to.be.at.most((index === 0 ? measure / 2 : measure) + 0.001);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('keeps runs of two styles together when no space is between them', () => {
    const lines = breakLines(
      [
        { text: 'Điều 1', style: 'bold' },
        { text: '. Ban hành', style: 'regular' },
      ],
      14,
      fonts,
      { first: 500, rest: 500 },
    );
    expect(texts(lines)).to.deep.equal(['Điều 1. Ban hành']);
    expect(lines[0]?.words[1]?.pieces.map(({ style }) => style)).to.deep.equal(['bold', 'regular']);
  });

  it('balances a title without needing more lines', () => {
    const text = 'Về việc kiểm tra việc sử dụng chữ ký số trong các cơ quan nhà nước năm 2027';
    const run = [{ text, style: 'bold' }] as const;
    const greedy = breakLines(run, 14, fonts, { first: 400, rest: 400 });
    const balanced = balancedLines(run, 14, fonts, 400);
    const spread = (lines: readonly Line[]) =>
      Math.max(...lines.map(({ width }) => width)) - Math.min(...lines.map(({ width }) => width));
    expect(balanced).to.have.length(greedy.length);
    expect(spread(balanced)).to.be.below(spread(greedy));
  });
});
