import type { Actor } from '../platform/route.ts';
import { check, checkIsNotAuthor, checkState } from './policy.ts';
import { act, getVersion, type ProcessesDeps, save, withEvent } from './repository.ts';
import type { ProcessVersion } from './schema.ts';

/**
 * The reviewer finds the version suitable (soát xét). Once each; a repeat changes nothing.
 * @throws ProcessesError `processes.separation_of_duties`, `processes.wrong_state`, `processes.not_found`,
 *   `processes.not_allowed`.
 */
export async function reviewVersion(
  deps: ProcessesDeps,
  actor: Actor,
  input: { code: string; version: number; comment?: string },
): Promise<ProcessVersion> {
  check(actor, 'review');
  const version = await getVersion(deps, actor.agencyId, input.code, input.version);
  checkState(version, 'inReview');
  checkIsNotAuthor(actor, version);
  if (version.reviews.some(({ by }) => by === actor.accountId)) return version;
  const review = act(deps, actor.accountId, input.comment);
  return save(deps, {
    ...version,
    reviews: [...version.reviews, review],
    ...withEvent(deps, version, 'reviewed', review),
  });
}
