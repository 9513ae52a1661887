import type { Actor } from '../platform/route.ts';
import { ProcessesError } from './errors.ts';
import { check, checkIsNotAuthor, checkState } from './policy.ts';
import { act, getVersion, type ProcessesDeps, save, withEvent } from './repository.ts';
import type { ProcessVersion } from './schema.ts';

/**
 * The head approves a reviewed version; from here its content is fixed. It applies from `effectiveFrom` (default: now)
 * by itself: which version is in effect follows from the dates.
 * @throws ProcessesError `processes.review_missing`, `processes.effective_in_past`, `processes.separation_of_duties`,
 *   `processes.wrong_state`, `processes.not_found`, `processes.not_allowed`.
 */
export async function approveVersion(
  deps: ProcessesDeps,
  actor: Actor,
  input: { code: string; version: number; effectiveFrom?: string; comment?: string },
): Promise<ProcessVersion> {
  check(actor, 'approve');
  const version = await getVersion(deps, actor.agencyId, input.code, input.version);
  checkState(version, 'inReview');
  checkIsNotAuthor(actor, version);
  if (version.reviews.length === 0) {
    throw new ProcessesError('processes.review_missing', 'nobody has reviewed the version');
  }
  const approved = act(deps, actor.accountId, input.comment);
  const effectiveFrom = new Date(input.effectiveFrom ?? approved.time).toISOString();
  if (effectiveFrom < approved.time) {
    throw new ProcessesError('processes.effective_in_past', 'effectiveFrom lies in the past');
  }
  return save(deps, {
    ...version,
    state: 'approved',
    approved,
    effectiveFrom,
    ...withEvent(deps, version, 'approved', approved, { effectiveFrom }),
  });
}
