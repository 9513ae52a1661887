import type { Actor } from '../platform/route.ts';
import type { AccountRole } from '../workflow/definition.ts';
import { AccountsError } from './errors.ts';
import { checkSession } from './policy.ts';
import { type AccountsDeps, eventOf } from './repository.ts';
import type { ApiToken } from './schema.ts';
import { hashOf, newSecret } from './secrets.ts';

const DAY = 86_400_000;
/** Lets scanners of leaked secrets recognise one. */
const PREFIX = 'anso_';

/**
 * A token with which a program acts for its holder, within some of the holder's roles. Shown once.
 * @throws AccountsError `accounts.session_required`, `accounts.roles_not_held`.
 */
export async function createToken(
  deps: AccountsDeps,
  actor: Actor,
  input: { readonly name: string; readonly roles: readonly AccountRole[]; readonly days: number },
): Promise<{ token: ApiToken; secret: string }> {
  checkSession(actor);
  if (!input.roles.every((role) => actor.roles.includes(role))) {
    throw new AccountsError('accounts.roles_not_held', 'a token has roles its holder has');
  }
  const now = deps.clock.now();
  const id = deps.newId(now);
  const secret = `${PREFIX}${newSecret()}`;
  const { name, roles } = input;
  const expiresAt = new Date(now.getTime() + input.days * DAY).toISOString();
  const token = await deps.tokens.insert({
    id,
    accountId: actor.accountId,
    name,
    hash: hashOf(secret),
    roles,
    createdAt: now.toISOString(),
    expiresAt,
    outbox: [
      eventOf(deps, 'token.created', actor.accountId, { type: 'token', id }, { name, roles, expiresAt }),
    ],
  });
  return { token, secret };
}
