import { vietnamDay } from '../storage/vietnam-day.ts';
import { endOfDay, isDay } from './day.ts';
import { UsageError } from './errors.ts';
import type { UsageDeps } from './ports.ts';
import { regularUseRules, ruleOn, ruleSentence, windowStart } from './rule.ts';
import type { ReportQuery, UsageReport } from './schema.ts';
import type { TallyRange } from './tally.ts';

export interface Period extends TallyRange {
  /** The moment at which states are taken: the end of the last day, or now when that is today. */
  readonly moment: Date;
  /** As the report prints it. */
  readonly statedRule: UsageReport['rule'];
}

/**
 * Which days a report covers and by which rule.
 * @throws UsageError `usage.bad_period`, `usage.no_rule`.
 */
export function periodOf(
  { clock, rules = regularUseRules }: Pick<UsageDeps, 'clock' | 'rules'>,
  query: Pick<ReportQuery, 'asOf' | 'from' | 'minimumDays' | 'windowDays'>,
): Period {
  const now = clock.now();
  const today = vietnamDay(now.toISOString());
  const asOf = query.asOf ?? today;
  if (!isDay(asOf) || asOf > today) throw new UsageError('usage.bad_period', `${asOf} has not come`);
  const inForce = ruleOn(rules, asOf);
  const rule = {
    effectiveFrom: inForce.effectiveFrom,
    minimumDays: query.minimumDays ?? inForce.minimumDays,
    windowDays: query.windowDays ?? inForce.windowDays,
  };
  const from = query.from ?? windowStart(rule, asOf);
  if (!isDay(from) || from > asOf) throw new UsageError('usage.bad_period', `${from} is after ${asOf}`);
  const asked = rule.minimumDays !== inForce.minimumDays || rule.windowDays !== inForce.windowDays;
  return {
    from,
    asOf,
    rule,
    moment: asOf === today ? now : endOfDay(asOf),
    statedRule: { ...rule, asked, ...ruleSentence(rule) },
  };
}
