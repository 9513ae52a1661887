import type { Actor } from '../platform/route.ts';
import { advanced, load, once, workflowEvents, write } from './change.ts';
import type { DocumentRecord } from './document-record.ts';
import { mayCancel, must, mustNotBeReleased } from './policy.ts';
import type { DocumentServices } from './services.ts';
import { takeNumber } from './take-number.ts';

/**
 * Ends a document that will not be issued. A number it had stays in the register, marked void with the reason (Decree
 * 30/2020 article 15: no gaps). The document is written first; a repeat voids what a crash left.
 *
 * @throws DocumentsError `documents.forbidden`, `documents.released`; WorkflowError `workflow.reason_missing`
 */
export async function cancelDocument(
  deps: DocumentServices,
  actor: Actor,
  id: string,
  reason: string,
  requestId?: string,
): Promise<DocumentRecord> {
  must(mayCancel(actor, await load(deps, actor, id)));
  const document = await once(deps, actor, id, requestId, async (current) => {
    if (current.workflow.state === 'cancelled') return current;
    mustNotBeReleased(current);
    const { workflow, events } = advanced(deps, actor, current, { type: 'cancel', reason });
    const voided = { at: deps.clock.now().toISOString(), by: actor.accountId, reason: reason.trim() };
    return write(deps, actor, {
      document: current,
      set: { workflow, ...(current.numbering && { numbering: { ...current.numbering, voided } }) },
      events: workflowEvents(deps, id, events),
      requestId,
    });
  });
  await voidNumber(deps, document);
  return document;
}

/**
 * A document that has settled its series and knows no number may have one all the same: the register gives it in this very
 * moment, or gave it before a crash. Asking for it makes sure, and who asks later gets the number that is void.
 */
async function voidNumber(deps: DocumentServices, document: DocumentRecord): Promise<void> {
  const { numbering } = document;
  if (numbering?.voided === undefined) return;
  const { series, voided } = numbering;
  const number = numbering.number ?? (await takeNumber(deps, document, numbering)).number;
  await deps.store.registers.void(series, number, {
    time: voided.at,
    reason: voided.reason,
    actor: voided.by,
  });
}
