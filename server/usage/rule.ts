import { addDays, type Day } from './day.ts';
import { UsageError } from './errors.ts';
import shippedRules from './regular-use-rules.json' with { type: 'json' };

/**
 * What "in regular use" means. No Vietnamese text defines it, so it is stated on every report: a certificate is in regular
 * use when it signed on at least `minimumDays` different days of the last `windowDays`, the day of the report included.
 */
export interface RegularUseRule {
  /** First day of reports it is for. */
  readonly effectiveFrom: Day;
  readonly minimumDays: number;
  readonly windowDays: number;
}

export type UseGroup = 'never' | 'irregular' | 'regular';

/** The rules that ship, newest last; an installation may give its own. */
export const regularUseRules: readonly RegularUseRule[] = shippedRules;

/** The rule in force on a day. @throws UsageError `usage.no_rule` before the first one. */
export function ruleOn(rules: readonly RegularUseRule[], day: Day): RegularUseRule {
  const inForce = rules.filter(({ effectiveFrom }) => effectiveFrom <= day);
  const newest = inForce.toSorted((a, b) => (a.effectiveFrom < b.effectiveFrom ? -1 : 1)).at(-1);
  if (!newest) throw new UsageError('usage.no_rule', `no rule on ${day}`);
  return newest;
}

/** First day the rule looks at on `asOf`; `asOf` itself is the last. */
export const windowStart = ({ windowDays }: RegularUseRule, asOf: Day): Day => addDays(asOf, 1 - windowDays);

/**
 * Where a certificate belongs on `asOf`, given the different days on which it signed (in any order; days after `asOf` do not
 * count).
 */
export function groupOf(rule: RegularUseRule, asOf: Day, days: Iterable<Day>): UseGroup {
  const used = [...new Set(days)].filter((day) => day <= asOf);
  if (used.length === 0) return 'never';
  const from = windowStart(rule, asOf);
  return used.filter((day) => day >= from).length >= rule.minimumDays ? 'regular' : 'irregular';
}

/** The rule as every report prints it. */
export const ruleSentence = ({ minimumDays, windowDays }: RegularUseRule): { vi: string; en: string } => ({
  vi: `Sử dụng thường xuyên: có ký số trong ít nhất ${minimumDays} ngày khác nhau của ${windowDays} ngày gần nhất (ngày theo giờ Việt Nam, kể cả ngày báo cáo).`,
  en: `Regular use: signatures on at least ${minimumDays} different days of the last ${windowDays} (days in Vietnam time, the day of the report included).`,
});
