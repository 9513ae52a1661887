import { canonicalJson } from '../json/canonical-json.ts';
import type { ProcessDefinition } from '../workflow/definition.ts';
import { ProcessesError } from './errors.ts';
import { validateDefinition } from './validate-definition.ts';

/** Bytes of canonical JSON; the longest real procedure is a twentieth of it. */
export const maxBytes = 1_000_000;

/**
 * The value as a definition.
 * @throws ProcessesError `processes.too_large`; `processes.invalid` with `findings`.
 */
export function parseDefinition(value: unknown): ProcessDefinition {
  if (sizeOf(value) > maxBytes) {
    throw new ProcessesError('processes.too_large', `over ${maxBytes} bytes`, { details: { maxBytes } });
  }
  const { definition, findings } = validateDefinition(value);
  if (definition !== undefined) return definition;
  throw new ProcessesError('processes.invalid', 'the definition does not fit its schema', {
    details: { findings },
  });
}

function sizeOf(value: unknown): number {
  try {
    return Buffer.byteLength(canonicalJson(value));
  } catch (error) {
    // A lone surrogate, or nesting deeper than the stack.
    throw new ProcessesError('processes.not_json', 'the definition has no canonical JSON', { cause: error });
  }
}
