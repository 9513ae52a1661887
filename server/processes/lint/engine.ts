import { checkExecutable } from '../../workflow/check-executable.ts';
import { workflowErrors } from '../../workflow/errors.ts';
import type { Rule } from './finding.ts';

/** Start and targets exist, roles are declared, FEEL parses, no decisions in a circle: what the engine itself demands. */
export const engine: Rule = {
  id: 'engine',
  severity: 'error',
  check: (definition) =>
    checkExecutable(definition).map(({ path, code }) => ({
      path,
      vi: workflowErrors[code].vi,
      en: workflowErrors[code].en,
    })),
};
