import type { Actor } from '../platform/route.ts';
import type { Command } from '../workflow/instance.ts';
import { advanced, once, workflowEvents, write } from './change.ts';
import type { DocumentRecord } from './document-record.ts';
import type { DocumentServices } from './services.ts';

/**
 * A command that concerns the workflow alone.
 * @throws WorkflowError `workflow.*`; StorageError `storage.conflict`
 */
export function move(
  deps: DocumentServices,
  actor: Actor,
  id: string,
  command: Command,
  requestId?: string,
): Promise<DocumentRecord> {
  return once(deps, actor, id, requestId, async (document) => {
    const { workflow, events } = advanced(deps, actor, document, command);
    return write(deps, actor, {
      document,
      set: { workflow },
      events: workflowEvents(deps, id, events),
      requestId,
    });
  });
}
