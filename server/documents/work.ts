import type { Actor } from '../platform/route.ts';
import { openVisits, type Visit, type WorkflowInstance } from '../workflow/instance.ts';

export const NO_DEADLINE = '9999-12-31T23:59:59.999Z';

/** Under which keys the document stands in work lists, and by which deadline it is sorted there. */
export function workOf(workflow: WorkflowInstance): { work: readonly string[]; workDue: string } {
  const open = workflow.state === 'running' ? openVisits(workflow) : [];
  return {
    work: [...new Set(open.map(keyOf))],
    workDue: open.map(({ due }) => due ?? NO_DEADLINE).sort()[0] ?? NO_DEADLINE,
  };
}

function keyOf({ assignee, candidates }: Visit): string {
  const { agencyId, unitId, accountId, accountRole } = candidates;
  if (assignee !== undefined) return `account:${assignee}`;
  if (accountId !== undefined) return `account:${accountId}`;
  return unitId === undefined ? `role:${agencyId}:${accountRole}` : `unit:${unitId}:${accountRole}`;
}

/** The keys under which work waits for somebody. */
export function workKeys({ accountId, agencyId, unitId, roles }: Actor): string[] {
  return [
    `account:${accountId}`,
    ...roles.map((role) => `role:${agencyId}:${role}`),
    ...(unitId === undefined ? [] : roles.map((role) => `unit:${unitId}:${role}`)),
  ];
}
