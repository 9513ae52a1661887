import { PdfError } from '../errors.ts';
import type { ObjectReader } from '../object-reader.ts';
import { PdfDict, type PdfObject } from '../objects.ts';

/** A signature has one reference for each transform method, of which there are four (table 256). */
const MAX_REFERENCES = 16;

/** What may still be done to a certified document (ISO 32000-2 table 257): 1 nothing, 2 fill and sign, 3 annotate too. */
export type DocMdp = 1 | 2 | 3;

/** Which fields may no longer change (table 236, table 258). */
export interface FieldLock {
  readonly action: 'All' | 'Include' | 'Exclude';
  readonly fields: readonly string[];
}

/** A field is named by its own name or by the name of a field above it. */
export const isLocked = (lock: FieldLock, name: string): boolean => lockMatcher(lock)(name);

/** The same for many names: a lock may name thousands of fields. */
export function lockMatcher({ action, fields }: FieldLock): (name: string) => boolean {
  if (action === 'All') return () => true;
  const listed = new Set(fields);
  const isNamed = (name: string): boolean => {
    for (let end = name.length; end > 0; end = name.lastIndexOf('.', end - 1)) {
      if (listed.has(name.slice(0, end))) return true;
    }
    return listed.has(name);
  };
  return action === 'Include' ? isNamed : (name) => !isNamed(name);
}

/** Reads the /Action and /Fields of a lock dictionary or of FieldMDP parameters; undefined when there is no such action. */
export function readFieldLock(reader: ObjectReader, value: PdfObject | undefined): FieldLock | undefined {
  const dict = reader.dict(value);
  const action = reader.name(dict?.get('Action'));
  if (action !== 'All' && action !== 'Include' && action !== 'Exclude') return undefined;
  const fields = reader.array(dict?.get('Fields')) ?? [];
  if (fields.length > reader.limits.lockedFields)
    throw new PdfError('pdf.too_complex', 'too many locked fields');
  return { action, fields: fields.map((field) => reader.text(field) ?? '') };
}

/** The parameters of each transform method (table 255, table 256) in the /Reference of a signature. */
export function readTransforms(
  reader: ObjectReader,
  signature: PdfDict,
): { readonly docMdp?: DocMdp; readonly fieldMdp?: FieldLock } {
  let docMdp: DocMdp | undefined;
  let fieldMdp: FieldLock | undefined;
  const references = reader.array(signature.get('Reference')) ?? [];
  if (references.length > MAX_REFERENCES)
    throw new PdfError('pdf.too_complex', 'too many signature references');
  for (const item of references) {
    const reference = reader.dict(item);
    const parameters = reader.dict(reference?.get('TransformParams')) ?? new PdfDict();
    const method = reader.name(reference?.get('TransformMethod'));
    if (method === 'DocMDP') docMdp ??= readPermission(reader, parameters.get('P')) ?? 2;
    if (method === 'FieldMDP') fieldMdp ??= readFieldLock(reader, parameters);
  }
  return { ...(docMdp ? { docMdp } : {}), ...(fieldMdp ? { fieldMdp } : {}) };
}

/** /P as one of the three levels. */
export function readPermission(reader: ObjectReader, value: PdfObject | undefined): DocMdp | undefined {
  const level = reader.number(value);
  return level === 1 || level === 2 || level === 3 ? level : undefined;
}
