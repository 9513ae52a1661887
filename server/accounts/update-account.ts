import { AccountsError } from './errors.ts';
import { type AccountsDeps, isCode } from './repository.ts';
import type { Account } from './schema.ts';

const TRIES = 10;

/**
 * Applies `change` to the account as it now is, again when somebody was faster. `change` may refuse by throwing, or give
 * undefined when there is nothing to do.
 * @throws AccountsError `accounts.not_found`.
 */
export async function updateAccount(
  deps: Pick<AccountsDeps, 'accounts'>,
  id: string,
  change: (account: Account) => Account | undefined,
): Promise<Account> {
  for (let tries = 1; ; tries += 1) {
    const account = await accountById(deps, id);
    const changed = change(account);
    if (changed === undefined) return account;
    try {
      return await deps.accounts.replace(changed);
    } catch (error) {
      if (!isCode(error, 'storage.conflict') || tries === TRIES) throw error;
    }
  }
}

/** @throws AccountsError `accounts.not_found`. */
export async function accountById(deps: Pick<AccountsDeps, 'accounts'>, id: string): Promise<Account> {
  const account = await deps.accounts.get(id);
  if (account === undefined) throw new AccountsError('accounts.not_found', `there is no account ${id}`);
  return account;
}
