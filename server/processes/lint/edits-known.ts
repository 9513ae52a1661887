import { fieldNames } from './field-names.ts';
import type { Rule } from './finding.ts';

export const editsKnown: Rule = {
  id: 'edits-known',
  severity: 'error',
  check: (definition) => {
    const { declared } = fieldNames(definition);
    return Object.entries(definition.steps).flatMap(([key, step]) =>
      (step.kind === 'task' ? (step.edits ?? []) : []).flatMap((name, index) =>
        declared.has(name)
          ? []
          : [
              {
                path: `/steps/${key}/edits/${index}`,
                vi: `Không có trường dữ liệu "${name}".`,
                en: `There is no field "${name}".`,
              },
            ],
      ),
    );
  },
};
