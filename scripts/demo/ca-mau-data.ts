import { createHash } from 'node:crypto';
import { idFrom } from '../../server/platform/ids.ts';
import type { AgencyInfo } from '../../server/platform/services.ts';
import type { UsageEvent } from '../../server/storage/ports.ts';
import scenario from './ca-mau.json' with { type: 'json' };

/** How a group of certificates is used; the scenario says how many behave so, and the rule decides what that amounts to. */
export interface Habit {
  readonly story: string;
  readonly organization: number;
  readonly person: number;
  readonly revoked?: { readonly organization: number; readonly person: number };
  /** Single uses; the time is of Vietnam, office hours unless given. */
  readonly uses?: readonly { daysAgo: number; time?: string; outcome?: string }[];
  /** Uses again and again, on weekdays. */
  readonly span?: { from: number; to: number; everyDays: number; perDay: number };
}

/** One row of the issued list, as the feature's import takes it. */
export interface DemoRow {
  readonly holderKind: 'organization' | 'person';
  readonly holderName: string;
  readonly agency: string;
  readonly medium: 'token' | 'hsm';
  readonly serial: string;
  readonly issuer: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly state: 'active' | 'revoked';
  readonly revokedAt?: string;
  readonly reason?: 'affiliationChanged';
  readonly fingerprint: string;
}

export const habits: readonly Habit[] = scenario.habits;
export const now = new Date(scenario.now);
export const province: AgencyInfo = { id: 'ca-mau', ...scenario.province };
export const agencies: readonly AgencyInfo[] = scenario.agencies.map((name, index) => ({
  id: `ca-mau-${index + 1}`,
  code: `${province.code}.${index + 1}`,
  name,
  notation: name.startsWith('Ủy ban') ? 'UBND' : 'CQ',
  place: province.place,
  parentId: province.id,
}));

/** The issued list and the uses of each certificate; the same at every call. */
export function caMauData(): { rows: DemoRow[]; events: UsageEvent[] } {
  const rows: DemoRow[] = [];
  const events: UsageEvent[] = [];
  for (const holderKind of ['organization', 'person'] as const) {
    for (const habit of habits) {
      for (let nth = 0; nth < habit[holderKind]; nth++) {
        const row = rowOf(rows.length, holderKind, nth < (habit.revoked?.[holderKind] ?? 0));
        rows.push(row);
        events.push(...eventsOf(row, habit));
      }
    }
  }
  return { rows, events };
}

function rowOf(index: number, holderKind: DemoRow['holderKind'], revoked: boolean): DemoRow {
  const digest = createHash('sha256').update(`ca-mau ${index}`).digest();
  const agency = pick(agencies, digest, 0);
  const issued = new Date(Date.UTC(2014, 6 + ((digest[8] ?? 0) % 44), 1 + ((digest[9] ?? 0) % 28)));
  const until = new Date(issued);
  until.setUTCFullYear(until.getUTCFullYear() + 5);
  return {
    holderKind,
    holderName: holderKind === 'organization' ? `${agency.name} (${index + 1})` : personName(digest),
    agency: agency.code,
    medium: holderKind === 'organization' && index % 5 === 0 ? 'hsm' : 'token',
    serial: digest.subarray(0, 10).toString('hex'),
    issuer: scenario.issuer,
    notBefore: issued.toISOString(),
    notAfter: until.toISOString(),
    fingerprint: digest.toString('hex'),
    ...(revoked
      ? { state: 'revoked', revokedAt: daysBefore(2, '08:00:00.000'), reason: 'affiliationChanged' }
      : { state: 'active' }),
  };
}

function eventsOf(row: DemoRow, { uses = [], span }: Habit): UsageEvent[] {
  const events = uses.map(({ daysAgo, time, outcome = 'signed' }, index) =>
    eventOf(
      row,
      index,
      daysBefore(daysAgo, time ?? officeTime(row, index)),
      outcome as UsageEvent['outcome'],
    ),
  );
  if (!span) return events;
  for (let daysAgo = span.from; daysAgo <= span.to; daysAgo += span.everyDays) {
    for (let nth = 0; nth < span.perDay; nth++) {
      const time = daysBefore(onWeekday(daysAgo), officeTime(row, daysAgo * 16 + nth));
      if (new Date(time) <= now) events.push(eventOf(row, daysAgo * 16 + nth, time, 'signed'));
    }
  }
  return events;
}

const eventOf = (row: DemoRow, nth: number, time: string, outcome: UsageEvent['outcome']): UsageEvent => ({
  id: idFrom('ca-mau', row.fingerprint, String(nth)),
  certificate: row.fingerprint,
  time,
  outcome,
  channel: outcome === 'observed' ? 'scan' : 'import',
  ...(outcome === 'refused' ? { code: 'signing.wrong_pin' } : {}),
});

/** The UTC instant of a time of day in Vietnam, so many days before the day of the report. */
function daysBefore(daysAgo: number, time: string): string {
  const today = new Date(now.getTime() + 7 * 3_600_000).toISOString().slice(0, 10);
  return new Date(Date.parse(`${today}T${time}+07:00`) - daysAgo * 86_400_000).toISOString();
}

/** Weekend days move to the Friday before. */
function onWeekday(daysAgo: number): number {
  const day = new Date(daysBefore(daysAgo, '12:00:00.000')).getUTCDay();
  return day === 6 ? daysAgo + 1 : day === 0 ? daysAgo + 2 : daysAgo;
}

/** Some time between 08:00 and 15:59. */
function officeTime(row: DemoRow, nth: number): string {
  const [hour = 0, minute = 0] = createHash('sha256').update(`${row.serial} ${nth}`).digest();
  return `${String(8 + (hour % 8)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}:00.000`;
}

const personName = (digest: Uint8Array): string =>
  [
    pick(scenario.familyNames, digest, 1),
    pick(scenario.middleNames, digest, 2),
    pick(scenario.givenNames, digest, 3),
  ].join(' ');

function pick<T>(list: readonly T[], digest: Uint8Array, at: number): T {
  const found = list[((digest[at] ?? 0) * 256 + (digest[at + 1] ?? 0)) % list.length];
  if (found === undefined) throw new Error('an empty list');
  return found;
}
