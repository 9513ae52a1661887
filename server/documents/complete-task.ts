import type { Actor } from '../platform/route.ts';
import type { WorkedStep } from '../workflow/definition.ts';
import { advanced, once, workflowEvents, write } from './change.ts';
import type { DocumentRecord } from './document-record.ts';
import type { DocumentServices } from './services.ts';
import { checkComplete, editsOf } from './validate-fields.ts';

export interface CompleteTask {
  readonly visit: string;
  readonly outcome: string;
  readonly reason?: string;
}

/**
 * Ends a task with one of its outcomes. What goes on from a step that edits fields must have them complete; what goes
 * back need not.
 *
 * @throws WorkflowError `workflow.*`; DocumentsError `documents.fields_invalid`; StorageError `storage.conflict` when
 * somebody else was faster
 */
export function completeTask(
  deps: DocumentServices,
  actor: Actor,
  id: string,
  input: CompleteTask,
  requestId?: string,
): Promise<DocumentRecord> {
  return once(deps, actor, id, requestId, async (document) => {
    const { workflow, events } = advanced(deps, actor, document, { type: 'complete', ...input });
    const { definition } = document;
    const visit = document.workflow.visits.find((one) => one.id === input.visit);
    const step = definition.steps[visit?.step ?? ''] as WorkedStep | undefined;
    const goesOn = step?.outcomes[input.outcome]?.return !== true;
    if (goesOn && editsOf(definition, visit?.step ?? '').length > 0) {
      checkComplete(document, document.fields, document.workflow);
    }
    return write(deps, actor, {
      document,
      set: { workflow },
      events: workflowEvents(deps, id, events),
      requestId,
    });
  });
}
