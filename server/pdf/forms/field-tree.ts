import { PdfError } from '../errors.ts';
import type { ObjectReader } from '../object-reader.ts';
import { PdfDict, type PdfObject, PdfRef } from '../objects.ts';

/** A widget annotation: its own object, or the field's when both are one dictionary (ISO 32000-2 12.5.6.19). */
export interface FieldWidget {
  readonly ref: PdfRef | undefined;
  readonly dict: PdfDict;
}

/** A terminal field (12.7.4): one with a value of its own. */
export interface FormField {
  /** Fully qualified: partial names joined by full stops. */
  readonly name: string;
  /** Undefined for a field that stands directly in an array, where no update can reach it alone. */
  readonly ref: PdfRef | undefined;
  readonly dict: PdfDict;
  /** `Tx`, `Sig`, `Btn`, `Ch`: inherited or own. */
  readonly type: string | undefined;
  /** /V as it stands, inherited or own. */
  readonly value: PdfObject | undefined;
  /** /Ff, inherited or own. */
  readonly flags: number;
  readonly widgets: readonly FieldWidget[];
}

interface Pending {
  readonly value: PdfObject;
  readonly prefix: string;
  readonly inherited: PdfDict;
  readonly depth: number;
}

const INHERITABLE = ['FT', 'V', 'Ff', 'DA'];

/**
 * The terminal fields of the AcroForm (12.7.3, 12.7.4) in order. A node that is reached twice is taken once.
 * @throws PdfError `pdf.form_invalid`, `pdf.too_deep`, `pdf.too_complex`.
 */
export function listFields(reader: ObjectReader): FormField[] {
  const form = reader.dict(reader.catalog.get('AcroForm'));
  const roots = reader.array(form?.get('Fields')) ?? [];
  const fields: FormField[] = [];
  const seen = new Set<number>();
  const start = new PdfDict();
  const stack: Pending[] = roots
    .toReversed()
    .map((value) => ({ value, prefix: '', inherited: start, depth: 0 }));
  let nodes = roots.length;
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (nodes > reader.limits.nodes) throw new PdfError('pdf.too_complex', 'too many form fields');
    if (node.depth > reader.limits.depth) throw new PdfError('pdf.too_deep', 'the field tree is too deep');
    const ref = node.value instanceof PdfRef ? node.value : undefined;
    if (ref && seen.has(ref.number)) continue;
    if (ref) seen.add(ref.number);
    const dict = reader.dict(node.value);
    if (!dict) continue;
    const part = reader.text(dict.get('T'));
    const name = part === undefined ? node.prefix : node.prefix ? `${node.prefix}.${part}` : part;
    const inherited = node.inherited.with(Object.fromEntries(INHERITABLE.map((key) => [key, dict.get(key)])));
    const kids = reader.array(dict.get('Kids')) ?? [];
    nodes += kids.length;
    const children = kids.filter((kid) => reader.dict(kid)?.has('T'));
    for (const value of children.toReversed())
      stack.push({ value, prefix: name, inherited, depth: node.depth + 1 });
    if (children.length > 0) continue;
    fields.push({
      name,
      ref,
      dict,
      type: reader.name(inherited.get('FT')),
      value: inherited.get('V'),
      flags: reader.number(inherited.get('Ff')) ?? 0,
      widgets: kids.length > 0 ? kids.flatMap((kid) => widget(reader, kid)) : widgetOf(ref, dict),
    });
  }
  return fields;
}

function widget(reader: ObjectReader, value: PdfObject): FieldWidget[] {
  const dict = reader.dict(value);
  return dict ? [{ ref: value instanceof PdfRef ? value : undefined, dict }] : [];
}

const widgetOf = (ref: PdfRef | undefined, dict: PdfDict): FieldWidget[] =>
  dict.has('Rect') || dict.has('Subtype') ? [{ ref, dict }] : [];
