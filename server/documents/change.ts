import type { Actor } from '../platform/route.ts';
import { StorageError } from '../storage/errors.ts';
import type { DomainEvent } from '../storage/ports.ts';
import { advance } from '../workflow/advance.ts';
import type { Step, StepKind } from '../workflow/definition.ts';
import { WorkflowError } from '../workflow/errors.ts';
import type { Command, WorkflowEvent, WorkflowInstance } from '../workflow/instance.ts';
import { deadlines } from './deadlines.ts';
import type { DocumentRecord, HistoryEntry } from './document-record.ts';
import { mustSee, participantOf } from './policy.ts';
import type { DocumentServices } from './services.ts';
import { workOf } from './work.ts';

/** More than any screen repeats; a repeat older than that is refused by the state itself. */
const REMEMBERED_REQUESTS = 100;

/** The document as it is now. @throws DocumentsError `documents.not_found`, also for what the actor may not see. */
export const load = async (deps: DocumentServices, actor: Actor, id: string): Promise<DocumentRecord> =>
  mustSee(actor, await deps.documents.get(id), id);

/**
 * Changes a document once a request: a repeat, after a crash or beside the first, is answered with the present state.
 * @throws DocumentsError `documents.not_found`; StorageError `storage.conflict` when another request was faster
 */
export async function once(
  deps: DocumentServices,
  actor: Actor,
  id: string,
  requestId: string | undefined,
  act: (document: DocumentRecord) => Promise<DocumentRecord>,
): Promise<DocumentRecord> {
  const document = await load(deps, actor, id);
  if (isRepeat(document, requestId)) return document;
  try {
    return await act(document);
  } catch (error) {
    if (!isConflict(error)) throw error;
    const winner = await load(deps, actor, id);
    if (isRepeat(winner, requestId)) return winner;
    throw error;
  }
}

const isRepeat = (document: DocumentRecord, requestId: string | undefined): boolean =>
  requestId !== undefined && document.requests.includes(requestId);

export const isConflict = (error: unknown): boolean =>
  error instanceof StorageError && error.code === 'storage.conflict';

/** What a command would make of the document, and why. @throws WorkflowError when the engine refuses. */
export function advanced(
  deps: DocumentServices,
  actor: Actor,
  document: Pick<DocumentRecord, 'definition' | 'fields'> & { readonly workflow?: WorkflowInstance },
  command: Command,
): { readonly workflow: WorkflowInstance; readonly events: readonly WorkflowEvent[] } {
  const result = advance(document.definition, document.workflow, command, {
    now: deps.clock.now(),
    actor: participantOf(actor),
    fields: document.fields,
    due: deadlines(deps.calendar),
  });
  if (result.refusal !== undefined) {
    const { code, details } = result.refusal;
    throw new WorkflowError(code, code, details === undefined ? {} : { details: { ...details } });
  }
  return { workflow: result.instance, events: result.events };
}

/** The step at which an open visit stands, of a kind the engine has made sure of. */
export function stepAt<K extends StepKind>(
  { definition, workflow }: Pick<DocumentRecord, 'definition' | 'workflow'>,
  visitId: string,
  kind: K,
): Extract<Step, { kind: K }> {
  const visit = workflow.visits.find(({ id }) => id === visitId);
  const step = definition.steps[visit?.step ?? ''];
  if (step?.kind !== kind) throw new TypeError(`visit ${visitId} stands at no ${kind} step`);
  return step as Extract<Step, { kind: K }>;
}

export interface Change {
  readonly document: DocumentRecord;
  /** Fields of the record that differ. */
  readonly set?: Partial<Omit<DocumentRecord, 'id' | 'revision' | 'outbox' | 'history' | 'requests'>>;
  readonly events: readonly DomainEvent[];
  readonly requestId?: string | undefined;
}

/**
 * One atomic write: the new state, the history, the events in the outbox, the request that caused it.
 * @throws StorageError `storage.conflict` when somebody was faster.
 */
export function write(
  deps: DocumentServices,
  actor: Actor | undefined,
  change: Change,
): Promise<DocumentRecord> {
  const { document, set, events, requestId } = change;
  const next = { ...document, ...set };
  return deps.documents.replace({
    ...next,
    ...workOf(next.workflow),
    updatedAt: deps.clock.now().toISOString(),
    participants: actor ? [...new Set([...document.participants, actor.accountId])] : document.participants,
    history: [...document.history, ...events.map(withoutUsage)],
    requests:
      requestId === undefined
        ? document.requests
        : [...document.requests, requestId].slice(-REMEMBERED_REQUESTS),
    outbox: events,
  });
}

/** An event about the document, without a usage. */
export function eventOf(
  deps: DocumentServices,
  actor: Actor | undefined,
  id: string,
  type: string,
  data: DomainEvent['data'] = {},
): DomainEvent {
  const now = deps.clock.now();
  return {
    id: deps.newId(now),
    time: now.toISOString(),
    type: `document.${type}`,
    actor: actor?.accountId ?? 'system',
    subject: { type: 'document', id },
    data,
  };
}

/** The engine's events as events of the document. */
export const workflowEvents = (
  deps: DocumentServices,
  id: string,
  events: readonly WorkflowEvent[],
): readonly DomainEvent[] =>
  events.map(({ type, time, actor, onBehalfOf, ...data }) => ({
    id: deps.newId(new Date(time)),
    time,
    type: `document.${type}`,
    actor,
    ...(onBehalfOf !== undefined && { onBehalfOf }),
    subject: { type: 'document', id },
    data,
  }));

const withoutUsage = ({ usage: _, ...entry }: DomainEvent): HistoryEntry => entry;
