import type { Actor } from '../platform/route.ts';
import { advanced, load, once, workflowEvents, write } from './change.ts';
import type { DocumentRecord } from './document-record.ts';
import { mayCancel, must, mustNotBeReleased } from './policy.ts';
import type { DocumentServices } from './services.ts';

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

async function voidNumber(deps: DocumentServices, { id, numbering }: DocumentRecord): Promise<void> {
  if (numbering?.voided === undefined) return;
  const { series, voided } = numbering;
  const number = numbering.number ?? (await numberTaken(deps, id, series));
  if (number === undefined) return;
  await deps.store.registers.void(series, number, {
    time: voided.at,
    reason: voided.reason,
    actor: voided.by,
  });
}

/** A crash may have come between the number and its note in the document. */
async function numberTaken(
  deps: DocumentServices,
  documentId: string,
  series: string,
): Promise<number | undefined> {
  for (let after = 0; ; ) {
    const rows = await deps.store.registers.rows(series, { after, limit: 1000 });
    const own = rows.find((row) => row.documentId === documentId);
    if (own !== undefined || rows.length < 1000) return own?.number;
    after = rows.at(-1)?.number ?? after;
  }
}
