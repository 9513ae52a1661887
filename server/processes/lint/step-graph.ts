import type { ProcessDefinition, Step } from '../../workflow/definition.ts';

export interface Edge {
  readonly from: string;
  readonly to: string;
  /** JSON pointer of the place that names the target. */
  readonly path: string;
  readonly isReturn: boolean;
}

/** Every way from one step to another; those that lead nowhere are left out (the rule `engine` reports them). */
export function edgesOf({ steps }: ProcessDefinition): Edge[] {
  return Object.entries(steps).flatMap(([from, step]) =>
    targets(step)
      .filter(({ to }) => Object.hasOwn(steps, to))
      .map(({ to, path, isReturn = false }) => ({ from, to, path: `/steps/${from}${path}`, isReturn })),
  );
}

function targets(step: Step): { to: string; path: string; isReturn?: boolean }[] {
  switch (step.kind) {
    case 'end':
      return [];
    case 'decision':
      return [
        ...step.rules.map(({ next }, index) => ({ to: next, path: `/rules/${index}/next` })),
        { to: step.otherwise, path: '/otherwise' },
      ];
    case 'parallel':
      return [
        ...step.branches.map((to, index) => ({ to, path: `/branches/${index}` })),
        { to: step.next, path: '/next' },
      ];
    default:
      return Object.entries(step.outcomes).map(([key, outcome]) => ({
        to: outcome.next,
        path: `/outcomes/${key}/next`,
        isReturn: outcome.return === true,
      }));
  }
}

/** All steps that a walk along `edges` from `starts` meets, the starts themselves included. */
export function reachable(
  starts: readonly string[],
  edges: readonly { from: string; to: string }[],
): Set<string> {
  const next = Map.groupBy(edges, ({ from }) => from);
  const seen = new Set(starts);
  const waiting = [...starts];
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    for (const { to } of next.get(key) ?? []) {
      if (seen.has(to)) continue;
      seen.add(to);
      waiting.push(to);
    }
  }
  return seen;
}
