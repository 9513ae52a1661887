import { deadline, enterStep } from './enter-step.ts';
import { isCandidate } from './instance.ts';
import { refusal, type Transaction } from './transaction.ts';

/** Begins the process; who begins it must be one of those the first step is for, and gets it. */
export function start(tx: Transaction): void {
  const { definition, context } = tx;
  const { agencyId, unitId } = context.actor;
  tx.emit({
    type: 'started',
    from: null,
    to: definition.start,
    agencyId,
    ...(unitId !== undefined && { unitId }),
    ...deadline(tx, definition.timeLimit, 'process'),
  });
  enterStep(tx, null, definition.start);
  const [first] = tx.instance.visits;
  if (first !== undefined && !isCandidate(first.candidates, context.actor))
    throw refusal('workflow.not_candidate');
}
