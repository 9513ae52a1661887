import type { Fault, Rule } from './finding.ts';
import { type Edge, edgesOf, reachable } from './step-graph.ts';

/** A return leads to a step that came before; a way back that is not called a return would ask for no reason. */
export const returnsGoBack: Rule = {
  id: 'returns-go-back',
  severity: 'error',
  check: (definition) => {
    const edges = edgesOf(definition);
    const forward = edges.filter(({ isReturn }) => !isReturn);
    return edges.flatMap((edge) => faultOf(edge, reachable([edge.to], forward).has(edge.from)));
  },
};

function faultOf({ from, to, path, isReturn }: Edge, comesBefore: boolean): Fault[] {
  if (isReturn && (!comesBefore || from === to)) {
    return [
      { path, vi: 'Trả lại phải dẫn về một bước đứng trước.', en: 'A return must lead to an earlier step.' },
    ];
  }
  if (!isReturn && comesBefore) {
    return [
      {
        path,
        severity: 'warning',
        vi: 'Kết quả này dẫn về bước trước nhưng không được khai là trả lại nên không đòi lý do.',
        en: 'This leads back but is not declared a return, so no reason is asked for.',
      },
    ];
  }
  return [];
}
