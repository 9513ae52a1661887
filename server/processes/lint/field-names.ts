import type { ProcessDefinition } from '../../workflow/definition.ts';

/** Names of the properties that the `fields` schema declares at its root, and those it requires. */
export function fieldNames({ fields }: ProcessDefinition): { declared: Set<string>; required: Set<string> } {
  const { properties, required } = fields as { properties?: unknown; required?: unknown };
  const isObject = typeof properties === 'object' && properties !== null;
  return {
    declared: new Set(isObject ? Object.keys(properties) : []),
    required: new Set(Array.isArray(required) ? required.filter((name) => typeof name === 'string') : []),
  };
}
