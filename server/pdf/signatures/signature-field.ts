import { PdfError } from '../errors.ts';
import { appendField, checkNewFieldName, takenNames } from '../forms/change-form.ts';
import { type FormField, listFields } from '../forms/field-tree.ts';
import { PdfDict, PdfName, type PdfObject, type PdfRef, PdfString } from '../objects.ts';
import { pageAt } from '../pages.ts';
import { annotatePage } from '../update/annotate-page.ts';
import {
  type Appearance,
  addAppearance,
  EMPTY_RECTANGLE,
  type Rectangle,
  rectangle,
} from '../update/appearance.ts';
import type { IncrementalUpdate } from '../update/incremental-update.ts';
import type { DocMdp, FieldLock } from './locks.ts';
import { lockEntries } from './signature-dictionary.ts';

/**
 * Where and how a signature shows; nothing of it: invisible, on the first page. In a signed document a field that was
 * there shows where it is.
 */
export interface WidgetPlace {
  /** From 0. */
  readonly page?: number;
  readonly rect?: Rectangle;
  readonly appearance?: Appearance;
}

export type FieldLockWithPermission = FieldLock & { readonly permission?: DocMdp };

/** Annotation flags (ISO 32000-2 12.5.3): printed, and not to be moved. */
const PRINT_AND_LOCKED = 4 | 128;

/** The field that waits for a signature: the empty one of that name; undefined when a new one is to be made. */
export function findEmptyField(update: IncrementalUpdate, name: string): FormField | undefined {
  const found = listFields(update).filter((field) => field.name === name);
  for (const field of found) {
    const details = { details: { field: name } };
    if (field.type !== 'Sig')
      throw new PdfError('pdf.field_exists', 'the name is of another kind of field', details);
    if (update.resolve(field.value) !== null) {
      throw new PdfError('pdf.field_already_signed', 'the field is signed', details);
    }
  }
  return found[0];
}

/** `Signature1`, `Signature2` … : the first that is free. */
export function freeFieldName(update: IncrementalUpdate, stem = 'Signature'): string {
  const taken = takenNames(update);
  for (let i = 1; ; i++) if (!taken.has(`${stem}${i}`)) return `${stem}${i}`;
}

/** A new field whose one widget is itself, on its page and in the form. */
export function createSignatureField(
  update: IncrementalUpdate,
  name: string,
  value: PdfRef,
  lock: FieldLockWithPermission | undefined,
  place: WidgetPlace,
): PdfRef {
  checkNewFieldName(name);
  if (takenNames(update).has(name)) {
    throw new PdfError('pdf.field_exists', 'the name is of a group of fields', { details: { field: name } });
  }
  const dict = PdfDict.of({
    FT: PdfName.of('Sig'),
    T: PdfString.text(name),
    V: value,
    Lock: lockObject(lock),
  });
  const ref = update.reserve();
  addWidget(update, ref, dict, place);
  appendField(update, ref);
  return ref;
}

/** Gives an empty field its value, and its widget the appearance. */
export function fillSignatureField(
  update: IncrementalUpdate,
  field: FormField,
  value: PdfRef,
  lock: FieldLockWithPermission | undefined,
  place: WidgetPlace,
): PdfRef {
  const { ref } = field;
  if (!ref) throw new PdfError('pdf.form_invalid', 'a field that is not an object of its own');
  const dict = field.dict.with({ V: value, ...(lock ? { Lock: lockObject(lock) } : {}) });
  const [widget] = field.widgets;
  if (!widget) addWidget(update, ref, dict, place);
  else if (widget.ref === undefined || widget.ref.equals(ref)) update.set(ref, withLook(update, dict, place));
  else {
    update.set(ref, dict);
    if (place.rect || place.appearance) update.set(widget.ref, withLook(update, widget.dict, place));
  }
  return ref;
}

function addWidget(update: IncrementalUpdate, ref: PdfRef, field: PdfDict, place: WidgetPlace): void {
  const page = pageAt(update, place.page ?? 0);
  const widget = field.with({
    Type: PdfName.of('Annot'),
    Subtype: PdfName.of('Widget'),
    F: PRINT_AND_LOCKED,
    Rect: place.rect ?? EMPTY_RECTANGLE,
    P: page.ref,
  });
  update.set(ref, withLook(update, widget, place));
  annotatePage(update, page, ref);
}

function withLook(update: IncrementalUpdate, widget: PdfDict, place: WidgetPlace): PdfDict {
  const rect = place.rect ?? rectangle(update, widget.get('Rect'));
  if (!place.appearance) return widget.with({ Rect: rect });
  const normal = addAppearance(update, place.appearance, rect);
  return widget.with({ Rect: rect, AP: PdfDict.of({ N: normal }), AS: null });
}

function lockObject(lock: FieldLockWithPermission | undefined): PdfObject | undefined {
  if (!lock) return undefined;
  return PdfDict.of({ Type: PdfName.of('SigFieldLock'), ...lockEntries(lock), P: lock.permission });
}
