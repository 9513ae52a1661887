import type { Actor } from '../platform/route.ts';
import { check, checkState } from './policy.ts';
import { act, getVersion, type ProcessesDeps, save, withEvent } from './repository.ts';
import type { ProcessVersion } from './schema.ts';

/**
 * Sends a version under review back to its authors, with the reason.
 * @throws ProcessesError `processes.wrong_state`, `processes.not_found`, `processes.not_allowed`.
 */
export async function returnToDraft(
  deps: ProcessesDeps,
  actor: Actor,
  input: { code: string; version: number; reason: string },
): Promise<ProcessVersion> {
  check(actor, 'review');
  const version = await getVersion(deps, actor.agencyId, input.code, input.version);
  checkState(version, 'inReview');
  const returned = act(deps, actor.accountId, input.reason);
  const { submitted: _, ...kept } = version;
  return save(deps, {
    ...kept,
    state: 'draft',
    reviews: [],
    ...withEvent(deps, version, 'returned', returned),
  });
}
