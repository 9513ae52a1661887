import { AccountsError } from './errors.ts';
import { hashPassword, verifyPassword } from './password-hash.ts';
import { checkPassword, passwordRulesAt } from './password-rules.ts';
import { type AccountsDeps, eventOf } from './repository.ts';
import type { Account } from './schema.ts';
import { updateAccount } from './update-account.ts';

/**
 * Gives the account a password that meets the rules of the day and is none of the last ones, and ends its sessions.
 * @throws AccountsError `accounts.weak_password`, `accounts.password_used_before`.
 */
export async function setPassword(
  deps: AccountsDeps,
  by: string,
  account: Account,
  password: string,
  options: { readonly temporary?: boolean } = {},
): Promise<Account> {
  const now = deps.clock.now();
  checkPassword(password, account.login, now);
  const { history } = passwordRulesAt(now);
  const earlier = earlierHashes(account).slice(0, history);
  for (const hash of earlier) {
    if (await verifyPassword(hash, password)) {
      throw new AccountsError('accounts.password_used_before', `it is one of the last ${history} passwords`);
    }
  }
  const passwordHash = await hashPassword(password);
  const type = account.status === 'invited' ? 'account.activated' : 'account.password-changed';
  return updateAccount(deps, account.id, (current) => {
    const { passwordTemporary: _, ...rest } = current;
    return {
      ...rest,
      status: current.status === 'invited' ? 'active' : current.status,
      passwordHash,
      passwordHistory: earlierHashes(current).slice(0, history),
      passwordChangedAt: now.toISOString(),
      ...(options.temporary ? { passwordTemporary: true } : {}),
      lastUsedAt: now.toISOString(),
      generation: current.generation + 1,
      outbox: [eventOf(deps, type, by, { type: 'account', id: account.id })],
    };
  });
}

const earlierHashes = ({ passwordHash, passwordHistory }: Account): readonly string[] =>
  passwordHash === undefined ? passwordHistory : [passwordHash, ...passwordHistory];
