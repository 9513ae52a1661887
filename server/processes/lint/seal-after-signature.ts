import type { Rule } from './finding.ts';
import { edgesOf, reachable } from './step-graph.ts';

/** The agency seals only what the competent person has signed (ND 30/2020, article 32.2.d). */
export const sealAfterSignature: Rule = {
  id: 'seal-after-signature',
  severity: 'warning',
  check: (definition) => {
    const { steps, start } = definition;
    const isPersonal = (key: string): boolean => {
      const step = steps[key];
      return step?.kind === 'sign' && step.certificate === 'personal';
    };
    if (isPersonal(start)) return [];
    const unsigned = reachable(
      [start],
      edgesOf(definition).filter(({ to }) => !isPersonal(to)),
    );
    return Object.entries(steps)
      .filter(
        ([key, step]) => step.kind === 'sign' && step.certificate === 'organization' && unsigned.has(key),
      )
      .map(([key]) => ({
        path: `/steps/${key}`,
        vi: 'Có thể đến bước ký số của cơ quan khi chưa có chữ ký số của người có thẩm quyền.',
        en: 'This seal can be reached before the competent person has signed.',
      }));
  },
};
