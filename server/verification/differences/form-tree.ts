import type { PdfView } from '../../pdf/document.ts';
import { PdfError } from '../../pdf/errors.ts';
import { type PdfDict, type PdfObject, PdfRef } from '../../pdf/objects.ts';

/** A node of the field tree that has its own object: a field, a group of fields or a widget of a field. */
export interface FormNode {
  readonly number: number;
  readonly dict: PdfDict;
  /** Fully qualified name of the field it is or belongs to. */
  readonly name: string;
  /** /FT and /V, own or inherited (ISO 32000-2 12.7.4.1). */
  readonly type: string | undefined;
  readonly value: PdfObject | undefined;
  /** Has kids that are fields themselves. */
  readonly isGroup: boolean;
}

/**
 * Every node of the AcroForm's field tree by object number.
 * @throws PdfError `pdf.form_invalid`, `pdf.too_deep`, `pdf.too_complex`
 */
export function formTree(view: PdfView): ReadonlyMap<number, FormNode> {
  const nodes = new Map<number, FormNode>();
  const form = view.dict(view.catalog.get('AcroForm'));
  const top: Pick<FormNode, 'name' | 'type' | 'value'> = { name: '', type: undefined, value: undefined };
  const stack = (view.array(form?.get('Fields')) ?? []).map((item) => ({ item, above: top, depth: 0 }));
  let visited = 0;
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { item, above, depth } = next;
    if (++visited > view.limits.nodes) throw new PdfError('pdf.too_complex', 'too many form fields');
    if (depth > view.limits.depth) throw new PdfError('pdf.too_deep', 'the field tree is too deep');
    const dict = view.dict(item);
    if (!dict) continue;
    const part = view.text(dict.get('T'));
    const name = part === undefined ? above.name : above.name === '' ? part : `${above.name}.${part}`;
    const type = view.name(dict.get('FT')) ?? above.type;
    const value = dict.get('V') ?? above.value;
    const kids = view.array(dict.get('Kids')) ?? [];
    if (item instanceof PdfRef) {
      if (nodes.has(item.number)) throw new PdfError('pdf.form_invalid', 'a field stands in the tree twice');
      const isGroup = kids.some((kid) => view.dict(kid)?.has('T'));
      nodes.set(item.number, { number: item.number, dict, name, type, value, isGroup });
    }
    for (const kid of kids) stack.push({ item: kid, above: { name, type, value }, depth: depth + 1 });
  }
  return nodes;
}
