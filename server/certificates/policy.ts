import { agenciesBeneath } from '../platform/agency-tree.ts';
import type { Actor } from '../platform/route.ts';
import type { PeopleDirectory } from '../platform/services.ts';
import { CertificatesError } from './errors.ts';
import type { CertificateEntry } from './register.ts';
import type { StateAction } from './schema.ts';

/** Who keep the register of their agency and of those below it. */
const keepers = ['administrator'] as const;
/** Who may read all of it. */
const readers = ['administrator', 'auditor', 'qualityManager', 'leader', 'clerk'] as const;

/** An administrator keeps the register of the own agency and of those below. @throws CertificatesError `certificates.forbidden` */
export async function mustKeep(people: PeopleDirectory, actor: Actor, agencyId: string): Promise<void> {
  const allowed = keepers.some((role) => actor.roles.includes(role));
  if (!allowed || !(await agenciesBeneath(people, actor.agencyId)(agencyId))) {
    throw new CertificatesError('certificates.forbidden', `not a keeper of agency ${agencyId}`);
  }
}

export const mayReadOthers = (actor: Actor): boolean => readers.some((role) => actor.roles.includes(role));

/**
 * Everybody reads the own certificates; those in charge read their agency's and what is below it. The answer looks at
 * each agency once, so it may be asked for every row of a long list.
 */
export function readerOf(
  people: PeopleDirectory,
  actor: Actor,
): (entry: Pick<CertificateEntry, 'accountId' | 'agencyId'>) => Promise<boolean> {
  const inCharge = mayReadOthers(actor);
  const beneath = agenciesBeneath(people, actor.agencyId);
  return async ({ accountId, agencyId }) =>
    accountId === actor.accountId || (inCharge && (await beneath(agencyId)));
}

/**
 * Who decides how a certificate shows in documents: its holder or custodian; for a seal also an administrator, never for a
 * person's own signature. @throws CertificatesError `certificates.forbidden`
 */
export async function mustChangeImage(
  people: PeopleDirectory,
  actor: Actor,
  entry: CertificateEntry,
): Promise<void> {
  if (entry.accountId === actor.accountId) return;
  if (entry.holderKind === 'organization') return mustKeep(people, actor, entry.agencyId);
  throw new CertificatesError('certificates.forbidden', 'only its holder may do this');
}

/**
 * Separation of duties: whoever holds a certificate may stop it (the device is lost) and nothing else; for all other
 * changes another person, an administrator, is needed.
 */
export async function mustChangeState(
  people: PeopleDirectory,
  actor: Actor,
  entry: CertificateEntry,
  action: StateAction,
): Promise<void> {
  if (entry.accountId === actor.accountId) {
    if (action === 'suspend') return;
    throw new CertificatesError('certificates.own_certificate', `a holder may not ${action}`);
  }
  await mustKeep(people, actor, entry.agencyId);
}
