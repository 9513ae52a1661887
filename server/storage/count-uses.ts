import type { UsageEvent, UsageTotals } from './ports.ts';
import { vietnamDay } from './vietnam-day.ts';

/** The events counted by certificate, Vietnamese day and outcome. */
export function countUses(events: readonly UsageEvent[]): Iterable<UsageTotals> {
  const totals = new Map<string, { -readonly [Field in keyof UsageTotals]: UsageTotals[Field] }>();
  for (const { certificate, time, outcome } of events) {
    const day = vietnamDay(time);
    const key = certificate + day;
    let total = totals.get(key);
    if (total === undefined) {
      total = { certificate, day, signed: 0, refused: 0, failed: 0, observed: 0 };
      totals.set(key, total);
    }
    total[outcome] += 1;
  }
  return totals.values();
}
