import type { Actor } from '../platform/route.ts';
import type { AccountRole } from '../workflow/definition.ts';
import { agencyById } from './agency-by-id.ts';
import { checkAdministers, checkNotOneself, checkRoles } from './policy.ts';
import { type AccountsDeps, eventOf } from './repository.ts';
import type { Account } from './schema.ts';
import { checkAnotherAdministrator } from './set-status.ts';
import { accountById, updateAccount } from './update-account.ts';

/** Gives an account exactly these roles; sessions see it at once, since roles are read with each request. */
export async function assignRoles(
  deps: AccountsDeps,
  actor: Actor,
  input: { readonly accountId: string; readonly roles: readonly AccountRole[] },
): Promise<Account> {
  checkNotOneself(actor, input.accountId);
  checkRoles(input.roles);
  const account = await accountById(deps, input.accountId);
  checkAdministers(actor, await agencyById(deps, account.agencyId));
  if (account.roles.includes('administrator') && !input.roles.includes('administrator')) {
    await checkAnotherAdministrator(deps);
  }
  const subject = { type: 'account', id: account.id };
  return updateAccount(deps, account.id, (current) => {
    const data = { from: current.roles, to: input.roles };
    return {
      ...current,
      roles: [...input.roles],
      outbox: [eventOf(deps, 'account.roles-assigned', actor.accountId, subject, data)],
    };
  });
}
