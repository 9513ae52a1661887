import type { Actor } from '../platform/route.ts';
import { advanced, eventOf, once, stepAt, workflowEvents, write } from './change.ts';
import { currentContent } from './compose-content.ts';
import type { ContentVersion, DocumentRecord, Numbering } from './document-record.ts';
import { fillNumber } from './fill-number.ts';
import { numberingOf } from './numbering.ts';
import { mustNotBeReleased } from './policy.ts';
import { readBlob } from './read-blob.ts';
import type { DocumentServices } from './services.ts';
import { type Numbered, takeNumber } from './take-number.ts';

/**
 * Gives the document its number and date (Decree 30/2020 article 15) and fills them into its PDF. In this order: the
 * series and the day are settled in the document, the register gives the number (always the same one to the same
 * document), the PDF is a blob, and one write moves the document on. A crash anywhere between loses no number and
 * takes no second one, however late the request is repeated.
 *
 * @throws WorkflowError `workflow.*`; DocumentsError `documents.released`; CompositionError `composition.unknown_type`
 */
export function registerDocument(
  deps: DocumentServices,
  actor: Actor,
  id: string,
  visit: string,
  requestId?: string,
): Promise<DocumentRecord> {
  return once(deps, actor, id, requestId, async (found) => {
    mustNotBeReleased(found);
    const moved = advanced(deps, actor, found, { type: 'complete', visit, act: 'register' });
    const document = await settle(deps, actor, found, stepAt(found, visit, 'register').register);
    const numbering = await takeNumber(deps, document, document.numbering);
    const version =
      document.numbering?.number === undefined ? await fill(deps, actor, document, numbering) : undefined;
    return write(deps, actor, {
      document,
      set: {
        workflow: moved.workflow,
        numbering,
        ...(version !== undefined && { content: [...document.content, version] }),
      },
      events: [
        eventOf(deps, actor, id, 'numbered', { number: numbering.text, series: numbering.series, visit }),
        ...workflowEvents(deps, id, moved.events),
      ],
      requestId,
    });
  });
}

async function settle(
  deps: DocumentServices,
  actor: Actor,
  document: DocumentRecord,
  register: Numbering['register'],
): Promise<DocumentRecord & { readonly numbering: Numbering }> {
  const numbering = document.numbering ?? (await numberingOf(deps, document, register));
  const settled =
    document.numbering === undefined
      ? await write(deps, actor, { document, set: { numbering }, events: [] })
      : document;
  return { ...settled, numbering };
}

/** A process that numbers before anything is composed has nothing to fill yet. */
async function fill(
  deps: DocumentServices,
  actor: Actor,
  document: DocumentRecord,
  numbering: Numbered,
): Promise<ContentVersion | undefined> {
  const current = currentContent(document);
  if (current === undefined) return undefined;
  const bytes = fillNumber(await readBlob(deps.store.blobs, current.sha256), numbering);
  const { sha256, size } = await deps.store.blobs.put(bytes);
  return { sha256, size, made: 'numbered', at: deps.clock.now().toISOString(), by: actor.accountId };
}
