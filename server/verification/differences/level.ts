/** What was done to a file after a signature, from harmless to not allowed; each includes those before it. */
export const levels = ['none', 'lta', 'form-filling', 'annotations', 'forbidden'] as const;
export type Level = (typeof levels)[number];

export const isWithin = (level: Level, limit: Level): boolean =>
  levels.indexOf(level) <= levels.indexOf(limit);
export const worst = (a: Level, b: Level): Level => (isWithin(a, b) ? b : a);
