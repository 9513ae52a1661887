import type { Actor } from '../platform/route.ts';
import type { AccountRole } from '../workflow/definition.ts';
import { AccountsError } from './errors.ts';
import type { Agency } from './schema.ts';

/** Who looks after the system does not do what the system records, and who audits does neither. */
const ALONE: readonly AccountRole[] = ['administrator', 'auditor'];

/** @throws AccountsError `accounts.roles_conflict` (separation of duties, QCVN 12:2026/BCA). */
export function checkRoles(roles: readonly AccountRole[]): void {
  const alone = roles.find((role) => ALONE.includes(role));
  if (alone !== undefined && roles.length > 1) {
    throw new AccountsError('accounts.roles_conflict', `${alone} goes with no other role`, {
      details: { role: alone },
    });
  }
}

/** Administrators rule their own agency and what is below it. @throws AccountsError `accounts.outside_agency`. */
export function checkAdministers(actor: Actor, agency: Agency): void {
  if (!agency.path.includes(actor.agencyId)) {
    throw new AccountsError('accounts.outside_agency', 'the agency is not below that of the administrator');
  }
}

/** Nobody raises himself. @throws AccountsError `accounts.own_account`. */
export function checkNotOneself(actor: Actor, accountId: string): void {
  if (actor.accountId === accountId) {
    throw new AccountsError('accounts.own_account', 'another administrator must do this');
  }
}

/** A stolen token must not beget others. @throws AccountsError `accounts.session_required`. */
export function checkSession(actor: Actor): void {
  if (actor.via !== 'session') throw new AccountsError('accounts.session_required', 'sign in to do this');
}
