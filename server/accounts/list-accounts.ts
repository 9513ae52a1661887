import type { Actor } from '../platform/route.ts';
import type { Page } from '../storage/ports.ts';
import { agencyById } from './agency-by-id.ts';
import { AccountsError } from './errors.ts';
import type { AccountsDeps } from './repository.ts';
import type { Account } from './schema.ts';

/** Accounts of an agency in the order of their logins. @throws AccountsError `accounts.outside_agency`. */
export async function listAccounts(
  deps: AccountsDeps,
  actor: Actor,
  query: { readonly agencyId?: string; readonly limit?: number; readonly cursor?: string },
): Promise<Page<Account>> {
  const { agencyId = actor.agencyId, ...paging } = query;
  if (!(await mayReadPeople(deps, actor, agencyId))) {
    throw new AccountsError('accounts.outside_agency', 'the people of that agency are not shown to you');
  }
  return deps.accounts.find('agency', { prefix: [agencyId], ...paging });
}

/** Colleagues of one agency know each other; administrators and auditors also know those below. */
export async function mayReadPeople(deps: AccountsDeps, actor: Actor, agencyId: string): Promise<boolean> {
  if (agencyId === actor.agencyId) return true;
  return seesAll(actor) && (await agencyById(deps, agencyId)).path.includes(actor.agencyId);
}

/** Who sees more of an account than a colleague does. */
export const seesAll = (actor: Actor): boolean =>
  actor.roles.includes('administrator') || actor.roles.includes('auditor');
