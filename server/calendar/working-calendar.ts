import Value from 'typebox/value';
import { CalendarError } from './errors.ts';
import { CalendarData, type WorkingHours } from './schema.ts';

export const DAY_MS = 86_400_000;

/** Working time of one local day: from (inclusive) and to (exclusive), milliseconds since local midnight. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** Days are counted from 1970-01-01 in the calendar's own zone. */
export interface WorkingCalendar {
  readonly zone: string;
  readonly firstYear: number;
  readonly lastYear: number;
  /** In order; empty when nobody works. @throws CalendarError `calendar.not_maintained` */
  periodsOf(day: number): readonly Period[];
  /** Working milliseconds of a full working day under the hours in force on `day`. */
  dayLength(day: number): number;
  /** The hour after which what arrives counts as of the next working day, milliseconds since local midnight. */
  cutOff(day: number): number;
  toLocal(instant: Date): { readonly day: number; readonly time: number };
  toInstant(day: number, time: number): Date;
}

interface Hours {
  readonly from: number;
  readonly week: ReadonlySet<number>;
  readonly periods: readonly Period[];
  readonly length: number;
  readonly cutOff: number;
}

/** Reads calendar data once into a table of days. @throws CalendarError `calendar.bad_data` with the first contradiction. */
export function workingCalendar(data: unknown): WorkingCalendar {
  if (!Value.Check(CalendarData, data)) throw badData('does not follow the schema', {});
  const years = new Set<number>();
  const off = new Set<number>();
  const madeUp = new Set<number>();
  for (const year of data.years) {
    if (years.has(year.year)) throw badData('a year is given twice', { year: year.year });
    years.add(year.year);
    for (const [entries, days] of [
      [year.daysOff, off],
      [year.makeUpDays, madeUp],
    ] as const) {
      for (const { date } of entries) {
        const day = dayNumber(date);
        if (yearOf(day) !== year.year) throw badData('a day stands in the wrong year', { date });
        if (off.has(day) || madeUp.has(day)) throw badData('a day is given twice', { date });
        days.add(day);
      }
    }
  }
  const hours = data.hours.map(readHours).sort((a, b) => b.from - a.from);
  const offset = data.utcOffsetMinutes * 60_000;

  const hoursOn = (day: number): Hours => {
    const inForce = hours.find((version) => version.from <= day);
    if (inForce === undefined || !years.has(yearOf(day))) {
      throw new CalendarError('calendar.not_maintained', `no working calendar for ${yearOf(day)}`, {
        details: { year: yearOf(day) },
      });
    }
    return inForce;
  };

  return {
    zone: data.zone,
    firstYear: Math.min(...years),
    lastYear: Math.max(...years),
    periodsOf(day) {
      const { week, periods } = hoursOn(day);
      const works = madeUp.has(day) || (week.has(weekday(day)) && !off.has(day));
      return works ? periods : [];
    },
    dayLength: (day) => hoursOn(day).length,
    cutOff: (day) => hoursOn(day).cutOff,
    toLocal(instant) {
      const local = instant.getTime() + offset;
      if (Number.isNaN(local)) throw new CalendarError('calendar.bad_time', 'not an instant');
      const day = Math.floor(local / DAY_MS);
      return { day, time: local - day * DAY_MS };
    },
    toInstant: (day, time) => new Date(day * DAY_MS + time - offset),
  };
}

function readHours(hours: WorkingHours): Hours {
  const periods = hours.periods.map(({ from, to }) => ({ from: clockTime(from), to: clockTime(to) }));
  let end = -1;
  for (const period of periods) {
    if (period.from >= period.to || period.from < end) {
      throw badData('periods overlap or run backwards', { validFrom: hours.validFrom });
    }
    end = period.to;
  }
  return {
    from: dayNumber(hours.validFrom),
    week: new Set(hours.week),
    periods,
    length: periods.reduce((sum, period) => sum + period.to - period.from, 0),
    cutOff: clockTime(hours.cutOff),
  };
}

/** `YYYY-MM-DD` to days since 1970-01-01. */
function dayNumber(date: string): number {
  const time = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== date) {
    throw badData('no such day', { date });
  }
  return time / DAY_MS;
}

const clockTime = (text: string): number =>
  Number(text.slice(0, 2)) * 3_600_000 + Number(text.slice(3, 5)) * 60_000;

const yearOf = (day: number): number => new Date(day * DAY_MS).getUTCFullYear();

/** ISO 8601: Monday 1 to Sunday 7; 1970-01-01 was a Thursday. */
const weekday = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1;

const badData = (message: string, details: Record<string, unknown>): CalendarError =>
  new CalendarError('calendar.bad_data', message, { details: { problem: message, ...details } });
