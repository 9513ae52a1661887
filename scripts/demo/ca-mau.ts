import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { importIssuedList } from '../../server/certificates/import-issued-list.ts';
import { issuedCertificates } from '../../server/certificates/issued-certificates.ts';
import { newId } from '../../server/platform/ids.ts';
import type { Actor } from '../../server/platform/route.ts';
import type { PeopleDirectory } from '../../server/platform/services.ts';
import { openStore } from '../../server/storage/open-store.ts';
import type { Store } from '../../server/storage/ports.ts';
import { summaryOf, usageTable } from '../../server/usage/presenter.ts';
import { reportUsage } from '../../server/usage/report-usage.ts';
import type { UsageReport } from '../../server/usage/schema.ts';
import { agencies, caMauData, habits, now, province } from './ca-mau-data.ts';

/**
 * The question of Cà Mau at the end of 2018: of 967 certificates issued, how many are in regular use? The certificates are
 * registered and the uses recorded as they would be by an import, in a folder that is thrown away; the answer is that of the
 * same report everybody gets.
 */
export async function runCaMau(options: {
  readonly json: boolean;
  /** Default: standard output. */
  readonly out?: Writable;
}): Promise<UsageReport> {
  const { json, out = process.stdout } = options;
  const say = (text: string): void => {
    if (!json) out.write(`${text}\n`);
  };
  const folder = await mkdtemp(join(tmpdir(), 'anso-ca-mau-'));
  const store = await openStore({ dataDir: folder }, { now: () => now });
  try {
    const report = await answer(store, say);
    out.write(`${JSON.stringify(summaryOf(report))}\n`);
    return report;
  } finally {
    await store.close();
    await rm(folder, { recursive: true });
  }
}

async function answer(store: Store, say: (text: string) => void): Promise<UsageReport> {
  const clock = { now: () => now };
  const { rows, events } = caMauData();
  const deps = { store, clock, newId, people, agencyIdOf };

  say('Cà Mau, cuối năm 2018: đã cấp chứng thư số, nhưng bao nhiêu được dùng thường xuyên?');
  say('Cà Mau, end of 2018: certificates were issued; how many are in regular use?\n');
  const { registered } = await importIssuedList(deps, administrator, rows);
  await store.dispatch();
  say(
    `Đăng ký ${registered} chứng thư số của ${agencies.length} cơ quan / registered ${registered} certificates.`,
  );
  await store.usage.record(events);
  say(`Ghi ${events.length} lần dùng / recorded ${events.length} uses, by these habits:\n`);
  for (const { story, organization, person } of habits) {
    say(`  ${String(organization + person).padStart(4)}  ${story}`);
  }
  const report = await reportUsage(
    { ledger: store.usage, certificates: issuedCertificates(store), people, clock },
    'everything',
    {},
  );
  say(`\n${usageTable(report)}`);
  say(idleAgencies(report));
  return report;
}

/** Where to begin asking: the agencies with the most certificates nobody ever used. */
function idleAgencies({ byAgency }: UsageReport): string {
  const most = byAgency.toSorted((a, b) => b.issued.never - a.issued.never).slice(0, 3);
  const list = most.map(({ agency, issued }) => `${agency} (${issued.never}/${issued.total})`).join('; ');
  return `Nhiều chứng thư số chưa từng dùng nhất / most never used: ${list}.\n`;
}

const administrator: Actor = {
  accountId: 'demonstration',
  login: 'quan-tri',
  name: 'Quản trị',
  agencyId: province.id,
  roles: ['administrator'],
  via: 'session',
};

const byId = new Map([province, ...agencies].map((agency) => [agency.id, agency]));
const byCode = new Map([province, ...agencies].map((agency) => [agency.code, agency.id]));
const agencyIdOf = async (code: string): Promise<string | undefined> => byCode.get(code);
const people: PeopleDirectory = {
  agency: async (id) => byId.get(id),
  account: async () => undefined,
  unit: async () => undefined,
};
