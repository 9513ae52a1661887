import type { UsageLedger } from '../storage/ports.ts';
import { addDays, type Day } from './day.ts';
import { groupOf, type RegularUseRule, type UseGroup } from './rule.ts';

/** Before any electronic signature in Vietnam. */
const BEGINNING: Day = '2000-01-01';

/** How one certificate was used: counts of the period, groups and last day of all time until its end. */
export interface Tally {
  readonly signed: number;
  readonly refused: number;
  readonly failed: number;
  readonly observed: number;
  /** Different days of the period with a signature, made here or observed. */
  readonly days: number;
  readonly lastDay?: Day;
  readonly group: UseGroup;
}

export const unused: Tally = { signed: 0, refused: 0, failed: 0, observed: 0, days: 0, group: 'never' };

export interface TallyRange {
  /** First and last day of the period; the rule is applied as of the last. */
  readonly from: Day;
  readonly asOf: Day;
  readonly rule: RegularUseRule;
}

/**
 * Tallies of the certificates the ledger knows, one after the other, from its totals by day. Refused and failed attempts are
 * counted but are no use.
 */
export async function* tallies(
  ledger: UsageLedger,
  range: TallyRange,
  certificate?: string,
): AsyncGenerator<readonly [fingerprint: string, tally: Tally]> {
  const totals = ledger.totals({
    from: BEGINNING,
    to: addDays(range.asOf, 1),
    ...(certificate === undefined ? {} : { certificate }),
  });
  let current: { fingerprint: string; tally: Tally; used: Day[] } | undefined;
  for await (const { certificate: fingerprint, day, ...counts } of totals) {
    if (current?.fingerprint !== fingerprint) {
      if (current) yield finished(current, range);
      current = { fingerprint, tally: unused, used: [] };
    }
    const isUse = counts.signed + counts.observed > 0;
    if (isUse) current.used.push(day);
    if (day >= range.from) current.tally = plus(current.tally, counts, isUse);
  }
  if (current) yield finished(current, range);
}

function plus(
  tally: Tally,
  counts: Pick<Tally, 'signed' | 'refused' | 'failed' | 'observed'>,
  isUse: boolean,
): Tally {
  return {
    ...tally,
    signed: tally.signed + counts.signed,
    refused: tally.refused + counts.refused,
    failed: tally.failed + counts.failed,
    observed: tally.observed + counts.observed,
    days: tally.days + (isUse ? 1 : 0),
  };
}

function finished(
  { fingerprint, tally, used }: { fingerprint: string; tally: Tally; used: readonly Day[] },
  { rule, asOf }: TallyRange,
): readonly [string, Tally] {
  const lastDay = used.at(-1);
  const group = groupOf(rule, asOf, used);
  return [fingerprint, { ...tally, group, ...(lastDay === undefined ? {} : { lastDay }) }];
}
