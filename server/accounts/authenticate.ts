import type { Actor } from '../platform/route.ts';
import { isUsable } from './account-state.ts';
import { type AccountsDeps, isCode } from './repository.ts';
import type { Account } from './schema.ts';
import { hashOf } from './secrets.ts';
import { updateAccount } from './update-account.ts';

const MINUTE = 60_000;
/** How exact the time of last use is kept; a write at each request would be too many. */
const SESSION_STEP = MINUTE;
const ACCOUNT_STEP = 12 * 60 * MINUTE;

/** Who holds the session, if it and the account still count. */
export async function actorOfSession(deps: AccountsDeps, secret: string): Promise<Actor | undefined> {
  const session = await deps.sessions.get(hashOf(secret));
  if (session === undefined) return undefined;
  const now = deps.clock.now();
  const unused = now.getTime() - Date.parse(session.lastUsedAt);
  const over = session.expiresAt <= now.toISOString() || unused >= deps.limits.sessionIdleMinutes * MINUTE;
  const account = over ? undefined : await deps.accounts.get(session.accountId);
  if (account === undefined || !isUsable(deps, account) || session.generation !== account.generation) {
    return undefined;
  }
  if (unused >= SESSION_STEP) {
    // Of two requests at once one is enough to note the use.
    await deps.sessions.replace({ ...session, lastUsedAt: now.toISOString() }).catch(unlessOvertaken);
  }
  return actorOf(account, 'session');
}

/** The holder of the token, with those roles of the token that the holder still has. */
export async function actorOfToken(deps: AccountsDeps, token: string): Promise<Actor | undefined> {
  const found = (await deps.tokens.find('hash', { prefix: [hashOf(token)], limit: 1 })).items[0];
  const now = deps.clock.now().toISOString();
  if (found === undefined || found.revokedAt !== undefined || found.expiresAt <= now) return undefined;
  const account = await deps.accounts.get(found.accountId);
  if (account === undefined || !isUsable(deps, account)) return undefined;
  if (Date.parse(now) - Date.parse(account.lastUsedAt) >= ACCOUNT_STEP) {
    await updateAccount(deps, account.id, (current) => ({ ...current, lastUsedAt: now }));
  }
  const actor = actorOf(account, 'token');
  return { ...actor, roles: actor.roles.filter((role) => found.roles.includes(role)) };
}

function actorOf(account: Account, via: Actor['via']): Actor {
  const { id, login, name, agencyId, unitId, roles } = account;
  return { accountId: id, login, name, agencyId, ...(unitId === undefined ? {} : { unitId }), roles, via };
}

function unlessOvertaken(error: unknown): void {
  if (!isCode(error, 'storage.conflict') && !isCode(error, 'storage.not_found')) throw error;
}
