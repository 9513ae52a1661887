import { forwardOutcome } from './complete.ts';
import type { ProcessDefinition, Step } from './definition.ts';
import { WorkflowError, type WorkflowErrorCode } from './errors.ts';
import { checkExpression } from './expression.ts';

export interface ExecutionProblem {
  /** JSON pointer (RFC 6901) into the definition. */
  readonly path: string;
  readonly code: WorkflowErrorCode;
}

/** Characters of all conditions together: reading FEEL takes up to 20 µs for each. */
const MAX_CONDITIONS = 10_000;

/** All reasons why the engine could not run a definition to its end; asked at publishing, and again at the start. */
export function checkExecutable(definition: ProcessDefinition): ExecutionProblem[] {
  const problems: ExecutionProblem[] = [];
  let charactersLeft = MAX_CONDITIONS;
  const leadsTo = (path: string, key: string) => {
    if (!Object.hasOwn(definition.steps, key)) problems.push({ path, code: 'workflow.unknown_step' });
  };
  leadsTo('/start', definition.start);
  for (const [key, step] of Object.entries(definition.steps)) {
    const at = `/steps/${key}`;
    for (const [path, target] of targetsOf(step)) leadsTo(at + path, target);
    if ('role' in step && !Object.hasOwn(definition.roles, step.role)) {
      problems.push({ path: `${at}/role`, code: 'workflow.unknown_role' });
    }
    if (step.kind === 'parallel') problems.push({ path: at, code: 'workflow.parallel_unsupported' });
    if (step.kind === 'task' && step.approval !== undefined && step.approval !== 'any') {
      problems.push({ path: `${at}/approval`, code: 'workflow.approval_unsupported' });
    }
    if ('outcomes' in step && step.kind !== 'task' && forwardOutcome(step) === undefined) {
      problems.push({ path: `${at}/outcomes`, code: 'workflow.no_forward_outcome' });
    }
    if (step.kind !== 'decision') continue;
    for (const [index, { when }] of step.rules.entries()) {
      charactersLeft -= when.length;
      const code = charactersLeft < 0 ? 'workflow.bad_expression' : problemOf(when);
      if (code !== undefined) problems.push({ path: `${at}/rules/${index}/when`, code });
    }
    if (isCircular(definition, key)) problems.push({ path: at, code: 'workflow.endless_decision' });
  }
  return problems;
}

function targetsOf(step: Step): readonly (readonly [path: string, target: string])[] {
  switch (step.kind) {
    case 'end':
      return [];
    case 'decision':
      return [
        ...step.rules.map((rule, index) => [`/rules/${index}/next`, rule.next] as const),
        ['/otherwise', step.otherwise],
      ];
    case 'parallel':
      return [
        ...step.branches.map((branch, index) => [`/branches/${index}`, branch] as const),
        ['/next', step.next],
      ];
    default:
      return Object.entries(step.outcomes).map(([key, { next }]) => [`/outcomes/${key}/next`, next] as const);
  }
}

/** Whether decisions alone lead from the decision `start` back to it. */
function isCircular({ steps }: ProcessDefinition, start: string): boolean {
  const seen = new Set<string>();
  const waiting = [start];
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    const step = Object.hasOwn(steps, key) ? steps[key] : undefined;
    if (step?.kind !== 'decision') continue;
    for (const [, target] of targetsOf(step)) {
      if (target === start) return true;
      if (!seen.has(target)) waiting.push(target);
      seen.add(target);
    }
  }
  return false;
}

function problemOf(expression: string): WorkflowErrorCode | undefined {
  try {
    checkExpression(expression);
  } catch (error) {
    if (error instanceof WorkflowError) return error.code;
    throw error;
  }
  return undefined;
}
