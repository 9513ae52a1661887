import type { Actor } from '../platform/route.ts';
import { addDays } from './day.ts';
import { UsageError } from './errors.ts';
import { certificateLine } from './line.ts';
import { periodOf } from './period.ts';
import { scopeOf, within } from './policy.ts';
import type { UsageDeps } from './ports.ts';
import type { CertificateUsage, ReportQuery } from './schema.ts';
import { tallies, unused } from './tally.ts';

export interface CertificateUsageQuery extends Pick<ReportQuery, 'asOf' | 'from'> {
  readonly limit?: number;
  readonly cursor?: string;
}

/**
 * The use of one certificate: counts, days and the attempts themselves, newest first. The holder may see it, and whoever reads
 * the report of the agency.
 * @throws UsageError `usage.not_found`, `usage.forbidden`, `usage.bad_period`, `usage.no_rule`.
 */
export async function getCertificateUsage(
  deps: UsageDeps,
  actor: Actor,
  fingerprint: string,
  query: CertificateUsageQuery,
): Promise<CertificateUsage> {
  const certificate = await deps.certificates.byFingerprint(fingerprint);
  if (!certificate) throw new UsageError('usage.not_found', `no certificate ${fingerprint}`);
  if (certificate.accountId !== actor.accountId) {
    const inScope = await within(deps.people, scopeOf(actor))(certificate.agencyId);
    if (!inScope) throw new UsageError('usage.not_found', `no certificate ${fingerprint} of that agency`);
  }
  const period = periodOf(deps, query);
  let tally = unused;
  for await (const [, found] of tallies(deps.ledger, period, fingerprint)) tally = found;
  const byDay = await Array.fromAsync(
    deps.ledger.totals({ from: period.from, to: addDays(period.asOf, 1), certificate: fingerprint }),
    ({ certificate: _, ...day }) => day,
  );
  const { limit, cursor } = query;
  const page = await deps.ledger.events(fingerprint, {
    ...(limit === undefined ? {} : { limit }),
    ...(cursor === undefined ? {} : { cursor }),
  });
  return {
    certificate: await certificateLine(deps, certificate, tally, period.moment),
    asOf: period.asOf,
    from: period.from,
    rule: period.statedRule,
    byDay,
    events: page.items.map(({ certificate: _, agencyId: __, ...event }) => event),
    ...(page.next === undefined ? {} : { next: page.next }),
  };
}
