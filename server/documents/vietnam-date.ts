/** Asia/Ho_Chi_Minh: UTC+7 without daylight saving since 1975. */
const OFFSET_MS = 7 * 3_600_000;

/** The calendar day in Vietnam, `YYYY-MM-DD`: the date of a document, and the year of its series. */
export const vietnamDate = (instant: Date): string =>
  new Date(instant.getTime() + OFFSET_MS).toISOString().slice(0, 10);
