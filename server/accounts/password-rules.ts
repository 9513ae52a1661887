import type { AccountRole } from '../workflow/definition.ts';
import { AccountsError } from './errors.ts';
import rules from './password-rules.json' with { type: 'json' };

export interface PasswordRules {
  /** The day they came into force. */
  readonly from: string;
  readonly basis: string;
  readonly minLength: number;
  readonly classes: readonly string[];
  /** How many earlier passwords may not come back. */
  readonly history: number;
  /** Days after which holders of a role must change theirs. */
  readonly maxAgeDays: Readonly<Partial<Record<AccountRole, number>>>;
}

const CLASSES: Readonly<Record<string, RegExp>> = {
  lower: /\p{Ll}/u,
  upper: /\p{Lu}/u,
  digit: /\p{Nd}/u,
  special: /[^\p{L}\p{N}]/u,
};

const DAY = 86_400_000;

/** The rules in force at `at`; the first ones for any earlier time. */
export function passwordRulesAt(at: Date, all: readonly PasswordRules[] = rules): PasswordRules {
  const day = at.toISOString().slice(0, 10);
  const inForce = all.findLast((candidate) => candidate.from <= day) ?? all[0];
  if (inForce === undefined) throw new Error('no password rules');
  return inForce;
}

/** The same characters typed on another keyboard are the same password (RFC 8265 4.2: NFC). */
export const normalizePassword = (password: string): string => password.normalize('NFC');

/** @throws AccountsError `accounts.weak_password`; the details say what is missing, never what was typed. */
export function checkPassword(password: string, login: string, at: Date): void {
  const { minLength, classes, basis } = passwordRulesAt(at);
  const missing = classes.filter((name) => !CLASSES[name]?.test(password));
  if ([...password].length < minLength) missing.unshift('length');
  if (password.toLowerCase().includes(login)) missing.push('without-login');
  if (missing.length > 0) {
    throw new AccountsError('accounts.weak_password', `the password lacks: ${missing.join(', ')}`, {
      details: { missing, minLength, basis },
    });
  }
}

/** Whether a password set at `changedAt` must be changed by now. */
export function isPasswordTooOld(changedAt: Date, roles: readonly AccountRole[], now: Date): boolean {
  const { maxAgeDays } = passwordRulesAt(now);
  const limits = roles.map((role) => maxAgeDays[role] ?? Number.POSITIVE_INFINITY);
  return now.getTime() - changedAt.getTime() > Math.min(...limits, Number.POSITIVE_INFINITY) * DAY;
}
