import type { Rule } from './finding.ts';
import { edgesOf, reachable } from './step-graph.ts';

/** The seal locks the fields of number and date: a number given after it can never be filled in (docs/adr/0004). */
export const numberBeforeSeal: Rule = {
  id: 'number-before-seal',
  severity: 'error',
  check: (definition) => {
    const { steps, start } = definition;
    const isRegister = (key: string): boolean => steps[key]?.kind === 'register';
    const isSeal = (key: string): boolean => {
      const step = steps[key];
      return step?.kind === 'sign' && step.certificate === 'organization';
    };
    if (isRegister(start)) return [];
    const forward = edgesOf(definition).filter(({ isReturn }) => !isReturn);
    const unnumbered = reachable(
      [start],
      forward.filter(({ to }) => !isRegister(to)),
    );
    const sealed = reachable([...unnumbered].filter(isSeal), forward);
    return [...sealed].filter(isRegister).map((key) => ({
      path: `/steps/${key}`,
      vi: 'Có thể đến bước cấp số khi cơ quan đã ký số, mà chữ ký đó khóa ô số và ngày; hãy cấp số trước.',
      en: 'This number can be given after the seal, which locks number and date: register first.',
    }));
  },
};
