import type { Rule } from './finding.ts';
import { edgesOf, reachable } from './step-graph.ts';

export const endReachable: Rule = {
  id: 'end-reachable',
  severity: 'error',
  check: (definition) => {
    const ends = Object.entries(definition.steps).flatMap(([key, { kind }]) => (kind === 'end' ? [key] : []));
    const backwards = edgesOf(definition).map(({ from, to }) => ({ from: to, to: from }));
    const leadsToEnd = reachable(ends, backwards);
    return Object.keys(definition.steps)
      .filter((key) => !leadsToEnd.has(key))
      .map((key) => ({
        path: `/steps/${key}`,
        vi: 'Từ bước này không đến được bước kết thúc nào.',
        en: 'No end can be reached from this step.',
      }));
  },
};
