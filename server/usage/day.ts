/** Calendar days in Asia/Ho_Chi_Minh as `YYYY-MM-DD`; they compare as texts. */
export type Day = string;

export function addDays(day: Day, days: number): Day {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** The last millisecond of the day. */
export const endOfDay = (day: Day): Date => new Date(Date.parse(`${addDays(day, 1)}T00:00:00+07:00`) - 1);

/** A day that the calendar has: `2026-02-30` is none. */
export function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(time) && addDays(text, 0) === text;
}
