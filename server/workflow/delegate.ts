import type { Command } from './instance.ts';
import { refusal, type Transaction } from './transaction.ts';

/**
 * Hands a task to a colleague of the same agency and role, who then acts on behalf of the delegator. Signing is never
 * delegated: who signs for another uses a certificate of their own (Decree 30/2020 article 32).
 */
export function delegate(tx: Transaction, { visit: id, to }: Extract<Command, { type: 'delegate' }>): void {
  const visit = tx.workable(id);
  const { agencyId, accountRole } = visit.candidates;
  const fits =
    tx.step(visit.step).kind === 'task' &&
    to.agencyId === agencyId &&
    to.roles.includes(accountRole) &&
    to.accountId !== tx.context.actor.accountId;
  if (!fits) throw refusal('workflow.delegation_refused');
  tx.emit({ type: 'delegated', from: visit.step, to: visit.step, visit: id, assignee: to.accountId });
}
