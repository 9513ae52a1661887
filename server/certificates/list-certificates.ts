import { setImmediate } from 'node:timers/promises';
import type { Actor } from '../platform/route.ts';
import type { Page } from '../storage/ports.ts';
import { mayReadOthers, readerOf } from './policy.ts';
import { type CertificateEntry, type CertificatesDeps, certificateRegister } from './register.ts';
import type { ListQuery } from './schema.ts';
import { statusAt } from './status.ts';

/**
 * A page of the register, agency by agency, of what the actor may read and the filters let through.
 * @throws StorageError `storage.bad_cursor`
 */
export async function listCertificates(
  deps: CertificatesDeps,
  actor: Actor,
  query: ListQuery,
): Promise<Page<CertificateEntry>> {
  const { agencyId, holderKind, limit = 100 } = query;
  const byAgency =
    agencyId === undefined ? [] : [agencyId, ...(holderKind === undefined ? [] : [holderKind])];
  // Whoever may read nothing but the own ones need not search all of the register for them.
  const own = !mayReadOthers(actor);
  const [index, prefix] = own ? (['account', [actor.accountId]] as const) : (['agency', byAgency] as const);
  const register = await certificateRegister(deps.store);
  const readable = readerOf(deps.people, actor);
  const items: CertificateEntry[] = [];
  let cursor = query.cursor;
  do {
    // SQLite answers in the same turn of the event loop: a search through all of the register must not hold up others.
    await setImmediate();
    // Asking for no more than still fits keeps the page's end and the cursor together.
    const page = await register.find(index, {
      prefix,
      limit: limit - items.length,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const entry of page.items) {
      if (matches(entry, query, deps.clock.now()) && (await readable(entry))) items.push(entry);
    }
    cursor = page.next;
  } while (cursor !== undefined && items.length < limit);
  return { items, ...(cursor === undefined ? {} : { next: cursor }) };
}

function matches(entry: CertificateEntry, query: ListQuery, now: Date): boolean {
  const text = query.text?.normalize('NFC').toLowerCase();
  return (
    (query.agencyId === undefined || entry.agencyId === query.agencyId) &&
    (query.holderKind === undefined || entry.holderKind === query.holderKind) &&
    (query.medium === undefined || entry.medium === query.medium) &&
    (query.status === undefined || statusAt(entry, now) === query.status) &&
    (text === undefined || entry.holderName.toLowerCase().includes(text) || entry.serial.startsWith(text))
  );
}
