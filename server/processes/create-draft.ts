import type { Actor } from '../platform/route.ts';
import { definitionHash } from './definition-hash.ts';
import { ProcessesError } from './errors.ts';
import { parseDefinition } from './parse-definition.ts';
import { check } from './policy.ts';
import { act, hasCode, type ProcessesDeps, versionId, versionsOf, withEvent } from './repository.ts';
import type { ProcessVersion } from './schema.ts';

/**
 * A new draft of the actor's agency. The same content sent again is the version that is there already.
 * @throws ProcessesError `processes.invalid`, `processes.too_large`, `processes.version_taken`,
 *   `processes.version_must_grow`, `processes.not_allowed`.
 */
export async function createDraft(
  deps: ProcessesDeps,
  actor: Actor,
  input: { definition: unknown },
): Promise<ProcessVersion> {
  check(actor, 'write');
  return (await addVersion(deps, actor, input.definition, 'drafted')).version;
}

/** Adds a draft, after whoever calls has checked the actor's right. */
export async function addVersion(
  deps: ProcessesDeps,
  actor: Pick<Actor, 'accountId' | 'agencyId'>,
  value: unknown,
  verb: 'drafted' | 'imported',
): Promise<{ version: ProcessVersion; isNew: boolean }> {
  const definition = parseDefinition(value);
  const hash = definitionHash(definition);
  const { code, version } = definition;
  const existing = await deps.versions.get(versionId(actor.agencyId, code, version));
  if (existing !== undefined) return sameContent(existing, hash);
  await checkIsNewest(deps, actor.agencyId, code, version);

  const created = act(deps, actor.accountId);
  const draft = {
    id: versionId(actor.agencyId, code, version),
    agencyId: actor.agencyId,
    code,
    version,
    definition,
    hash,
    state: 'draft',
    authors: [actor.accountId],
    created,
    reviews: [],
  } as const;
  try {
    const event = withEvent(deps, draft, verb, created);
    return { version: await deps.versions.insert({ ...draft, ...event }), isNew: true };
  } catch (error) {
    if (!hasCode(error, 'storage.duplicate')) throw error;
    const winner = await deps.versions.get(draft.id);
    if (winner === undefined) throw error;
    return sameContent(winner, hash);
  }
}

function sameContent(existing: ProcessVersion, hash: string): { version: ProcessVersion; isNew: boolean } {
  if (existing.hash === hash) return { version: existing, isNew: false };
  throw new ProcessesError('processes.version_taken', `version ${existing.version} has other content`, {
    details: { version: existing.version, hash: existing.hash },
  });
}

async function checkIsNewest(
  deps: ProcessesDeps,
  agencyId: string,
  code: string,
  version: number,
): Promise<void> {
  for await (const newest of versionsOf(deps, agencyId, code)) {
    if (version > newest.version) return;
    throw new ProcessesError('processes.version_must_grow', `version ${newest.version} exists`, {
      details: { newest: newest.version },
    });
  }
}
