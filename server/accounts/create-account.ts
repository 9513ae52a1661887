import type { Actor } from '../platform/route.ts';
import { agencyById } from './agency-by-id.ts';
import { AccountsError } from './errors.ts';
import { type IssuedLink, inviteAccount } from './invite-account.ts';
import { checkAdministers, checkRoles } from './policy.ts';
import { type AccountsDeps, eventOf, isCode } from './repository.ts';
import type { Account, AccountInput } from './schema.ts';

/**
 * Makes an account and the one-time link with which its holder, and nobody else, chooses the password.
 * @throws AccountsError `accounts.outside_agency`, `accounts.roles_conflict`, `accounts.login_taken`.
 */
export async function createAccount(
  deps: AccountsDeps,
  actor: Actor,
  input: AccountInput,
): Promise<{ account: Account; invitation: IssuedLink }> {
  checkAdministers(actor, await agencyById(deps, input.agencyId));
  const account = await insertAccount(deps, actor.accountId, input);
  const invitation = await inviteAccount(deps, actor.accountId, account.id);
  return { account, invitation };
}

/** The account without a password: it is `invited`. */
export async function insertAccount(deps: AccountsDeps, by: string, input: AccountInput): Promise<Account> {
  checkRoles(input.roles);
  const agency = await agencyById(deps, input.agencyId);
  if (input.unitId !== undefined && !agency.units.some((unit) => unit.id === input.unitId)) {
    throw new AccountsError('accounts.not_found', `the agency has no unit ${input.unitId}`);
  }
  const id = deps.newId(deps.clock.now());
  const now = deps.clock.now().toISOString();
  const { login, name, roles, agencyId } = input;
  const created = eventOf(
    deps,
    'account.created',
    by,
    { type: 'account', id },
    { login, name, roles, agencyId },
  );
  try {
    return await deps.accounts.insert({
      id,
      ...input,
      status: 'invited',
      passwordHistory: [],
      lastUsedAt: now,
      generation: 1,
      createdAt: now,
      outbox: [created],
    });
  } catch (error) {
    if (!isCode(error, 'storage.duplicate')) throw error;
    throw new AccountsError('accounts.login_taken', `the login ${login} is taken`, { cause: error });
  }
}
