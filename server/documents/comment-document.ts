import type { Actor } from '../platform/route.ts';
import { advanced, once, workflowEvents, write } from './change.ts';
import type { DocumentRecord } from './document-record.ts';
import { DocumentsError } from './errors.ts';
import { mayComment, must } from './policy.ts';
import type { DocumentServices } from './services.ts';

/** A document is one row, and a row has an end: comments must leave room for what the document is there for. */
const MAX_COMMENTS = 300;

/** Adds a remark to the history. @throws DocumentsError `documents.forbidden`, `documents.too_many_comments`; WorkflowError `workflow.text_unusable` */
export function commentDocument(
  deps: DocumentServices,
  actor: Actor,
  id: string,
  text: string,
  requestId?: string,
): Promise<DocumentRecord> {
  return once(deps, actor, id, requestId, async (document) => {
    must(mayComment(actor, document));
    if (document.history.filter(({ type }) => type === 'document.commented').length >= MAX_COMMENTS) {
      throw new DocumentsError('documents.too_many_comments', `${MAX_COMMENTS} comments are the limit`, {
        details: { limit: MAX_COMMENTS },
      });
    }
    const { workflow, events } = advanced(deps, actor, document, { type: 'comment', text });
    return write(deps, actor, {
      document,
      set: { workflow },
      events: workflowEvents(deps, id, events),
      requestId,
    });
  });
}
