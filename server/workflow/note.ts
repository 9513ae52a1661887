import type { Command } from './instance.ts';
import { checkedText, type Transaction } from './transaction.ts';

/** A remark in the history; the document stays where it is. */
export function comment(tx: Transaction, { text, visit }: Extract<Command, { type: 'comment' }>): void {
  tx.emit({ type: 'commented', text: checkedText(text, 'workflow.text_unusable'), ...place(tx, visit) });
}

/** A file was added; the engine keeps only that it was. */
export function attach(tx: Transaction, { file, name, visit }: Extract<Command, { type: 'attach' }>): void {
  tx.emit({ type: 'attached', file, name, ...place(tx, visit) });
}

/** Ends the process without a result; why is kept. */
export function cancel(tx: Transaction, { reason }: Extract<Command, { type: 'cancel' }>): void {
  const from = tx.instance.visits.findLast((visit) => visit.closed === undefined)?.step ?? null;
  tx.emit({ type: 'cancelled', from, to: null, reason: checkedText(reason, 'workflow.reason_missing') });
}

function place(tx: Transaction, id: string | undefined) {
  if (id === undefined) return { from: null, to: null };
  const { step } = tx.open(id);
  return { from: step, to: step, visit: id };
}
