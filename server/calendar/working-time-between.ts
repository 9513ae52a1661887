import { CalendarError } from './errors.ts';
import type { WorkingCalendar } from './working-calendar.ts';

const MAX_DAYS = 40_000;

export interface WorkingTime {
  readonly milliseconds: number;
  readonly workingHours: number;
  /** In full days under the hours in force on each day. */
  readonly workingDays: number;
}

/**
 * Working time from `from` to `to`; negative when `to` is the earlier one (time left, time late).
 *
 * @throws CalendarError `calendar.not_maintained`, `calendar.bad_time` when the span exceeds a century
 */
export function workingTimeBetween(calendar: WorkingCalendar, from: Date, to: Date): WorkingTime {
  if (to < from) {
    const { milliseconds, workingHours, workingDays } = workingTimeBetween(calendar, to, from);
    return {
      milliseconds: 0 - milliseconds,
      workingHours: 0 - workingHours,
      workingDays: 0 - workingDays,
    };
  }
  const start = calendar.toLocal(from);
  const end = calendar.toLocal(to);
  if (end.day - start.day > MAX_DAYS) throw new CalendarError('calendar.bad_time', 'the span is too long');
  let milliseconds = 0;
  let workingDays = 0;
  for (let day = start.day; day <= end.day; day++) {
    let today = 0;
    for (const period of calendar.periodsOf(day)) {
      const begin = day === start.day ? Math.max(period.from, start.time) : period.from;
      const finish = day === end.day ? Math.min(period.to, end.time) : period.to;
      today += Math.max(0, finish - begin);
    }
    milliseconds += today;
    workingDays += today / calendar.dayLength(day);
  }
  return { milliseconds, workingHours: milliseconds / 3_600_000, workingDays };
}
