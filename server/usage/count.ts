import type { UseGroup } from './rule.ts';

/** How many of a base are in which group, and the share in regular use. */
export interface Count {
  readonly total: number;
  readonly regular: number;
  readonly irregular: number;
  readonly never: number;
  /** Regular of total, in percent to two decimals; null when there is nothing to divide by. */
  readonly rate: number | null;
}

/** Percent to two decimals, halves up: 280 of 967 is 28.96. */
export const percent = (part: number, total: number): number | null =>
  total === 0 ? null : Math.round((part * 10_000) / total) / 100;

export function countOf(groups: readonly UseGroup[]): Count {
  const of = (wanted: UseGroup): number => groups.filter((group) => group === wanted).length;
  const regular = of('regular');
  const total = groups.length;
  return { total, regular, irregular: of('irregular'), never: of('never'), rate: percent(regular, total) };
}
