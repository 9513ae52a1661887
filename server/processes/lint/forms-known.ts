import type { Rule } from './finding.ts';

export const formsKnown: Rule = {
  id: 'forms-known',
  severity: 'error',
  check: ({ forms, steps }) => {
    const known = new Set(forms.map(({ code }) => code));
    return Object.entries(steps).flatMap(([key, step]) =>
      ('forms' in step ? (step.forms ?? []) : []).flatMap((code, index) =>
        known.has(code)
          ? []
          : [
              {
                path: `/steps/${key}/forms/${index}`,
                vi: `Biểu mẫu ${code} không có trong danh mục biểu mẫu.`,
                en: `Form ${code} is not in the list of forms.`,
              },
            ],
      ),
    );
  },
};
