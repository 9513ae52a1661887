import type { Rule } from './finding.ts';
import { edgesOf, reachable } from './step-graph.ts';

export const stepsReachable: Rule = {
  id: 'steps-reachable',
  severity: 'error',
  check: (definition) => {
    const met = reachable([definition.start], edgesOf(definition));
    return Object.keys(definition.steps)
      .filter((key) => !met.has(key))
      .map((key) => ({
        path: `/steps/${key}`,
        vi: 'Không có đường nào từ bước bắt đầu đến bước này.',
        en: 'No way leads from the start to this step.',
      }));
  },
};
