import { PdfError } from '../errors.ts';
import { PdfDict, PdfRef } from '../objects.ts';
import { writableText } from '../text-string.ts';
import { lastReference } from '../update/annotate-page.ts';
import type { IncrementalUpdate } from '../update/incremental-update.ts';
import { listFields } from './field-tree.ts';

/** Changes the AcroForm (ISO 32000-2 12.7.3) where it stands: its own object, in the catalog, or not yet there. */
export function changeForm(update: IncrementalUpdate, change: (form: PdfDict) => PdfDict): void {
  const { catalog, catalogRef } = update;
  const standing = catalog.get('AcroForm');
  const form = update.dict(standing);
  if (form && standing instanceof PdfRef) update.set(lastReference(update, standing), change(form));
  else if (form) update.set(catalogRef, catalog.with({ AcroForm: change(form) }));
  else update.set(catalogRef, catalog.with({ AcroForm: update.add(change(new PdfDict())) }));
}

/** Adds a field to the top of the field tree; /Fields may be a reference too. */
export function appendField(update: IncrementalUpdate, field: PdfRef): void {
  const standing = update.dict(update.catalog.get('AcroForm'))?.get('Fields');
  const fields = [...(update.array(standing) ?? []), field];
  if (standing instanceof PdfRef && update.array(standing))
    update.set(lastReference(update, standing), fields);
  else changeForm(update, (form) => form.with({ Fields: fields }));
}

/** /SigFlags (table 225): signatures exist, and only appending keeps them. */
export function markAsSigned(update: IncrementalUpdate): void {
  const SIGNATURES_EXIST_APPEND_ONLY = 3;
  const form = update.dict(update.catalog.get('AcroForm'));
  const flags = update.number(form?.get('SigFlags')) ?? 0;
  const wanted = flags | SIGNATURES_EXIST_APPEND_ONLY;
  if (flags !== wanted) changeForm(update, (current) => current.with({ SigFlags: wanted }));
}

/** Every name at the top of the field tree, which a new field there cannot have; and those of all fields. */
export function takenNames(update: IncrementalUpdate): Set<string> {
  return new Set(listFields(update).flatMap(({ name }) => [name, name.split('.', 1)[0] ?? name]));
}

/** @throws PdfError `pdf.field_name_invalid`: a full stop separates partial names (12.7.4.2), some characters are not written. */
export function checkNewFieldName(name: string): void {
  if (name === '' || name.includes('.') || name !== writableText(name))
    throw new PdfError('pdf.field_name_invalid', 'not a partial field name');
}
