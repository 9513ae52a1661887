import { PdfDict, type PdfObject, PdfRef, PdfStream } from '../../../pdf/objects.ts';
import type { Comparison } from '../comparison.ts';
import { formTree } from '../form-tree.ts';

/**
 * What every object of an update has to keep, whether anything refers to it or not: no key and no place twice, since
 * readers differ in which one counts, and no signature that no field shows, since that is how one is made to disappear.
 */
export function newObjectsRule(comparison: Comparison): void {
  const { newer } = comparison;
  const shown = shownSignatures(comparison);
  for (const number of newer.revision.numbers()) {
    const ref = newer.refOf(number);
    const object = ref ? newer.get(ref) : null;
    const isSignature = object instanceof PdfDict && object.has('ByteRange') && object.has('Contents');
    if (isSignature && !shown.has(number)) comparison.forbid('hidden_signature', `${number}`);
    // A signature that is shown is judged by itself, with the keys it repeats.
    if (!isSignature && hasRepeatedKeys(object)) comparison.forbid('ambiguous_object', `${number}`);
  }
  for (const section of newer.revision.sections) {
    // Writers that copy a trailer name the stream of an earlier revision again, which hides nothing.
    if ((section.hidden?.start ?? 0) < newer.revision.start) continue;
    for (const number of section.contested()) comparison.forbid('ambiguous_object', `${number}`);
  }
}

/** Signatures that are the value of a field or grant permissions (ISO 32000-2 12.7.5.5, 12.8.6). */
function shownSignatures({ newer }: Comparison): ReadonlySet<number> {
  const permissions = newer.dict(newer.catalog.get('Perms')) ?? new PdfDict();
  const values = [...formTree(newer).values()].map(({ value }) => value);
  const references = [...values, ...[...permissions].map(([, value]) => value)];
  // A reference of another generation leads nowhere (7.3.10).
  const leading = references.filter((value) => value instanceof PdfRef && newer.dict(value) !== undefined);
  return new Set(leading.flatMap((value) => (value instanceof PdfRef ? [value.number] : [])));
}

function hasRepeatedKeys(object: PdfObject): boolean {
  if (object instanceof PdfStream) return hasRepeatedKeys(object.dict);
  if (object instanceof PdfDict) {
    return object.repeatedKeys.length > 0 || [...object].some(([, value]) => hasRepeatedKeys(value));
  }
  return Array.isArray(object) && object.some(hasRepeatedKeys);
}
