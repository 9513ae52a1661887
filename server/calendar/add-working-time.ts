import type { TimeLimit } from '../workflow/definition.ts';
import { CalendarError } from './errors.ts';
import type { WorkingCalendar } from './working-calendar.ts';

/** More maintained years than anybody keeps; the loop ends here whatever the data says. */
const MAX_DAYS = 40_000;

/**
 * The earliest instant by which `limit` of working time has passed since `start`: one working day is the length of a
 * full day under the hours in force, so 1 day from 10:00 ends at 10:00 of the next working day, and a limit that
 * ends with a period ends at its end, not at the beginning of the next. Fractions are rounded to the millisecond.
 *
 * @throws CalendarError `calendar.not_maintained` when a day needed has no maintained year, `calendar.bad_time`
 */
export function addWorkingTime(calendar: WorkingCalendar, start: Date, limit: TimeLimit): Date {
  const { day: first, time } = calendar.toLocal(start);
  let rest = milliseconds(calendar, first, limit);
  for (let day = first; day < first + MAX_DAYS; day++) {
    for (const period of calendar.periodsOf(day)) {
      const from = day === first ? Math.max(period.from, time) : period.from;
      if (from >= period.to) continue;
      if (rest <= period.to - from) return calendar.toInstant(day, from + rest);
      rest -= period.to - from;
    }
  }
  throw new CalendarError('calendar.bad_time', 'the limit does not end in reach');
}

/** When counting begins for what arrives at `received`: past the cut-off hour, with the next working day (NĐ 61/2018 17). */
export function countingStart(calendar: WorkingCalendar, received: Date): Date {
  const { day: first, time } = calendar.toLocal(received);
  for (let day = first; day < first + MAX_DAYS; day++) {
    const [period] = calendar.periodsOf(day);
    if (period === undefined) continue;
    if (day > first) return calendar.toInstant(day, period.from);
    if (time <= calendar.cutOff(day))
      return time < period.from ? calendar.toInstant(day, period.from) : received;
  }
  throw new CalendarError('calendar.bad_time', 'no working day in reach');
}

function milliseconds(calendar: WorkingCalendar, day: number, limit: TimeLimit): number {
  const [amount, unit] =
    'workingDays' in limit ? [limit.workingDays, calendar.dayLength(day)] : [limit.workingHours, 3_600_000];
  const total = Math.round(amount * unit);
  if (!Number.isFinite(total) || total <= 0) {
    throw new CalendarError('calendar.bad_time', 'a limit is a positive amount of working time');
  }
  return total;
}
