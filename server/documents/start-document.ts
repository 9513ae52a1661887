import { idFrom } from '../platform/ids.ts';
import type { Actor } from '../platform/route.ts';
import { StorageError } from '../storage/errors.ts';
import { checkExecutable } from '../workflow/check-executable.ts';
import { advanced, eventOf, load, workflowEvents } from './change.ts';
import type { DocumentRecord } from './document-record.ts';
import { DocumentsError } from './errors.ts';
import { checkEdits, merge } from './save-fields.ts';
import type { DocumentServices } from './services.ts';
import { checkPartial } from './validate-fields.ts';
import { workOf } from './work.ts';

export interface StartDocument {
  /** Code of the process. */
  readonly process: string;
  readonly fields?: Readonly<Record<string, unknown>>;
}

/**
 * Begins a document under the version of the process now in effect, of which it keeps a copy. The same request gives
 * the same document.
 *
 * @throws DocumentsError `documents.no_process`, `documents.process_unusable`, `documents.fields_invalid`,
 * `documents.field_not_editable`; WorkflowError `workflow.not_candidate`
 */
export async function startDocument(
  deps: DocumentServices,
  actor: Actor,
  input: StartDocument,
  requestId?: string,
): Promise<DocumentRecord> {
  const now = deps.clock.now();
  const process = await deps.processes.effective(actor.agencyId, input.process, now);
  if (process === undefined) {
    throw new DocumentsError('documents.no_process', `no effective ${input.process}`);
  }
  const { definition, hash: definitionHash } = process;
  const problems = checkExecutable(definition);
  if (problems.length > 0) {
    throw new DocumentsError('documents.process_unusable', 'the engine cannot run it', {
      details: { problems },
    });
  }
  const fields = merge({}, input.fields ?? {});
  checkEdits(definition, definition.start, Object.keys(fields));
  checkPartial({ definition, definitionHash }, fields);

  const id = requestId === undefined ? deps.newId(now) : idFrom('document', requestId);
  const { workflow, events } = advanced(deps, actor, { definition, fields }, { type: 'start' });
  const outbox = [
    eventOf(deps, actor, id, 'created', {
      process: { code: definition.code, version: definition.version, hash: definitionHash },
    }),
    ...workflowEvents(deps, id, events),
  ];
  const time = now.toISOString();
  try {
    return await deps.documents.insert({
      id,
      agencyId: actor.agencyId,
      ...(actor.unitId !== undefined && { unitId: actor.unitId }),
      initiator: actor.accountId,
      createdAt: time,
      updatedAt: time,
      definition,
      definitionHash,
      workflow,
      fields,
      files: [],
      content: [],
      signatures: [],
      participants: [actor.accountId],
      history: outbox,
      requests: requestId === undefined ? [] : [requestId],
      ...workOf(workflow),
      outbox,
    });
  } catch (error) {
    const repeated =
      requestId !== undefined && error instanceof StorageError && error.code === 'storage.duplicate';
    if (repeated) return load(deps, actor, id);
    throw error;
  }
}
