import { AccountsError } from './errors.ts';
import { isPasswordTooOld } from './password-rules.ts';
import type { AccountsDeps } from './repository.ts';
import type { Account } from './schema.ts';

const DAY = 86_400_000;

/** Not used for so long that it is closed, whether or not the nightly round has come by yet (QCVN 12:2026/BCA: 45 days). */
export function isIdle(deps: Pick<AccountsDeps, 'clock' | 'limits'>, account: Account): boolean {
  return deps.clock.now().getTime() - Date.parse(account.lastUsedAt) > deps.limits.idleAccountDays * DAY;
}

export const isUsable = (deps: AccountsDeps, account: Account): boolean =>
  account.status === 'active' && !isIdle(deps, account);

/** @throws AccountsError `accounts.disabled`. */
export function checkUsable(deps: AccountsDeps, account: Account): void {
  if (!isUsable(deps, account)) throw new AccountsError('accounts.disabled', 'the account is disabled');
}

/** @throws AccountsError `accounts.password_change_required`. */
export function checkPasswordStillGood(deps: AccountsDeps, account: Account): void {
  const changedAt = new Date(account.passwordChangedAt ?? 0);
  if (account.passwordTemporary || isPasswordTooOld(changedAt, account.roles, deps.clock.now())) {
    throw new AccountsError(
      'accounts.password_change_required',
      'the password was set by another or is too old',
    );
  }
}
