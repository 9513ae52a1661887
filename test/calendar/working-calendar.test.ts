import { expect } from 'chai';
import fc from 'fast-check';
import { addWorkingTime, countingStart } from '../../server/calendar/add-working-time.ts';
import hours from '../../server/calendar/data/working-hours.json' with { type: 'json' };
import { CalendarError } from '../../server/calendar/errors.ts';
import { vietnamCalendar } from '../../server/calendar/vietnam.ts';
import { workingCalendar } from '../../server/calendar/working-calendar.ts';
import { workingTimeBetween } from '../../server/calendar/working-time-between.ts';

const entry = { name: { vi: 'Ngày', en: 'Day' }, source: 'test', confidence: 'K' };
const off = (date: string) => ({ date, kind: 'holiday', ...entry });
const year = (changes: object) => ({ year: 2026, daysOff: [], makeUpDays: [], pending: [], ...changes });
const data = (...years: object[]) => ({ ...hours, years });

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof CalendarError) return error.code;
    throw error;
  }
  return 'none';
}

describe('The working calendar', () => {
  const first = Date.parse('2024-01-01T00:00:00Z');
  const last = Date.parse('2026-10-01T00:00:00Z');
  const instant = fc.integer({ min: first, max: last }).map((time) => new Date(time));
  const limit = fc.oneof(
    fc.integer({ min: 1, max: 400 }).map((quarters) => ({ workingHours: quarters / 4 })),
    fc.integer({ min: 1, max: 80 }).map((quarters) => ({ workingDays: quarters / 4 })),
  );

  it('finds between start and due exactly the time that was added', () => {
    fc.assert(
      fc.property(instant, limit, (start, amount) => {
        const span = workingTimeBetween(
          vietnamCalendar,
          start,
          addWorkingTime(vietnamCalendar, start, amount),
        );
        if ('workingDays' in amount) expect(span.workingDays).to.be.closeTo(amount.workingDays, 1e-9);
        else expect(span.workingHours).to.equal(amount.workingHours);
      }),
    );
  });

  it('is due only within working time, and later for a later start or a larger limit', () => {
    fc.assert(
      fc.property(instant, instant, limit, (a, b, amount) => {
        const [early, late] = a < b ? [a, b] : [b, a];
        const due = addWorkingTime(vietnamCalendar, early, amount);
        expect(due.getTime()).to.be.greaterThan(early.getTime());
        expect(addWorkingTime(vietnamCalendar, late, amount).getTime()).to.be.at.least(due.getTime());
        const { day, time } = vietnamCalendar.toLocal(due);
        expect(vietnamCalendar.periodsOf(day).some(({ from, to }) => from < time && time <= to)).to.equal(
          true,
        );
      }),
    );
  });

  it('adds up: two limits one after the other are their sum', () => {
    fc.assert(
      fc.property(
        instant,
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 200 }),
        (start, a, b) => {
          const twice = addWorkingTime(
            vietnamCalendar,
            addWorkingTime(vietnamCalendar, start, { workingHours: a }),
            { workingHours: b },
          );
          expect(twice).to.deep.equal(addWorkingTime(vietnamCalendar, start, { workingHours: a + b }));
        },
      ),
    );
  });

  it('refuses a due date past the last maintained year', () => {
    const start = new Date('2026-12-31T09:00:00Z');
    expect(codeOf(() => addWorkingTime(vietnamCalendar, start, { workingDays: 2 }))).to.equal(
      'calendar.not_maintained',
    );
  });

  it('refuses to count before the first maintained year and after the last', () => {
    const [before, after] = [new Date('2023-12-29T02:00:00Z'), new Date('2027-01-04T02:00:00Z')];
    expect(codeOf(() => addWorkingTime(vietnamCalendar, before, { workingHours: 1 }))).to.equal(
      'calendar.not_maintained',
    );
    expect(codeOf(() => countingStart(vietnamCalendar, after))).to.equal('calendar.not_maintained');
    expect(codeOf(() => workingTimeBetween(vietnamCalendar, before, new Date('2024-01-05')))).to.equal(
      'calendar.not_maintained',
    );
  });

  for (const amount of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    it(`refuses a limit of ${amount} hours`, () => {
      expect(
        codeOf(() => addWorkingTime(vietnamCalendar, new Date(first), { workingHours: amount })),
      ).to.equal('calendar.bad_time');
    });
  }

  it('refuses what is no instant', () => {
    expect(codeOf(() => countingStart(vietnamCalendar, new Date('never')))).to.equal('calendar.bad_time');
  });

  it('refuses a span of centuries before it counts it', () => {
    const span = () => workingTimeBetween(vietnamCalendar, new Date(0), new Date('9000-01-01'));
    expect(codeOf(span)).to.equal('calendar.bad_time');
  });

  it('does not apply a day that is only pending', () => {
    const { day } = vietnamCalendar.toLocal(new Date('2026-11-24T03:00:00Z'));
    expect(vietnamCalendar.periodsOf(day)).to.have.length(2);
  });

  it('takes the hours of the version in force on each day', () => {
    const short = { ...hours.hours[0], validFrom: '2026-07-01', periods: [{ from: '07:00', to: '11:00' }] };
    const calendar = workingCalendar({ ...hours, hours: [...hours.hours, short], years: [year({})] });
    const due = addWorkingTime(calendar, new Date('2026-06-30T08:30:00Z'), { workingHours: 4 });
    expect(due.toISOString()).to.equal('2026-07-01T02:00:00.000Z');
  });

  it('never ends a count in a year without a single working day', () => {
    const idle = { ...hours.hours[0], week: [1], periods: [{ from: '08:00', to: '08:01' }] };
    const calendar = workingCalendar({ ...hours, hours: [idle], years: [year({})] });
    expect(codeOf(() => addWorkingTime(calendar, new Date('2026-01-01'), { workingHours: 8000 }))).to.equal(
      'calendar.not_maintained',
    );
  });
});

describe('Calendar data that contradicts itself is refused', () => {
  const refused: readonly (readonly [string, unknown])[] = [
    ['nothing at all', undefined],
    ['an entry without a source', data(year({ daysOff: [{ ...off('2026-01-01'), source: undefined }] }))],
    ['no year', data()],
    ['a year twice', data(year({}), year({}))],
    ['a day twice', data(year({ daysOff: [off('2026-01-01'), off('2026-01-01')] }))],
    [
      'a day both off and worked',
      data(year({ daysOff: [off('2026-01-03')], makeUpDays: [{ date: '2026-01-03', ...entry }] })),
    ],
    ['a day of another year', data(year({ daysOff: [off('2025-01-01')] }))],
    ['30 February', data(year({ daysOff: [off('2026-02-30')] }))],
    ['a month that is none', data(year({ daysOff: [off('2026-13-01')] }))],
    [
      'overlapping hours',
      {
        ...data(year({})),
        hours: [
          {
            ...hours.hours[0],
            periods: [
              { from: '08:00', to: '12:00' },
              { from: '11:00', to: '17:00' },
            ],
          },
        ],
      },
    ],
    [
      'hours that run backwards',
      { ...data(year({})), hours: [{ ...hours.hours[0], periods: [{ from: '12:00', to: '08:00' }] }] },
    ],
  ];
  for (const [title, value] of refused) {
    it(title, () => expect(codeOf(() => workingCalendar(value))).to.equal('calendar.bad_data'));
  }
});
