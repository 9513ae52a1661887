import type { Actor } from '../platform/route.ts';
import { vietnamDay } from '../storage/vietnam-day.ts';
import { advanced, eventOf, once, workflowEvents, write } from './change.ts';
import { currentContent } from './compose-content.ts';
import type { DocumentRecord } from './document-record.ts';
import { mustNotBeReleased } from './policy.ts';
import { registerColumns } from './register-columns.ts';
import type { DocumentServices } from './services.ts';

/**
 * The document leaves the agency: from here its content is frozen, and the register says when it was sent (Decree
 * 30/2020, annex IV). The register is written first; describing it twice changes nothing.
 *
 * @throws DocumentsError `documents.released`; WorkflowError `workflow.wrong_act` at any other step
 */
export function releaseDocument(
  deps: DocumentServices,
  actor: Actor,
  id: string,
  visit: string,
  requestId?: string,
): Promise<DocumentRecord> {
  return once(deps, actor, id, requestId, async (document) => {
    mustNotBeReleased(document);
    const { workflow, events } = advanced(deps, actor, document, { type: 'complete', visit, act: 'release' });
    const now = deps.clock.now();
    const { numbering } = document;
    if (numbering?.number !== undefined) {
      const columns = await registerColumns(deps, document, numbering, {
        sentDate: vietnamDay(now.toISOString()),
      });
      await deps.store.registers.describe(numbering.series, numbering.number, columns);
    }
    const content = currentContent(document)?.sha256;
    const facts = { ...(numbering?.text && { number: numbering.text }), ...(content && { content }) };
    return write(deps, actor, {
      document,
      set: {
        workflow,
        released: { at: now.toISOString(), by: actor.accountId },
        ...(deps.proofs && document.signatures.length > 0 && { proofsDue: now.toISOString() }),
      },
      events: [eventOf(deps, actor, id, 'released', facts), ...workflowEvents(deps, id, events)],
      requestId,
    });
  });
}
