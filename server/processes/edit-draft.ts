import type { Actor } from '../platform/route.ts';
import { definitionHash } from './definition-hash.ts';
import { ProcessesError } from './errors.ts';
import { parseDefinition } from './parse-definition.ts';
import { check, checkState } from './policy.ts';
import { act, getVersion, type ProcessesDeps, save, withEvent } from './repository.ts';
import type { ProcessVersion } from './schema.ts';

/**
 * Replaces the content of a draft. Under review it voids the review: what was read is no longer what would be approved.
 * @throws ProcessesError `processes.invalid`, `processes.other_code`, `processes.wrong_state`,
 *   `processes.changed_meanwhile`, `processes.not_found`, `processes.not_allowed`.
 */
export async function editDraft(
  deps: ProcessesDeps,
  actor: Actor,
  input: { code: string; version: number; definition: unknown; revision?: number },
): Promise<ProcessVersion> {
  check(actor, 'write');
  const before = await getVersion(deps, actor.agencyId, input.code, input.version);
  checkState(before, 'draft', 'inReview');
  if (input.revision !== undefined && input.revision !== before.revision) {
    throw new ProcessesError('processes.changed_meanwhile', `the record is at revision ${before.revision}`);
  }
  const definition = parseDefinition(input.definition);
  if (definition.code !== before.code || definition.version !== before.version) {
    throw new ProcessesError('processes.other_code', 'code and version of a draft do not change');
  }
  const hash = definitionHash(definition);
  if (hash === before.hash) return before;

  const edited = act(deps, actor.accountId);
  const { submitted: _, ...kept } = before;
  const draft: ProcessVersion = {
    ...kept,
    definition,
    hash,
    state: 'draft',
    reviews: [],
    authors: [...new Set([...before.authors, actor.accountId])],
  };
  const facts = before.state === 'inReview' ? { reviewVoided: true } : {};
  return save(deps, { ...draft, ...withEvent(deps, draft, 'edited', edited, facts) });
}
