import type { Actor } from '../platform/route.ts';
import { ProcessesError } from './errors.ts';
import { hasErrors, lintDefinition } from './lint-definition.ts';
import { check, checkState } from './policy.ts';
import { act, getVersion, type ProcessesDeps, save, withEvent } from './repository.ts';
import type { ProcessVersion } from './schema.ts';

/**
 * Hands a draft to review, if every section is filled and the engine could run it.
 * @throws ProcessesError `processes.invalid` with `findings`, `processes.wrong_state`, `processes.not_found`,
 *   `processes.not_allowed`.
 */
export async function submitDraft(
  deps: ProcessesDeps,
  actor: Actor,
  input: { code: string; version: number },
): Promise<ProcessVersion> {
  check(actor, 'write');
  const draft = await getVersion(deps, actor.agencyId, input.code, input.version);
  checkState(draft, 'draft');
  const findings = lintDefinition(draft.definition);
  if (hasErrors(findings)) {
    throw new ProcessesError('processes.invalid', 'the draft has faults', { details: { findings } });
  }
  const submitted = act(deps, actor.accountId);
  return save(deps, {
    ...draft,
    state: 'inReview',
    submitted,
    reviews: [],
    ...withEvent(deps, draft, 'submitted', submitted),
  });
}
