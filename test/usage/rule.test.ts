import { expect } from 'chai';
import fc from 'fast-check';
import { percent } from '../../server/usage/count.ts';
import { addDays, endOfDay, isDay } from '../../server/usage/day.ts';
import { groupOf, type RegularUseRule, ruleOn, ruleSentence, windowStart } from '../../server/usage/rule.ts';

const rule: RegularUseRule = { effectiveFrom: '2018-01-01', minimumDays: 3, windowDays: 90 };
const asOf = '2026-06-15';
const daysAgo = (days: number): string => addDays(asOf, -days);

const aRule = fc.record({
  effectiveFrom: fc.constant('2018-01-01'),
  minimumDays: fc.integer({ min: 1, max: 40 }),
  windowDays: fc.integer({ min: 1, max: 400 }),
});
/** Days around the edges of most windows, some of them after the report. */
const someDays = fc.array(fc.integer({ min: -5, max: 450 }).map(daysAgo), { maxLength: 60 });

describe('the rule of regular use', () => {
  const cases: [string, number[], string][] = [
    ['no use', [], 'never'],
    ['three days', [0, 1, 2], 'regular'],
    ['two days', [0, 1], 'irregular'],
    ['the same day three times', [7, 7, 7], 'irregular'],
    ['a third day that is the first of the window', [0, 45, 89], 'regular'],
    ['a third day that is one day too early', [0, 45, 90], 'irregular'],
    ['much use, long ago', [100, 101, 102, 103], 'irregular'],
    ['days after the report', [-1, -2, -3], 'never'],
  ];
  for (const [what, days, group] of cases) {
    it(`calls ${what} ${group}`, () => {
      expect(groupOf(rule, asOf, days.map(daysAgo))).to.equal(group);
    });
  }

  it('depends neither on the order of the days nor on repeats', () => {
    fc.assert(
      fc.property(aRule, someDays, (any, days) => {
        const group = groupOf(any, asOf, days);
        expect(groupOf(any, asOf, days.toReversed())).to.equal(group);
        expect(groupOf(any, asOf, [...days, ...days])).to.equal(group);
      }),
    );
  });

  it('says regular exactly when enough different days lie in the window', () => {
    fc.assert(
      fc.property(aRule, someDays, (any, days) => {
        // Counted the slow way: day by day through the window.
        let used = 0;
        for (let ago = 0; ago < any.windowDays; ago++) if (days.includes(daysAgo(ago))) used++;
        expect(groupOf(any, asOf, days) === 'regular').to.equal(used >= any.minimumDays);
      }),
    );
  });

  const rank = { never: 0, irregular: 1, regular: 2 };
  it('never ranks a certificate lower because it signed once more', () => {
    fc.assert(
      fc.property(aRule, someDays, fc.integer({ min: 0, max: 450 }).map(daysAgo), (any, days, day) => {
        const [less, more] = [groupOf(any, asOf, days), groupOf(any, asOf, [...days, day])];
        expect(rank[more]).to.be.at.least(rank[less]);
      }),
    );
  });

  it('never ranks a certificate higher because the rule became stricter', () => {
    fc.assert(
      fc.property(aRule, someDays, (any, days) => {
        const stricter = { ...any, minimumDays: any.minimumDays + 1 };
        expect(rank[groupOf(stricter, asOf, days)]).to.be.at.most(rank[groupOf(any, asOf, days)]);
      }),
    );
  });

  it('looks at as many days as it says, the day of the report included', () => {
    expect(windowStart(rule, asOf)).to.equal(daysAgo(89));
    expect(windowStart({ ...rule, windowDays: 1 }, asOf)).to.equal(asOf);
  });

  it('is the newest one in force on the day, in whatever order they are given', () => {
    const newer = { effectiveFrom: '2026-06-15', minimumDays: 5, windowDays: 30 };
    expect(ruleOn([newer, rule], asOf)).to.equal(newer);
    expect(ruleOn([newer, rule], daysAgo(1))).to.equal(rule);
    expect(() => ruleOn([newer], daysAgo(1)))
      .to.throw()
      .with.property('code', 'usage.no_rule');
  });

  it('is stated with its numbers in both languages', () => {
    const { vi, en } = ruleSentence({ ...rule, minimumDays: 4, windowDays: 31 });
    for (const sentence of [vi, en]) expect(sentence).to.match(/\b4\b.*\b31\b/);
  });
});

describe('a rate', () => {
  it('is percent to two decimals', () => {
    expect(percent(280, 967)).to.equal(28.96);
    expect(percent(1, 3)).to.equal(33.33);
    expect(percent(967, 967)).to.equal(100);
    expect(percent(0, 0)).to.equal(null);
  });

  it('agrees with exact integer arithmetic', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.integer({ min: 1, max: 100_000 }), (a, total) => {
        const part = Math.min(a, total);
        const hundredths = (2n * BigInt(part) * 10_000n + BigInt(total)) / (2n * BigInt(total));
        expect(percent(part, total)).to.equal(Number(hundredths) / 100);
      }),
    );
  });
});

describe('a calendar day', () => {
  it('knows leap years and refuses what no calendar has', () => {
    expect(addDays('2028-02-28', 1)).to.equal('2028-02-29');
    for (const day of ['2026-02-29', '2026-13-01', '2026-1-1', '', '2026-01-01T00:00:00Z', '0000-00-00']) {
      expect(isDay(day), day).to.equal(false);
    }
  });

  it('ends at 17:00 UTC, midnight in Vietnam', () => {
    expect(endOfDay('2026-06-15').toISOString()).to.equal('2026-06-15T16:59:59.999Z');
  });
});
