import type { Actor } from '../platform/route.ts';
import { agencyById } from './agency-by-id.ts';
import { checkAdministers, checkNotOneself } from './policy.ts';
import { type AccountsDeps, eventOf, isCode } from './repository.ts';
import type { Invitation } from './schema.ts';
import { hashOf, newSecret } from './secrets.ts';
import { accountById, updateAccount } from './update-account.ts';

/** A secret that works once. It is shown to whoever made it and kept nowhere. */
export interface IssuedLink {
  readonly token: string;
  /** Path and fragment: a fragment reaches no server and no log. */
  readonly link: string;
  readonly expiresAt: string;
}

const ACCOUNT_LINK_HOURS = 72;
const HOUR = 3_600_000;

/** A new link for somebody who lost the first one or the password. */
export async function renewInvitation(
  deps: AccountsDeps,
  actor: Actor,
  accountId: string,
): Promise<IssuedLink> {
  checkNotOneself(actor, accountId);
  const account = await accountById(deps, accountId);
  checkAdministers(actor, await agencyById(deps, account.agencyId));
  return inviteAccount(deps, actor.accountId, accountId);
}

/** Ends earlier links of the account. */
export async function inviteAccount(deps: AccountsDeps, by: string, accountId: string): Promise<IssuedLink> {
  const { items } = await deps.invitations.find('account', { prefix: [accountId], limit: 1000 });
  for (const earlier of items) await withdraw(deps, earlier);
  const issued = await issueLink(deps, { purpose: 'account', accountId }, '/invitation', ACCOUNT_LINK_HOURS);
  await updateAccount(deps, accountId, (account) => ({
    ...account,
    outbox: [eventOf(deps, 'account.invited', by, { type: 'account', id: accountId })],
  }));
  return issued;
}

export async function issueLink(
  deps: AccountsDeps,
  invitation: Pick<Invitation, 'purpose' | 'accountId'>,
  page: string,
  hours: number,
): Promise<IssuedLink> {
  const token = newSecret();
  const expiresAt = new Date(deps.clock.now().getTime() + hours * HOUR).toISOString();
  await deps.invitations.insert({ id: hashOf(token), ...invitation, expiresAt });
  return { token, link: `${page}#${token}`, expiresAt };
}

/** The link as it stands, when it may be used now; undefined otherwise. */
export async function usableInvitation(
  deps: AccountsDeps,
  token: string,
  purpose: Invitation['purpose'],
): Promise<Invitation | undefined> {
  const invitation = await deps.invitations.get(hashOf(token));
  const usable =
    invitation?.purpose === purpose &&
    invitation.usedAt === undefined &&
    invitation.expiresAt > deps.clock.now().toISOString();
  return usable ? invitation : undefined;
}

/** Uses it up; of two at once, one wins. */
export async function claimInvitation(deps: AccountsDeps, invitation: Invitation): Promise<boolean> {
  try {
    await deps.invitations.replace({ ...invitation, usedAt: deps.clock.now().toISOString() });
    return true;
  } catch (error) {
    if (isCode(error, 'storage.conflict') || isCode(error, 'storage.not_found')) return false;
    throw error;
  }
}

async function withdraw(deps: AccountsDeps, invitation: Invitation): Promise<void> {
  if (invitation.usedAt === undefined) await deps.invitations.remove(invitation.id);
}
