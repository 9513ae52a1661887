import type { ProcessDefinition, WorkedStep } from './definition.ts';
import { holds } from './expression.ts';
import type { Candidates, Visit } from './instance.ts';
import { refusal, type Transaction } from './transaction.ts';

/**
 * Moves the document to the step `to`: decisions are taken on the way until somebody has to act or the process ends.
 * Who worked at a step before gets it again, so that what is returned comes back to the same hands.
 */
export function enterStep(tx: Transaction, from: string | null, to: string): void {
  let [came, next] = [from, to];
  for (let hops = 0; hops <= Object.keys(tx.definition.steps).length; hops++) {
    const step = Object.hasOwn(tx.definition.steps, next) ? tx.definition.steps[next] : undefined;
    if (step === undefined) throw refusal('workflow.unknown_step', { step: next });
    switch (step.kind) {
      case 'decision': {
        const index = step.rules.findIndex(({ when }) => holds(when, tx.context.fields));
        const target = step.rules[index]?.next ?? step.otherwise;
        tx.emit({ type: 'decided', from: next, to: target, rule: index < 0 ? 'otherwise' : index });
        [came, next] = [next, target];
        continue;
      }
      case 'end':
        tx.emit({ type: 'ended', from: came, to: next, result: step.result });
        return;
      case 'parallel':
        throw refusal('workflow.parallel_unsupported', { step: next });
      default:
        openVisit(tx, came, next, step);
        return;
    }
  }
  throw refusal('workflow.endless_decision', { step: to });
}

function openVisit(tx: Transaction, from: string | null, to: string, step: WorkedStep): void {
  if (step.kind === 'task' && step.approval !== undefined && step.approval !== 'any') {
    throw refusal('workflow.approval_unsupported', { step: to });
  }
  const { visits } = tx.instance;
  const assignee = visits.length === 0 ? tx.context.actor.accountId : lastHands(visits, to);
  tx.emit({
    type: 'opened',
    from,
    to,
    visit: `v${visits.length + 1}`,
    candidates: candidatesOf(tx, step),
    ...(assignee !== undefined && { assignee }),
    ...deadline(tx, step.timeLimit, 'step'),
  });
}

function lastHands(visits: readonly Visit[], step: string): string | undefined {
  const last = visits.findLast((visit) => visit.step === step && visit.closed !== undefined);
  return last?.onBehalfOf ?? last?.closed?.by;
}

/** A unit that was never named (a commune has none) means the whole agency. */
function candidatesOf({ definition, instance }: Transaction, step: WorkedStep): Candidates {
  const role = Object.hasOwn(definition.roles, step.role) ? definition.roles[step.role] : undefined;
  if (role === undefined) throw refusal('workflow.unknown_role', { role: step.role });
  return {
    role: step.role,
    accountRole: role.accountRole,
    agencyId: instance.agencyId,
    ...(role.sameUnit === true && instance.unitId !== undefined && { unitId: instance.unitId }),
    ...(role.initiator === true && { accountId: instance.initiator }),
  };
}

/**
 * A calendar that is not maintained that far gives no deadline, but the work goes on: the visit says why it has none.
 */
export function deadline(
  { context }: Transaction,
  limit: ProcessDefinition['timeLimit'] | undefined,
  of: 'step' | 'process',
): { due?: string; dueProblem?: string } {
  if (limit === undefined) return {};
  const answer = context.due(context.now, limit, of);
  return 'due' in answer ? { due: answer.due.toISOString() } : { dueProblem: answer.problem };
}
