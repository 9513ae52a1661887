import { countOf } from './count.ts';
import { certificateLine } from './line.ts';
import { periodOf } from './period.ts';
import { narrowed, type Scope, within } from './policy.ts';
import type { HolderKind, UsageDeps } from './ports.ts';
import type { AgencyLine, CertificateLine, ReportQuery, UsageReport } from './schema.ts';
import { type Tally, tallies, unused } from './tally.ts';

/**
 * The usage report: every certificate of the scope with its counts and group, and the share in regular use over both bases.
 * Every face prints what this returns, so the figures cannot differ.
 * @throws UsageError `usage.bad_period`, `usage.no_rule`, `usage.forbidden` (an agency outside the scope).
 */
export async function reportUsage(deps: UsageDeps, widest: Scope, query: ReportQuery): Promise<UsageReport> {
  const scope = await narrowed(deps.people, widest, query.agencyId);
  const period = periodOf(deps, query);
  const used = new Map<string, Tally>();
  for await (const [fingerprint, tally] of tallies(deps.ledger, period)) used.set(fingerprint, tally);

  const inScope = within(deps.people, scope);
  const lines: CertificateLine[] = [];
  let pending = 0;
  for await (const certificate of deps.certificates.all()) {
    const { fingerprint = '', holderKind, agencyId } = certificate;
    const tally = used.get(fingerprint) ?? unused;
    used.delete(fingerprint);
    if (query.holderKind !== undefined && holderKind !== query.holderKind) continue;
    if (!(await inScope(agencyId))) continue;
    if (certificate.statusAt(period.moment) === 'pending') pending++;
    else if (new Date(certificate.notBefore) <= period.moment) {
      lines.push(await certificateLine(deps, certificate, tally, period.moment));
    }
  }
  const isWhole = scope === 'everything';
  return {
    generatedAt: deps.clock.now().toISOString(),
    asOf: period.asOf,
    from: period.from,
    rule: period.statedRule,
    ...figures(lines),
    pending,
    byAgency: await byAgency(deps, lines),
    totals: sumOf(lines),
    // Whose they are nobody knows, so only whoever may see everything is told of them.
    unregistered: { certificates: isWhole ? used.size : 0, ...sumOf(isWhole ? [...used.values()] : []) },
    certificates: lines,
  };
}

type Figures = Pick<
  UsageReport,
  'issued' | 'organization' | 'personal' | 'device' | 'regular' | 'rate' | 'bases' | 'byHolderKind'
>;

function figures(lines: readonly CertificateLine[]): Figures {
  const kind = (wanted: HolderKind) => basesOf(lines.filter(({ holderKind }) => holderKind === wanted));
  const bases = basesOf(lines);
  const byHolderKind = { organization: kind('organization'), person: kind('person'), device: kind('device') };
  return {
    issued: bases.issued.total,
    organization: byHolderKind.organization.issued.total,
    personal: byHolderKind.person.issued.total,
    device: byHolderKind.device.issued.total,
    regular: bases.issued.regular,
    rate: bases.issued.rate,
    bases,
    byHolderKind,
  };
}

function basesOf(lines: readonly CertificateLine[]): UsageReport['bases'] {
  const active = lines.filter(({ status }) => status === 'active' || status === 'expiring');
  return {
    issued: countOf(lines.map(({ group }) => group)),
    active: countOf(active.map(({ group }) => group)),
  };
}

async function byAgency({ people }: UsageDeps, lines: readonly CertificateLine[]): Promise<AgencyLine[]> {
  const agencies = await Promise.all(
    [...Map.groupBy(lines, ({ agencyId }) => agencyId)].map(async ([agencyId, own]): Promise<AgencyLine> => {
      const agency = await people.agency(agencyId);
      return {
        agencyId,
        agency: agency?.name ?? agencyId,
        ...(agency === undefined ? {} : { code: agency.code }),
        ...basesOf(own),
      };
    }),
  );
  return agencies.toSorted((a, b) => (a.code ?? '').localeCompare(b.code ?? '', 'vi', { numeric: true }));
}

function sumOf(
  tallies: readonly Pick<Tally, 'signed' | 'refused' | 'failed' | 'observed'>[],
): UsageReport['totals'] {
  const sum = (field: 'signed' | 'refused' | 'failed' | 'observed'): number =>
    tallies.reduce((total, tally) => total + tally[field], 0);
  return { signed: sum('signed'), refused: sum('refused'), failed: sum('failed'), observed: sum('observed') };
}
