import { StorageError } from './errors.ts';

/** Indochina Time, UTC+7 without daylight saving since 1975: the hour decides the day. */
const OFFSET_MS = 7 * 60 * 60 * 1000;

let lastHour = '';
let lastDay = '';

/**
 * The calendar day in Asia/Ho_Chi_Minh, `YYYY-MM-DD`, of a UTC instant in ISO 8601 with milliseconds.
 * Events come by the hundred thousand and mostly in order, so the day of the last hour is remembered.
 * @throws StorageError `storage.bad_value` when it is no such instant.
 */
export function vietnamDay(time: string): string {
  if (!/^\d{4}-\d\d-\d\dT\d\d:[0-5]\d:[0-5]\d\.\d{3}Z$/.test(time)) throw notAnInstant(time);
  const hour = time.slice(0, 13);
  if (hour !== lastHour) {
    const start = Date.parse(`${hour}:00:00.000Z`);
    // `Date.parse` takes 30 February for 2 March.
    if (Number.isNaN(start) || new Date(start).toISOString().slice(0, 13) !== hour) throw notAnInstant(time);
    lastDay = new Date(start + OFFSET_MS).toISOString().slice(0, 10);
    lastHour = hour;
  }
  return lastDay;
}

function notAnInstant(time: unknown): StorageError {
  return new StorageError(
    'storage.bad_value',
    `${String(time).slice(0, 40)} is no UTC instant with milliseconds`,
  );
}
