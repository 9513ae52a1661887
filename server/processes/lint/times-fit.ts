import type { ProcessDefinition, Step, TimeLimit } from '../../workflow/definition.ts';
import type { Fault, Rule } from './finding.ts';
import { type Edge, edgesOf } from './step-graph.ts';

/** Agencies count a working day as eight hours (30 days are printed as 240 hours). */
const hoursPerDay = 8;

/** The longest way without a return must fit into the time promised; every step that is worked on says its time. */
export const timesFit: Rule = {
  id: 'times-fit',
  severity: 'error',
  check: (definition) => [...untimedSteps(definition), ...totalTooLong(definition)],
};

function untimedSteps({ steps }: ProcessDefinition): Fault[] {
  return Object.entries(steps)
    .filter(([, step]) => 'role' in step && step.timeLimit === undefined)
    .map(([key]) => ({
      path: `/steps/${key}`,
      severity: 'warning',
      vi: 'Bước này không có thời hạn.',
      en: 'This step has no time limit.',
    }));
}

function totalTooLong(definition: ProcessDefinition): Fault[] {
  const forward = edgesOf(definition).filter(({ isReturn }) => !isReturn);
  const longest = longestWay(
    definition,
    Map.groupBy(forward, ({ from }) => from),
  );
  const total = hours(definition.timeLimit);
  if (longest <= total + 1e-9) return [];
  return [
    {
      path: '/timeLimit',
      vi: `Tổng thời gian các bước (${days(longest)} ngày làm việc) vượt thời hạn giải quyết (${days(total)} ngày).`,
      en: `The steps together take ${days(longest)} working days, more than the ${days(total)} promised.`,
    },
  ];
}

/** Hours of the longest way from the start; a step already on the way is not entered again. */
function longestWay(definition: ProcessDefinition, next: Map<string, Edge[]>): number {
  const known = new Map<string, number>();
  const open = new Set<string>();
  const from = (key: string): number => {
    const before = known.get(key);
    if (before !== undefined) return before;
    if (open.has(key)) return 0;
    open.add(key);
    const rest = Math.max(0, ...(next.get(key) ?? []).map(({ to }) => from(to)));
    open.delete(key);
    const total = timeOf(definition.steps[key]) + rest;
    known.set(key, total);
    return total;
  };
  return from(definition.start);
}

const timeOf = (step: Step | undefined): number =>
  step !== undefined && 'timeLimit' in step && step.timeLimit !== undefined ? hours(step.timeLimit) : 0;

const hours = (limit: TimeLimit): number =>
  'workingDays' in limit ? limit.workingDays * hoursPerDay : limit.workingHours;

const days = (value: number): number => Math.round((value / hoursPerDay) * 100) / 100;
