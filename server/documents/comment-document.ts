import type { Actor } from '../platform/route.ts';
import { advanced, once, workflowEvents, write } from './change.ts';
import type { DocumentRecord } from './document-record.ts';
import { mayComment, must } from './policy.ts';
import type { DocumentServices } from './services.ts';

/** Adds a remark to the history. @throws DocumentsError `documents.forbidden`; WorkflowError `workflow.text_unusable` */
export function commentDocument(
  deps: DocumentServices,
  actor: Actor,
  id: string,
  text: string,
  requestId?: string,
): Promise<DocumentRecord> {
  return once(deps, actor, id, requestId, async (document) => {
    must(mayComment(actor, document));
    const { workflow, events } = advanced(deps, actor, document, { type: 'comment', text });
    return write(deps, actor, {
      document,
      set: { workflow },
      events: workflowEvents(deps, id, events),
      requestId,
    });
  });
}
