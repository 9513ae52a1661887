import type { Aggregate, Collection } from '../storage/ports.ts';
import type { AccountsDeps } from './repository.ts';
import { close } from './set-status.ts';

const DAY = 86_400_000;
const BATCH = 500;

/** Removes what has expired and closes idle accounts; for a timer. Nothing depends on when it runs. */
export async function tidyAccounts(deps: AccountsDeps): Promise<void> {
  await purge(deps, deps.sessions);
  await purge(deps, deps.invitations);
  await purge(deps, deps.counters);
  await disableIdleAccounts(deps);
}

export async function disableIdleAccounts(deps: AccountsDeps): Promise<void> {
  const { idleAccountDays } = deps.limits;
  const to = new Date(deps.clock.now().getTime() - idleAccountDays * DAY).toISOString();
  let found: number;
  do {
    const { items } = await deps.accounts.find('use', { prefix: ['active'], to, limit: BATCH });
    for (const { id } of items) await close(deps, 'system', id, `idle for ${idleAccountDays} days`);
    found = items.length;
  } while (found === BATCH);
}

async function purge(deps: AccountsDeps, rows: Collection<Aggregate & { expiresAt: string }>): Promise<void> {
  const to = deps.clock.now().toISOString();
  let found: number;
  do {
    const { items } = await rows.find('expiry', { to, limit: BATCH });
    for (const { id } of items) await rows.remove(id);
    found = items.length;
  } while (found === BATCH);
}
