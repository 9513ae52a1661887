import { isCandidate } from './instance.ts';
import { refusal, type Transaction } from './transaction.ts';

/** Takes a task that nobody has. */
export function claim(tx: Transaction, id: string): void {
  const visit = tx.open(id);
  if (visit.assignee !== undefined) throw refusal('workflow.task_taken');
  if (!isCandidate(visit.candidates, tx.context.actor)) throw refusal('workflow.not_candidate');
  tx.emit({ type: 'claimed', from: visit.step, to: visit.step, visit: id });
}

/** Gives a task back to all candidates: whoever has it, or a leader of the agency when that person is away. */
export function unclaim(tx: Transaction, id: string): void {
  const visit = tx.open(id);
  const { actor } = tx.context;
  if (visit.assignee === undefined) throw refusal('workflow.not_taken');
  const leads = actor.agencyId === tx.instance.agencyId && actor.roles.includes('leader');
  if (visit.assignee !== actor.accountId && !leads) throw refusal('workflow.task_taken');
  tx.emit({ type: 'unclaimed', from: visit.step, to: visit.step, visit: id });
}
