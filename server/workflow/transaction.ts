import { applyEvent } from './apply-event.ts';
import type { ProcessDefinition, WorkedStep } from './definition.ts';
import { WorkflowError, type WorkflowErrorCode } from './errors.ts';
import {
  type Context,
  type EventFacts,
  isCandidate,
  type Visit,
  type WorkflowEvent,
  type WorkflowInstance,
} from './instance.ts';

/** More than any real history; it keeps one document one row of bearable size. */
const MAX_EVENTS = 5_000;
/** Of them, those kept for what moves the document on: handing it round must not leave it nowhere to go. */
const KEPT_TO_MOVE_ON = 500;
const STAYS: readonly WorkflowEvent['type'][] = [
  'claimed',
  'unclaimed',
  'delegated',
  'commented',
  'attached',
];

function mayFollow(sequence: number, type: WorkflowEvent['type']): boolean {
  if (type === 'cancelled') return true;
  return sequence <= (STAYS.includes(type) ? MAX_EVENTS - KEPT_TO_MOVE_ON : MAX_EVENTS);
}

/** One command at work: events are emitted one by one, and each is applied before the next is thought of. */
export class Transaction {
  readonly definition: ProcessDefinition;
  readonly context: Context;
  readonly events: WorkflowEvent[] = [];
  #instance: WorkflowInstance | undefined;

  constructor(definition: ProcessDefinition, instance: WorkflowInstance | undefined, context: Context) {
    this.definition = definition;
    this.context = context;
    this.#instance = instance;
  }

  get instance(): WorkflowInstance {
    if (this.#instance === undefined) throw refusal('workflow.not_started');
    return this.#instance;
  }

  emit(facts: EventFacts): void {
    const sequence = (this.#instance?.sequence ?? 0) + 1;
    if (!mayFollow(sequence, facts.type)) throw refusal('workflow.too_long');
    const { code, version } = this.definition;
    const event = {
      sequence,
      time: this.context.now.toISOString(),
      actor: this.context.actor.accountId,
      process: { code, version },
      ...facts,
    } as WorkflowEvent;
    this.#instance = applyEvent(this.#instance, event);
    this.events.push(event);
  }

  /** An open visit the actor may work on: assigned to them, or to nobody while they are a candidate. */
  workable(id: string): Visit {
    const visit = this.open(id);
    const { actor } = this.context;
    if (visit.assignee !== undefined && visit.assignee !== actor.accountId)
      throw refusal('workflow.task_taken');
    const delegated = visit.onBehalfOf !== undefined && visit.assignee === actor.accountId;
    if (!delegated && !isCandidate(visit.candidates, actor)) throw refusal('workflow.not_candidate');
    return visit;
  }

  open(id: string): Visit {
    const visit = this.instance.visits.find((one) => one.id === id);
    if (visit === undefined) throw refusal('workflow.unknown_visit', { visit: id });
    if (visit.closed !== undefined) throw refusal('workflow.visit_closed', { visit: id });
    return visit;
  }

  step(key: string): WorkedStep {
    const step = Object.hasOwn(this.definition.steps, key) ? this.definition.steps[key] : undefined;
    if (step === undefined || !('outcomes' in step)) throw refusal('workflow.unknown_step', { step: key });
    return step;
  }
}

export function refusal(code: WorkflowErrorCode, details?: Record<string, unknown>): WorkflowError {
  return new WorkflowError(code, code, details === undefined ? {} : { details });
}

const MAX_TEXT = 4_000;

/** What people write: never empty, never a book. */
export function checkedText(text: string | undefined, whenEmpty: WorkflowErrorCode): string {
  const trimmed = (text ?? '').trim();
  if (trimmed === '') throw refusal(whenEmpty);
  if (trimmed.length > MAX_TEXT) throw refusal('workflow.text_unusable');
  return trimmed;
}
