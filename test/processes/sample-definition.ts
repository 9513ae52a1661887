import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shippedFolder } from '../../server/processes/read-definitions.ts';
import type { ProcessDefinition } from '../../server/workflow/definition.ts';

const text = readFileSync(join(shippedFolder, 'QT.VT.01', '1.json'), 'utf8');

/** The shipped process of outgoing documents, in which all is well; a test states only what differs. */
export function definitionWith(changes: Partial<ProcessDefinition> = {}): ProcessDefinition {
  return { ...(JSON.parse(text) as ProcessDefinition), ...changes };
}

/** The same with one step changed or added. */
export function withStep(key: string, step: object): ProcessDefinition {
  const { steps } = definitionWith();
  return definitionWith({
    steps: { ...steps, [key]: { ...steps[key], ...step } } as ProcessDefinition['steps'],
  });
}
