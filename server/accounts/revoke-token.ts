import type { Actor } from '../platform/route.ts';
import { agencyById } from './agency-by-id.ts';
import { AccountsError } from './errors.ts';
import { checkAdministers } from './policy.ts';
import { type AccountsDeps, eventOf } from './repository.ts';
import type { ApiToken } from './schema.ts';
import { accountById } from './update-account.ts';

/** The holder may, and an administrator of the holder's agency. @throws AccountsError `accounts.not_found`. */
export async function revokeToken(deps: AccountsDeps, actor: Actor, id: string): Promise<ApiToken> {
  const token = await deps.tokens.get(id);
  const own = token?.accountId === actor.accountId;
  if (token === undefined || !(own || actor.roles.includes('administrator'))) {
    throw new AccountsError('accounts.not_found', `there is no token ${id}`);
  }
  if (!own) {
    const holder = await accountById(deps, token.accountId);
    checkAdministers(actor, await agencyById(deps, holder.agencyId));
  }
  if (token.revokedAt !== undefined) return token;
  return deps.tokens.replace({
    ...token,
    revokedAt: deps.clock.now().toISOString(),
    outbox: [eventOf(deps, 'token.revoked', actor.accountId, { type: 'token', id })],
  });
}
