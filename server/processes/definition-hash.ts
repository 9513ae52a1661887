import { createHash } from 'node:crypto';
import { canonicalJson } from '../json/canonical-json.ts';
import type { ProcessDefinition } from '../workflow/definition.ts';

/** SHA-256 of the canonical JSON (RFC 8785), lower-case hex. `$schema` only helps editors and is not content. */
export function definitionHash({ $schema: _, ...content }: ProcessDefinition): string {
  return createHash('sha256').update(canonicalJson(content)).digest('hex');
}
