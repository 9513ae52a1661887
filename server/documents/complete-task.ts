import type { Actor } from '../platform/route.ts';
import type { WorkedStep } from '../workflow/definition.ts';
import { advanced, once, workflowEvents, write } from './change.ts';
import type { DocumentRecord } from './document-record.ts';
import { registerColumns } from './register-columns.ts';
import type { DocumentServices } from './services.ts';
import { checkComplete, editsOf } from './validate-fields.ts';

export interface CompleteTask {
  readonly visit: string;
  readonly outcome: string;
  readonly reason?: string;
}

/**
 * Ends a task with one of its outcomes. What goes on from a step that edits fields must have them complete; what goes
 * back or is given up need not. A register that follows the work, that of incoming documents, is told what is new.
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
    const given = editsOf(document.definition, stepOf(document, input.visit)).length > 0;
    if (given && goesOn(document, input)) checkComplete(document, document.fields, document.workflow);
    if (given) await describeIncoming(deps, document);
    return write(deps, actor, {
      document,
      set: { workflow },
      events: workflowEvents(deps, id, events),
      requestId,
    });
  });
}

const stepOf = ({ workflow }: DocumentRecord, visit: string): string =>
  workflow.visits.find(({ id }) => id === visit)?.step ?? '';

function goesOn(document: DocumentRecord, { visit, outcome }: CompleteTask): boolean {
  const { steps } = document.definition;
  const step = steps[stepOf(document, visit)] as WorkedStep;
  const next = steps[step.outcomes[outcome]?.next ?? ''];
  return step.outcomes[outcome]?.return !== true && !(next?.kind === 'end' && next.result === 'rejected');
}

async function describeIncoming(deps: DocumentServices, document: DocumentRecord): Promise<void> {
  const { numbering } = document;
  if (numbering?.register !== 'incoming' || numbering.number === undefined) return;
  const columns = await registerColumns(deps, document, numbering);
  await deps.store.registers.describe(numbering.series, numbering.number, columns);
}
