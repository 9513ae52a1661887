import type { Actor } from '../platform/route.ts';
import { isCandidate, openVisits, type Participant } from '../workflow/instance.ts';
import type { DocumentRecord } from './document-record.ts';
import { DocumentsError } from './errors.ts';

export const participantOf = ({ accountId, agencyId, unitId, roles }: Actor): Participant => ({
  accountId,
  agencyId,
  ...(unitId !== undefined && { unitId }),
  roles,
});

/**
 * Whoever has acted on it, may act on it now, leads or audits its agency; once released, everybody of the agency.
 */
export function maySee(actor: Actor, document: DocumentRecord): boolean {
  if (document.participants.includes(actor.accountId) || mayWork(actor, document)) return true;
  if (actor.agencyId !== document.agencyId) return false;
  return (
    document.released !== undefined || actor.roles.some((role) => role === 'leader' || role === 'auditor')
  );
}

/** Holds an open task of the document, or may take one. */
export function mayWork(actor: Actor, document: DocumentRecord): boolean {
  return openVisits(document.workflow).some(({ assignee, candidates }) =>
    assignee === undefined ? isCandidate(candidates, participantOf(actor)) : assignee === actor.accountId,
  );
}

/** An auditor reads; whoever else sees a document may say something about it. */
export const mayComment = (actor: Actor, document: DocumentRecord): boolean =>
  maySee(actor, document) && !actor.roles.includes('auditor');

/** Who began it, or a leader of the agency. */
export const mayCancel = (actor: Actor, document: DocumentRecord): boolean =>
  actor.accountId === document.initiator ||
  (actor.agencyId === document.agencyId && actor.roles.includes('leader'));

/** What the actor may not see does not exist for them. @throws DocumentsError `documents.not_found` */
export function mustSee(actor: Actor, document: DocumentRecord | undefined, id: string): DocumentRecord {
  if (document === undefined || !maySee(actor, document)) {
    throw new DocumentsError('documents.not_found', `no document ${id} for this account`);
  }
  return document;
}

/** @throws DocumentsError `documents.forbidden` */
export function must(allowed: boolean): void {
  if (!allowed) throw new DocumentsError('documents.forbidden', 'not allowed by the policy');
}

/** @throws DocumentsError `documents.released` */
export function mustNotBeReleased(document: DocumentRecord): void {
  if (document.released !== undefined) {
    throw new DocumentsError('documents.released', 'a released document is frozen');
  }
}
