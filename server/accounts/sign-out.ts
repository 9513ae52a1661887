import type { Actor } from '../platform/route.ts';
import { type AccountsDeps, eventOf } from './repository.ts';
import { hashOf } from './secrets.ts';
import { updateAccount } from './update-account.ts';

/** Ends the session; with a token there is none, and nothing happens. */
export async function signOut(deps: AccountsDeps, actor: Actor, secret: string | undefined): Promise<void> {
  if (secret === undefined || !(await deps.sessions.remove(hashOf(secret)))) return;
  await updateAccount(deps, actor.accountId, (account) => ({
    ...account,
    outbox: [eventOf(deps, 'account.signed-out', actor.accountId, { type: 'account', id: actor.accountId })],
  }));
}
