import { checkPasswordStillGood, checkUsable } from './account-state.ts';
import { countAttempt } from './count-attempts.ts';
import { AccountsError } from './errors.ts';
import { verifyPassword } from './password-hash.ts';
import { type AccountsDeps, eventOf } from './repository.ts';
import type { Account } from './schema.ts';
import { hashOf, newSecret } from './secrets.ts';
import { updateAccount } from './update-account.ts';

export interface Credentials {
  readonly login: string;
  readonly password: string;
}

/**
 * Opens a session; its secret goes into a cookie and is kept nowhere.
 * @throws AccountsError `accounts.wrong_credentials`, `accounts.too_many_attempts`, `accounts.disabled`,
 * `accounts.password_change_required`.
 */
export async function signIn(
  deps: AccountsDeps,
  credentials: Credentials,
  address: string,
): Promise<{ account: Account; secret: string; expiresAt: Date }> {
  const proven = await proveIdentity(deps, credentials, address);
  checkPasswordStillGood(deps, proven);
  const now = deps.clock.now();
  const account = await updateAccount(deps, proven.id, (current) => ({
    ...current,
    lastUsedAt: now.toISOString(),
    outbox: [
      eventOf(deps, 'account.signed-in', current.id, { type: 'account', id: current.id }, { address }),
    ],
  }));
  const secret = newSecret();
  const expiresAt = new Date(now.getTime() + deps.limits.sessionHours * 3_600_000);
  await deps.sessions.insert({
    id: hashOf(secret),
    accountId: account.id,
    // Of the password that was proven: one changed in this very moment ends this session too.
    generation: proven.generation,
    createdAt: now.toISOString(),
    lastUsedAt: now.toISOString(),
    expiresAt: expiresAt.toISOString(),
  });
  return { account, secret, expiresAt };
}

/** Whoever knows the password of an account that is not disabled. Only then is anything about the account told. */
export async function proveIdentity(
  deps: AccountsDeps,
  { login, password }: Credentials,
  address: string,
): Promise<Account> {
  const attempt = await countAttempt(deps, login, address);
  const account = (await deps.accounts.find('login', { prefix: [login], limit: 1 })).items[0];
  if (!(await verifyPassword(account?.passwordHash, password)) || account === undefined) {
    await attempt.failed(account?.id);
    throw new AccountsError('accounts.wrong_credentials', 'the login or the password is wrong');
  }
  await attempt.succeeded();
  checkUsable(deps, account);
  return account;
}
