import { type Static, Type } from 'typebox';

/** The calendar as data: every entry says where it comes from and how sure we are of it. */

const Strict = { additionalProperties: false } as const;
const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'Local calendar day.' });
const ClockTime = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$|^24:00$', description: 'Local time.' });
const Text = Type.Object({ vi: Type.String({ minLength: 1 }), en: Type.String({ minLength: 1 }) }, Strict);
const Origin = {
  source: Type.String({ minLength: 1 }),
  confidence: Type.Union([Type.Literal('V'), Type.Literal('S'), Type.Literal('K')], {
    description: 'V read in the full text, S read second-hand, K general knowledge.',
  }),
};

const DayOff = Type.Object(
  {
    date: Day,
    kind: Type.Union([Type.Literal('holiday'), Type.Literal('in-lieu'), Type.Literal('swap')]),
    name: Text,
    ...Origin,
  },
  Strict,
);

export const CalendarYear = Type.Object(
  {
    year: Type.Integer({ minimum: 1976, maximum: 9999 }),
    daysOff: Type.Array(DayOff, { maxItems: 366 }),
    makeUpDays: Type.Array(Type.Object({ date: Day, name: Text, ...Origin }, Strict), { maxItems: 366 }),
    pending: Type.Array(DayOff, { maxItems: 366, description: 'Announced but not yet sure: never applied.' }),
  },
  Strict,
);
export type CalendarYear = Static<typeof CalendarYear>;

export const WorkingHours = Type.Object(
  {
    validFrom: Day,
    week: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), {
      uniqueItems: true,
      minItems: 1,
      description: 'ISO 8601 weekdays.',
    }),
    periods: Type.Array(Type.Object({ from: ClockTime, to: ClockTime }, Strict), {
      minItems: 1,
      maxItems: 24,
    }),
    cutOff: ClockTime,
    ...Origin,
  },
  Strict,
);
export type WorkingHours = Static<typeof WorkingHours>;

export const CalendarData = Type.Object(
  {
    zone: Type.String({ minLength: 1 }),
    utcOffsetMinutes: Type.Integer({
      minimum: -840,
      maximum: 840,
      description: 'The zone has had no daylight saving since 1975: one offset is enough.',
    }),
    hours: Type.Array(WorkingHours, { minItems: 1, maxItems: 100 }),
    years: Type.Array(CalendarYear, { minItems: 1, maxItems: 200 }),
  },
  Strict,
);
export type CalendarData = Static<typeof CalendarData>;
