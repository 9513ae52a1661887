import { AccountsError } from './errors.ts';
import type { AccountsDeps } from './repository.ts';
import type { Account } from './schema.ts';
import { setPassword } from './set-password.ts';
import { type Credentials, proveIdentity } from './sign-in.ts';

/**
 * Works signed in or not, for it is what a person must do whose password is temporary or too old.
 * @throws AccountsError as signing in does, and `accounts.weak_password`, `accounts.password_used_before`.
 */
export async function changePassword(
  deps: AccountsDeps,
  input: Credentials & { readonly newPassword: string },
  address: string,
): Promise<Account> {
  const account = await proveIdentity(deps, input, address);
  if (input.newPassword === input.password) {
    throw new AccountsError('accounts.password_used_before', 'the new password is the present one');
  }
  return setPassword(deps, account.id, account, input.newPassword);
}
