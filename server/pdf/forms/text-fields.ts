import { PdfError } from '../errors.ts';
import { PdfDict, PdfName, type PdfObject, PdfRef, PdfString } from '../objects.ts';
import { pageAt } from '../pages.ts';
import { checkPermitted } from '../signatures/check-permitted.ts';
import { annotatePage } from '../update/annotate-page.ts';
import {
  type Appearance,
  addAppearance,
  type MadeAppearance,
  type Rectangle,
  rectangle,
} from '../update/appearance.ts';
import type { IncrementalUpdate } from '../update/incremental-update.ts';
import { appendField, changeForm, checkNewFieldName, takenNames } from './change-form.ts';
import { type FormField, listFields } from './field-tree.ts';

export interface NewTextField {
  readonly name: string;
  /** From 0; default the first page. */
  readonly page?: number;
  readonly rect: Rectangle;
  /** /DA (ISO 32000-2 12.7.4.3), such as `/Tinos 13 Tf 0 g`; the font is one of the form's /DR. */
  readonly defaultAppearance: string;
  /** What a person is told of the field (/TU). */
  readonly label?: string;
  /** 0 left, 1 centred, 2 right. */
  readonly align?: 0 | 1 | 2;
  readonly value?: string;
  readonly appearance?: Appearance;
}

/** Annotation flag: printed. */
const PRINT = 4;

/**
 * Adds text fields (12.7.5.3) with their widgets. `fonts` go into the form's /DR, where they stay for filling later.
 * @throws PdfError `pdf.changes_forbidden` in a signed document, `pdf.field_exists`, `pdf.field_name_invalid`,
 * `pdf.page_missing`.
 */
export function addTextFields(
  update: IncrementalUpdate,
  fields: readonly NewTextField[],
  fonts: Readonly<Record<string, PdfObject>> = {},
): void {
  checkPermitted(update.doc, { kind: 'add-fields' });
  const taken = takenNames(update);
  for (const field of fields) {
    checkNewFieldName(field.name);
    if (taken.has(field.name)) {
      throw new PdfError('pdf.field_exists', 'the name is taken', { details: { field: field.name } });
    }
    taken.add(field.name);
    addTextField(update, field);
  }
  addFonts(update, fonts);
}

function addTextField(update: IncrementalUpdate, field: NewTextField): void {
  const page = pageAt(update, field.page ?? 0);
  const text = (value: string | undefined): PdfString | undefined =>
    value === undefined ? undefined : PdfString.text(value);
  const normal = field.appearance && addAppearance(update, field.appearance, field.rect);
  const ref = update.add(
    PdfDict.of({
      Type: PdfName.of('Annot'),
      Subtype: PdfName.of('Widget'),
      FT: PdfName.of('Tx'),
      T: PdfString.text(field.name),
      TU: text(field.label),
      V: text(field.value),
      DA: new PdfString(Buffer.from(field.defaultAppearance, 'latin1')),
      Q: field.align,
      F: PRINT,
      Rect: field.rect,
      P: page.ref,
      AP: normal && PdfDict.of({ N: normal }),
    }),
  );
  annotatePage(update, page, ref);
  appendField(update, ref);
}

function addFonts(update: IncrementalUpdate, fonts: Readonly<Record<string, PdfObject>>): void {
  if (Object.keys(fonts).length === 0) return;
  const form = update.dict(update.catalog.get('AcroForm'));
  const resources = update.dict(form?.get('DR')) ?? new PdfDict();
  const present = update.dict(resources.get('Font')) ?? new PdfDict();
  const own = Object.entries(fonts).map(
    ([name, font]) => [name, font instanceof PdfRef ? font : update.add(font)] as const,
  );
  const merged = resources.with({ Font: present.with(Object.fromEntries(own)) });
  changeForm(update, (current) => current.with({ DR: merged }));
}

/** What an appearance is made from when a field is filled. */
export interface FilledField {
  readonly name: string;
  readonly value: string;
  readonly rect: Rectangle;
  /** /DA of the field or of the form. */
  readonly defaultAppearance: string;
  /** /DR /Font of the form: name to font. */
  readonly fonts: PdfDict;
}

export interface TextFieldValue {
  readonly name: string;
  readonly value: string;
  /** Made for each widget. Without it the old appearance goes, and a reader makes its own. */
  readonly appearance?: (field: FilledField, update: IncrementalUpdate) => MadeAppearance;
}

/**
 * Fills text fields: value and appearance of every widget.
 * @throws PdfError `pdf.field_missing` when there is no text field of the name, `pdf.field_locked` and
 * `pdf.changes_forbidden` when an earlier signature does not permit it.
 */
export function fillTextFields(update: IncrementalUpdate, values: readonly TextFieldValue[]): void {
  checkPermitted(update.doc, { kind: 'fill', fields: values.map(({ name }) => name) });
  const fields = Map.groupBy(listFields(update), (field) => field.name);
  for (const value of values) {
    const [field] = fields.get(value.name) ?? [];
    if (!field?.ref || field.type !== 'Tx') {
      throw new PdfError('pdf.field_missing', 'no text field of that name', {
        details: { field: value.name },
      });
    }
    fillTextField(update, field, field.ref, value);
  }
}

function fillTextField(
  update: IncrementalUpdate,
  field: FormField,
  ref: PdfRef,
  value: TextFieldValue,
): void {
  const filled = field.dict.with({ V: PdfString.text(value.value) });
  update.set(ref, filled);
  for (const widget of field.widgets) {
    const target = widget.ref ?? ref;
    const dict = target.equals(ref) ? filled : widget.dict;
    update.set(target, dict.with({ AP: appearanceOf(update, field, dict, value) }));
  }
}

function appearanceOf(
  update: IncrementalUpdate,
  field: FormField,
  widget: PdfDict,
  { value, appearance }: TextFieldValue,
): PdfObject {
  if (appearance === undefined) return null;
  const rect = rectangle(update, widget.get('Rect'));
  const form = update.dict(update.catalog.get('AcroForm'));
  const filled: FilledField = {
    name: field.name,
    value,
    rect,
    defaultAppearance: update.text(widget.get('DA') ?? field.dict.get('DA') ?? form?.get('DA')) ?? '',
    fonts: update.dict(update.dict(form?.get('DR'))?.get('Font')) ?? new PdfDict(),
  };
  return PdfDict.of({ N: addAppearance(update, () => appearance(filled, update), rect) });
}
