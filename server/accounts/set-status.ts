import type { Actor } from '../platform/route.ts';
import { agencyById } from './agency-by-id.ts';
import { AccountsError } from './errors.ts';
import { checkAdministers, checkNotOneself } from './policy.ts';
import { type AccountsDeps, eventOf } from './repository.ts';
import type { Account } from './schema.ts';
import { accountById, updateAccount } from './update-account.ts';

/** Closes an account: its sessions and tokens count no more. Its history stays. */
export async function disableAccount(
  deps: AccountsDeps,
  actor: Actor,
  input: { readonly accountId: string; readonly reason: string },
): Promise<Account> {
  await checkMay(deps, actor, input.accountId);
  const account = await accountById(deps, input.accountId);
  if (account.roles.includes('administrator')) await checkAnotherAdministrator(deps);
  return close(deps, actor.accountId, input.accountId, input.reason);
}

export async function enableAccount(deps: AccountsDeps, actor: Actor, accountId: string): Promise<Account> {
  await checkMay(deps, actor, accountId);
  const now = deps.clock.now().toISOString();
  return updateAccount(deps, accountId, (account) =>
    account.status !== 'disabled' && account.lastUsedAt === now
      ? undefined
      : {
          ...account,
          status: account.passwordHash === undefined ? 'invited' : 'active',
          lastUsedAt: now,
          outbox: [eventOf(deps, 'account.enabled', actor.accountId, { type: 'account', id: accountId })],
        },
  );
}

/** Without asking who may: for the round over idle accounts and for the command line. */
export async function close(
  deps: AccountsDeps,
  by: string,
  accountId: string,
  reason: string,
): Promise<Account> {
  return updateAccount(deps, accountId, (account) =>
    account.status === 'disabled'
      ? undefined
      : {
          ...account,
          status: 'disabled',
          generation: account.generation + 1,
          outbox: [eventOf(deps, 'account.disabled', by, { type: 'account', id: accountId }, { reason })],
        },
  );
}

async function checkMay(deps: AccountsDeps, actor: Actor, accountId: string): Promise<void> {
  checkNotOneself(actor, accountId);
  const account = await accountById(deps, accountId);
  checkAdministers(actor, await agencyById(deps, account.agencyId));
}

/**
 * Two administrators who close each other in the same instant may still leave none: the next start then offers the
 * link of the first administrator again. @throws AccountsError `accounts.last_administrator`.
 */
export async function checkAnotherAdministrator(deps: AccountsDeps): Promise<void> {
  if ((await deps.accounts.count('role', { prefix: ['administrator', 'active'] })) < 2) {
    throw new AccountsError('accounts.last_administrator', 'no other administrator is active');
  }
}
