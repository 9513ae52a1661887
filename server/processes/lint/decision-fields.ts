import { parseExpression } from 'feelin';
import { fieldNames } from './field-names.ts';
import type { Rule } from './finding.ts';

/** A decision reads fields that exist, and that every document has: the engine stops at one that is missing. */
export const decisionFields: Rule = {
  id: 'decision-fields',
  severity: 'error',
  check: (definition) => {
    const { declared, required } = fieldNames(definition);
    return Object.entries(definition.steps).flatMap(([key, step]) =>
      (step.kind === 'decision' ? step.rules : []).flatMap(({ when }, index) => {
        const path = `/steps/${key}/rules/${index}/when`;
        return [...variablesOf(when)].flatMap((name) => {
          if (!declared.has(name)) {
            return [{ path, vi: `Không có trường dữ liệu "${name}".`, en: `There is no field "${name}".` }];
          }
          if (required.has(name)) return [];
          return [
            {
              path,
              severity: 'warning' as const,
              vi: `Trường "${name}" không bắt buộc: hồ sơ thiếu trường này sẽ dừng ở đây.`,
              en: `Field "${name}" is not required: a document without it will stop here.`,
            },
          ];
        });
      }),
    );
  },
};

/** Free names of a FEEL expression; what is called as a function is none. */
function variablesOf(expression: string): Set<string> {
  const names = new Set<string>();
  parseExpression(expression, {}, undefined).iterate({
    enter: ({ name, node, from, to }) => {
      if (name !== 'VariableName') return;
      const isCalled = node.parent?.name === 'FunctionInvocation' && node.parent.firstChild?.from === from;
      if (!isCalled) names.add(expression.slice(from, to));
    },
  });
  return names;
}
