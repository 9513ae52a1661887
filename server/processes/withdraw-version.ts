import type { Actor } from '../platform/route.ts';
import { ProcessesError } from './errors.ts';
import { check, checkState } from './policy.ts';
import { act, getVersion, type ProcessesDeps, save, withEvent } from './repository.ts';
import type { ProcessVersion } from './schema.ts';

/**
 * Takes a version out of use: nothing new starts by it, what runs goes on. Its number is not used again. An approved
 * one is withdrawn by a leader.
 * @throws ProcessesError `processes.wrong_state`, `processes.not_found`, `processes.not_allowed`.
 */
export async function withdrawVersion(
  deps: ProcessesDeps,
  actor: Actor,
  input: { code: string; version: number; reason: string },
): Promise<ProcessVersion> {
  check(actor, 'withdraw');
  const version = await getVersion(deps, actor.agencyId, input.code, input.version);
  checkState(version, 'draft', 'inReview', 'approved');
  if (version.state === 'approved' && !actor.roles.includes('leader')) {
    throw new ProcessesError('processes.not_allowed', 'an approved version is withdrawn by a leader');
  }
  const withdrawn = act(deps, actor.accountId, input.reason);
  return save(deps, {
    ...version,
    state: 'withdrawn',
    withdrawn,
    ...withEvent(deps, version, 'withdrawn', withdrawn),
  });
}
