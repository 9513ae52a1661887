import { expect } from 'chai';
import { addWorkingTime, countingStart } from '../../server/calendar/add-working-time.ts';
import { vietnamCalendar } from '../../server/calendar/vietnam.ts';
import { workingTimeBetween } from '../../server/calendar/working-time-between.ts';
import type { TimeLimit } from '../../server/workflow/definition.ts';

const at = (local: string): Date => new Date(`${local}:00+07:00`);
const days = (workingDays: number): TimeLimit => ({ workingDays });
const hours = (workingHours: number): TimeLimit => ({ workingHours });

/** Counted by hand on a paper calendar: what it shows, start, limit, due (all local time). */
const cases: readonly (readonly [string, string, TimeLimit, string])[] = [
  ['a day from mid-morning ends at the same hour', '2026-11-23T10:00', days(1), '2026-11-24T10:00'],
  ['a day from the first minute ends with the day', '2026-11-23T08:00', days(1), '2026-11-23T17:30'],
  ['a day from before opening ends with the day', '2026-11-23T06:15', days(1), '2026-11-23T17:30'],
  ['a day from closing time ends with the next day', '2026-11-23T17:30', days(1), '2026-11-24T17:30'],
  ['a day from the night ends with the next day', '2026-11-23T22:00', days(1), '2026-11-24T17:30'],
  ['half a day in the morning ends at noon', '2026-11-23T08:00', days(0.5), '2026-11-23T12:00'],
  ['half a day from ten skips the noon break', '2026-11-23T10:00', days(0.5), '2026-11-23T15:30'],
  ['half a day from noon is the afternoon', '2026-11-23T12:00', days(0.5), '2026-11-23T17:30'],
  ['half a day from within the break is the afternoon', '2026-11-23T12:40', days(0.5), '2026-11-23T17:30'],
  ['a quarter of a day is two hours', '2026-11-23T08:00', days(0.25), '2026-11-23T10:00'],
  ['two and a half days', '2026-11-23T08:00', days(2.5), '2026-11-25T12:00'],
  ['four hours across the break', '2026-11-23T09:30', hours(4), '2026-11-23T15:00'],
  ['two hours late on Friday run into Monday', '2026-11-20T16:30', hours(2), '2026-11-23T09:00'],
  ['an hour and a half', '2026-11-23T14:00', hours(1.5), '2026-11-23T15:30'],
  ['twenty hours are two and a half days', '2026-11-23T08:00', hours(20), '2026-11-25T12:00'],
  ['a start on Saturday counts from Monday', '2026-11-21T09:00', days(1), '2026-11-23T17:30'],
  ['five days from Monday noon end next Monday noon', '2026-11-16T12:00', days(5), '2026-11-23T12:00'],
  ['one hour before Tet 2024 leaves the rest for after it', '2024-02-07T16:30', hours(2), '2024-02-15T09:00'],
  ['Tet 2025 is five weekdays', '2025-01-24T10:00', days(1), '2025-02-03T10:00'],
  ['Tet 2026 is five weekdays', '2026-02-13T10:00', days(1), '2026-02-23T10:00'],
  ['29 April 2024 is off and 4 May is worked', '2024-04-26T10:00', days(2), '2024-05-03T10:00'],
  ['4 May 2024, a Saturday, counts', '2024-05-03T10:00', days(1), '2024-05-04T10:00'],
  ['26 April 2025, a Saturday, counts', '2025-04-25T10:00', days(1), '2025-04-26T10:00'],
  ['30 April to 4 May 2025 is one long week-end', '2025-04-29T10:00', days(1), '2025-05-05T10:00'],
  ['New Year 2026 bridges to Monday', '2025-12-31T15:30', hours(4), '2026-01-05T10:00'],
  ['10 January 2026, a Saturday, counts', '2026-01-09T10:00', days(1), '2026-01-10T10:00'],
  ['27 April 2026 is in lieu of a Sunday', '2026-04-24T10:00', days(1), '2026-04-28T10:00'],
  ['22 August 2026, a Saturday, counts', '2026-08-21T10:00', days(1), '2026-08-22T10:00'],
  ['National Day 2026 takes three weekdays', '2026-08-28T10:00', days(1), '2026-09-03T10:00'],
  ['National Day 2024 takes two weekdays', '2024-08-30T10:00', days(1), '2024-09-04T10:00'],
  ['Hung Kings 2025 is a Monday', '2025-04-04T16:30', hours(2), '2025-04-08T09:00'],
  ['thirty days over Tet 2026', '2026-01-28T08:00', days(30), '2026-03-17T17:30'],
  ['the last hour of the last maintained year', '2026-12-31T16:30', hours(1), '2026-12-31T17:30'],
];

describe('Working time counted by hand', () => {
  for (const [title, start, limit, due] of cases) {
    it(`${title}: ${start} + ${JSON.stringify(limit)}`, () => {
      expect(addWorkingTime(vietnamCalendar, at(start), limit).toISOString()).to.equal(at(due).toISOString());
    });
  }

  it('counts a span with its noon break, week-end and holiday', () => {
    const span = workingTimeBetween(vietnamCalendar, at('2026-08-28T11:00'), at('2026-09-03T14:30'));
    expect(span).to.deep.equal({ milliseconds: 10 * 3_600_000, workingHours: 10, workingDays: 1.25 });
  });

  it('tells lateness as negative time', () => {
    const span = workingTimeBetween(vietnamCalendar, at('2026-11-23T10:00'), at('2026-11-20T15:30'));
    expect(span.workingHours).to.equal(-4);
  });
});

describe('The 15:00 cut-off', () => {
  const begins: readonly (readonly [string, string, string])[] = [
    ['what arrives at 15:00 counts from then', '2026-11-23T15:00', '2026-11-23T15:00'],
    ['what arrives at 15:01 counts from the next morning', '2026-11-23T15:01', '2026-11-24T08:00'],
    ['what arrives late on Friday counts from Monday', '2026-11-20T16:00', '2026-11-23T08:00'],
    ['what arrives before opening counts from opening', '2026-11-23T05:00', '2026-11-23T08:00'],
    ['what arrives at the week-end counts from Monday', '2026-11-21T10:00', '2026-11-23T08:00'],
    ['what arrives on the eve of Tet counts from after it', '2026-02-13T15:30', '2026-02-23T08:00'],
  ];
  for (const [title, received, begin] of begins) {
    it(title, () => {
      expect(countingStart(vietnamCalendar, at(received)).toISOString()).to.equal(at(begin).toISOString());
    });
  }
});
