import { linkInvalid } from './accept-invitation.ts';
import { insertAccount } from './create-account.ts';
import { insertAgency } from './create-agency.ts';
import { claimInvitation, type IssuedLink, issueLink, usableInvitation } from './invite-account.ts';
import { checkPassword } from './password-rules.ts';
import type { AccountsDeps } from './repository.ts';
import type { Account, Agency, AgencyInput } from './schema.ts';
import { setPassword } from './set-password.ts';

const LINK_HOURS = 24;

/** A one-time link for whoever started this server, when nobody can administer it; it ends earlier ones. */
export async function offerFirstAdministrator(deps: AccountsDeps): Promise<IssuedLink | undefined> {
  if (await hasAdministrator(deps)) return undefined;
  const { items } = await deps.invitations.find('purpose', { prefix: ['first-administrator'], limit: 1000 });
  for (const earlier of items) await deps.invitations.remove(earlier.id);
  return issueLink(deps, { purpose: 'first-administrator' }, '/setup', LINK_HOURS);
}

export interface FirstAdministratorInput {
  readonly token: string;
  readonly agency: AgencyInput;
  readonly login: string;
  readonly name: string;
  readonly password: string;
}

/**
 * Makes the first agency and its administrator. Everything that can be refused is refused before the link is used up.
 * @throws AccountsError `accounts.link_invalid`, `accounts.weak_password`, `accounts.login_taken`.
 */
export async function createFirstAdministrator(
  deps: AccountsDeps,
  input: FirstAdministratorInput,
): Promise<Account> {
  const invitation = await usableInvitation(deps, input.token, 'first-administrator');
  if (invitation === undefined || (await hasAdministrator(deps))) throw linkInvalid();
  const { login, name, password } = input;
  checkPassword(password, login, deps.clock.now());
  if (!(await claimInvitation(deps, invitation))) throw linkInvalid();
  const agency =
    (await agencyByCode(deps, input.agency.code)) ?? (await insertAgency(deps, 'system', input.agency));
  const account = await insertAccount(deps, 'system', {
    login,
    name,
    agencyId: agency.id,
    roles: ['administrator'],
  });
  return setPassword(deps, account.id, account, password);
}

export async function hasAdministrator(deps: AccountsDeps): Promise<boolean> {
  return (await deps.accounts.count('role', { prefix: ['administrator', 'active'] })) > 0;
}

export async function agencyByCode(deps: AccountsDeps, code: string): Promise<Agency | undefined> {
  const taken = await deps.codes.get(code);
  return taken && deps.agencies.get(taken.agencyId);
}
