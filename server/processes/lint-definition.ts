import type { ProcessDefinition } from '../workflow/definition.ts';
import type { Finding } from './lint/finding.ts';
import { rules } from './lint/rules.ts';
import { validateDefinition } from './validate-definition.ts';

/** All findings about a value that should be a definition: those of the schema, or else those of every rule. */
export function lintValue(value: unknown): readonly Finding[] {
  const { definition, findings } = validateDefinition(value);
  return definition === undefined ? findings : lintDefinition(definition);
}

/** Findings of the rules, in the rules' order. */
export function lintDefinition(definition: ProcessDefinition): Finding[] {
  return rules.flatMap(({ id, severity, check }) =>
    [...check(definition)].map((fault) => ({ rule: id, severity, ...fault })),
  );
}

export const hasErrors = (findings: readonly Finding[]): boolean =>
  findings.some(({ severity }) => severity === 'error');
