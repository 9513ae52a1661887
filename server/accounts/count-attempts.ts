import { idFrom } from '../platform/ids.ts';
import { AccountsError } from './errors.ts';
import { type AccountsDeps, eventOf, isCode } from './repository.ts';
import type { SignInCounter } from './schema.ts';

/** An office of many shares an address, so an address may fail more often than an account. */
const ADDRESS_FACTOR = 4;
/** Slips of the pen that cost nothing; each further one doubles the wait, until the lock. */
const FREE_FAILURES = 3;
const TRIES = 20;

/** Milliseconds until the next attempt after `failures` in a row. */
export function waitAfter(failures: number, allowed: number, lockMilliseconds: number): number {
  if (failures >= allowed) return lockMilliseconds;
  return failures < FREE_FAILURES ? 0 : Math.min(2 ** (failures - FREE_FAILURES) * 1000, lockMilliseconds);
}

export interface Attempt {
  /** The password was right: the account starts anew, the address gets this attempt back. */
  succeeded(): Promise<void>;
  failed(accountId: string | undefined): Promise<void>;
}

/**
 * Counts an attempt before the password is looked at, so that a thousand at once are a thousand. Logins that do not exist
 * are counted like those that do.
 * @throws AccountsError `accounts.too_many_attempts` with `retryAfterSeconds`.
 */
export async function countAttempt(deps: AccountsDeps, login: string, address: string): Promise<Attempt> {
  const allowed = deps.limits.signInFailures;
  const ofAddress = idFrom('sign-in', 'address', address);
  const ofLogin = idFrom('sign-in', 'login', login);
  const lock = deps.limits.signInLockMinutes * 60_000;
  await add(deps, ofAddress, (failures) => (failures >= allowed * ADDRESS_FACTOR ? lock : 0));
  await add(deps, ofLogin, (failures) => waitAfter(failures, allowed, lock));
  return {
    succeeded: async () => {
      await change(deps, ofLogin, () => ({ failures: 0, notBefore: '' }));
      await change(deps, ofAddress, ({ failures }) => ({
        failures: Math.max(0, failures - 1),
        notBefore: '',
      }));
    },
    failed: async (accountId) => {
      // The login as typed is not recorded: it may be a password in the wrong field.
      const subject = accountId ? { type: 'account', id: accountId } : { type: 'address', id: address };
      const event = eventOf(deps, 'account.sign-in-failed', 'system', subject, { address });
      await change(deps, ofLogin, () => ({ outbox: [event] }));
    },
  };
}

async function add(
  deps: AccountsDeps,
  id: string,
  waitAfterFailures: (failures: number) => number,
): Promise<void> {
  const lock = deps.limits.signInLockMinutes * 60_000;
  await change(deps, id, (counter) => {
    const now = deps.clock.now();
    const wait = Date.parse(counter.notBefore) - now.getTime();
    if (wait > 0) throw tooMany(wait);
    const failures = counter.expiresAt > now.toISOString() ? counter.failures + 1 : 1;
    const after = (milliseconds: number): string => new Date(now.getTime() + milliseconds).toISOString();
    return { failures, notBefore: after(waitAfterFailures(failures)), expiresAt: after(lock) };
  });
}

async function change(
  deps: AccountsDeps,
  id: string,
  how: (counter: SignInCounter) => Partial<SignInCounter>,
): Promise<void> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const counter = await deps.counters.get(id);
    const start = counter ?? { id, revision: 0, failures: 0, notBefore: '', expiresAt: '' };
    const changed = { ...start, ...how(start) };
    try {
      await (counter === undefined ? deps.counters.insert(changed) : deps.counters.replace(changed));
      return;
    } catch (error) {
      if (!isCode(error, 'storage.conflict') && !isCode(error, 'storage.duplicate')) throw error;
    }
  }
  throw tooMany(1000);
}

const tooMany = (milliseconds: number): AccountsError =>
  new AccountsError('accounts.too_many_attempts', 'too many wrong passwords', {
    details: { retryAfterSeconds: Math.ceil(milliseconds / 1000) },
  });
