import { setImmediate } from 'node:timers/promises';
import type { Actor } from '../platform/route.ts';
import type { Collection } from '../storage/ports.ts';
import { CertificatesError } from './errors.ts';
import { entryByFingerprint } from './get-certificate.ts';
import type { RowProblem } from './issued-list.ts';
import { mustKeep } from './policy.ts';
import {
  type CertificateEntry,
  type CertificatesDeps,
  certificateEvent,
  certificateId,
  certificateRegister,
  handOver,
  plainSerial,
  type StateChange,
} from './register.ts';
import type { IssuedRow } from './schema.ts';

/** Rows written between two turns of the event loop: some tens of milliseconds. */
const ROWS_A_TURN = 20;

export interface ImportDeps extends CertificatesDeps {
  /** Agency id of an identifier code (Decision 20/2020/QĐ-TTg). */
  readonly agencyIdOf: (code: string) => Promise<string | undefined>;
}

export interface ImportResult {
  readonly registered: number;
  /** In the register before: left as they were. */
  readonly known: number;
}

/**
 * Puts the rows of a list of issued certificates into the register. Every row is checked before the first is written;
 * a repeat of the same list changes nothing, so an import that was cut off is simply run again.
 * @throws CertificatesError `certificates.bad_list` (an agency nobody knows, the same certificate twice),
 * `certificates.forbidden`.
 */
export async function importIssuedList(
  deps: ImportDeps,
  actor: Actor,
  rows: readonly IssuedRow[],
): Promise<ImportResult> {
  const agencies = await resolveAgencies(deps, actor, rows);
  const entries = rows.map((row) => entryOf(deps, actor, row, agencies.get(row.agency) ?? ''));
  await mustDiffer(deps, entries);
  const register = await certificateRegister(deps.store);
  let registered = 0;
  for (const [index, entry] of entries.entries()) {
    // SQLite answers in the same turn of the event loop: without a pause a long list holds up everybody else.
    if (index % ROWS_A_TURN === 0) await setImmediate();
    if (await insertOnce(register, entry)) registered++;
  }
  return { registered, known: rows.length - registered };
}

async function resolveAgencies(
  deps: ImportDeps,
  actor: Actor,
  rows: readonly IssuedRow[],
): Promise<ReadonlyMap<string, string>> {
  const agencies = new Map<string, string>();
  const problems: RowProblem[] = [];
  for (const [index, { agency }] of rows.entries()) {
    if (agencies.has(agency)) continue;
    const id = await deps.agencyIdOf(agency);
    if (id === undefined) problems.push({ row: index + 1, field: 'agency', message: `unknown: ${agency}` });
    else await mustKeep(deps.people, actor, id);
    agencies.set(agency, id ?? '');
  }
  if (problems.length > 0) throw badList(problems);
  return agencies;
}

/** No certificate twice, neither in the list nor under another number in the register. */
async function mustDiffer(
  deps: ImportDeps,
  entries: readonly Omit<CertificateEntry, 'revision'>[],
): Promise<void> {
  const seen = new Set<string>();
  const problems: RowProblem[] = [];
  for (const [index, { id, fingerprint }] of entries.entries()) {
    const other = fingerprint === undefined ? undefined : await entryByFingerprint(deps, fingerprint);
    const isOthers = other !== undefined && other.id !== id;
    if (isOthers)
      problems.push({ row: index + 1, field: 'fingerprint', message: `belongs to ${other.serial}` });
    for (const [field, key] of Object.entries({ serial: id, fingerprint })) {
      if (key !== undefined && seen.has(key)) problems.push({ row: index + 1, field, message: 'repeated' });
      if (key !== undefined) seen.add(key);
    }
  }
  if (problems.length > 0) throw badList(problems);
}

const badList = (problems: readonly RowProblem[]): CertificatesError =>
  new CertificatesError('certificates.bad_list', `${problems.length} rows are not valid`, {
    details: { problems: problems.slice(0, 100), count: problems.length },
  });

async function insertOnce(
  register: Collection<CertificateEntry>,
  entry: Omit<CertificateEntry, 'revision'>,
): Promise<boolean> {
  if (await register.get(entry.id)) return false;
  await register.insert(entry);
  return true;
}

function entryOf(
  deps: ImportDeps,
  actor: Actor,
  row: IssuedRow,
  agencyId: string,
): Omit<CertificateEntry, 'revision'> {
  const { agency: _, revokedAt, reason = 'unspecified', state = 'active', ...facts } = row;
  const id = certificateId(row.issuer, row.serial);
  const now = deps.clock.now();
  const time = now.toISOString();
  const change = (to: StateChange['to'], effective: string): StateChange => ({
    time,
    effective,
    to,
    reason,
    actor: actor.accountId,
  });
  const changes = [handOver(state === 'pending' ? 'pending' : 'active', row.notBefore, now, actor.accountId)];
  if (state === 'suspended') changes.push(change('suspended', time));
  if (state === 'revoked' && revokedAt !== undefined) changes.push(change('revoked', revokedAt));
  return {
    ...facts,
    id,
    serial: plainSerial(row.serial),
    medium: row.medium ?? 'token',
    agencyId,
    state,
    changes,
    registeredAt: time,
    outbox: [
      certificateEvent(deps, actor.accountId, 'registered', id, {
        serial: row.serial,
        agencyId,
        source: 'list',
      }),
    ],
  };
}
