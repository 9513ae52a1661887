import { AccountsError } from './errors.ts';
import { claimInvitation, usableInvitation } from './invite-account.ts';
import { checkPassword } from './password-rules.ts';
import type { AccountsDeps } from './repository.ts';
import type { Account } from './schema.ts';
import { setPassword } from './set-password.ts';
import { accountById } from './update-account.ts';

/**
 * The holder of a link chooses the password. A password that breaks the rules does not use the link up.
 * @throws AccountsError `accounts.link_invalid`, `accounts.weak_password`, `accounts.disabled`.
 */
export async function acceptInvitation(
  deps: AccountsDeps,
  input: { readonly token: string; readonly password: string },
): Promise<Account> {
  const invitation = await usableInvitation(deps, input.token, 'account');
  if (invitation?.accountId === undefined) throw linkInvalid();
  const account = await accountById(deps, invitation.accountId);
  if (account.status === 'disabled') throw new AccountsError('accounts.disabled', 'the account is disabled');
  checkPassword(input.password, account.login, deps.clock.now());
  if (!(await claimInvitation(deps, invitation))) throw linkInvalid();
  return setPassword(deps, account.id, account, input.password);
}

export const linkInvalid = (): AccountsError =>
  new AccountsError('accounts.link_invalid', 'the link is unknown, used or expired');
