import type { Actor } from '../platform/route.ts';
import type { ProcessDefinition } from '../workflow/definition.ts';
import { openVisits } from '../workflow/instance.ts';
import { eventOf, once, write } from './change.ts';
import type { DocumentRecord } from './document-record.ts';
import { DocumentsError } from './errors.ts';
import { mayWork, must, mustNotBeReleased } from './policy.ts';
import type { DocumentServices } from './services.ts';
import { checkPartial, editsOf } from './validate-fields.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface SaveFields {
  /** Merged into what is there; null takes a field away (RFC 7396, first level). */
  readonly fields: Fields;
}

/**
 * Changes fields that the present step lets its holder change. A PDF made before no longer counts then, nor do the
 * signatures in it: the next signature begins a new one.
 *
 * @throws DocumentsError `documents.field_not_editable`, `documents.fields_invalid`, `documents.forbidden`,
 * `documents.released`, `documents.type_fixed`
 */
export function saveFields(
  deps: DocumentServices,
  actor: Actor,
  id: string,
  { fields: patch }: SaveFields,
  requestId?: string,
): Promise<DocumentRecord> {
  return once(deps, actor, id, requestId, async (document) => {
    mustNotBeReleased(document);
    must(mayWork(actor, document) && document.workflow.state === 'running');
    const fields = merge(document.fields, patch);
    const changed = Object.keys(patch).filter((name) => !same(document.fields[name], fields[name]));
    const [visit] = openVisits(document.workflow);
    checkEdits(document.definition, visit?.step ?? '', changed);
    if (document.numbering !== undefined && changed.includes('type')) {
      throw new DocumentsError('documents.type_fixed', 'the number belongs to the type');
    }
    checkPartial(document, fields);
    if (changed.length === 0) return document;
    return write(deps, actor, {
      document,
      set: { fields, ...(document.content.length > 0 && { contentStale: true, signatures: [] }) },
      events: [eventOf(deps, actor, id, 'fields_saved', { fields: changed, step: visit?.step ?? null })],
      requestId,
    });
  });
}

export function merge(fields: Fields, patch: Fields): Fields {
  const merged = Object.entries({ ...fields, ...patch }).filter(([, value]) => value !== null);
  return Object.fromEntries(merged);
}

/** @throws DocumentsError `documents.field_not_editable` naming the fields */
export function checkEdits(definition: ProcessDefinition, step: string, changed: readonly string[]): void {
  const editable = editsOf(definition, step);
  const refused = changed.filter((name) => !editable.includes(name));
  if (refused.length === 0) return;
  throw new DocumentsError('documents.field_not_editable', 'the step does not edit these fields', {
    details: { fields: refused.slice(0, 50), step },
  });
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
