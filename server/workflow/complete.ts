import type { WorkedStep } from './definition.ts';
import { enterStep } from './enter-step.ts';
import type { Command } from './instance.ts';
import { checkedText, refusal, type Transaction } from './transaction.ts';

type Complete = Extract<Command, { type: 'complete' }>;
type Return = Extract<Command, { type: 'return' }>;

/** Ends a visit with one of its outcomes and moves on. */
export function complete(tx: Transaction, command: Complete): void {
  const step = tx.step(tx.open(command.visit).step);
  const outcome = command.outcome ?? forwardOutcome(step);
  if (outcome === undefined) throw refusal('workflow.no_forward_outcome');
  finish(tx, command.visit, outcome, command.reason, command.act);
}

/** Sends the document back by an outcome marked `return`; a reason is always required. */
export function returnBack(tx: Transaction, command: Return): void {
  const step = tx.step(tx.open(command.visit).step);
  if (outcomeOf(step, command.outcome).return !== true) throw refusal('workflow.no_return');
  finish(tx, command.visit, command.outcome, command.reason, undefined);
}

/** The outcome by which signing, registering and releasing go on. */
export const forwardOutcome = (step: WorkedStep): string | undefined =>
  Object.entries(step.outcomes).find(([, outcome]) => outcome.return !== true)?.[0];

function finish(
  tx: Transaction,
  id: string,
  key: string,
  reasonGiven: string | undefined,
  act: Complete['act'],
): void {
  const visit = tx.workable(id);
  const step = tx.step(visit.step);
  const outcome = outcomeOf(step, key);
  const returned = outcome.return === true;
  const needed = returned || key !== forwardOutcome(step) || step.kind === 'task' ? undefined : step.kind;
  if (act !== needed) throw refusal('workflow.wrong_act', { kind: step.kind });
  const demanded = returned || outcome.requiresReason === true;
  const said = (reasonGiven ?? '').trim() !== '';
  const reason = demanded || said ? checkedText(reasonGiven, 'workflow.reason_missing') : undefined;
  tx.emit({
    type: returned ? 'returned' : 'completed',
    from: visit.step,
    to: outcome.next,
    visit: id,
    outcome: key,
    ...(reason !== undefined && { reason }),
    ...(visit.onBehalfOf !== undefined && { onBehalfOf: visit.onBehalfOf }),
  });
  enterStep(tx, visit.step, outcome.next);
}

function outcomeOf(step: WorkedStep, key: string) {
  const outcome = Object.hasOwn(step.outcomes, key) ? step.outcomes[key] : undefined;
  if (outcome === undefined) throw refusal('workflow.unknown_outcome', { outcome: key });
  return outcome;
}
