import type { PdfView } from '../../../pdf/document.ts';
import { PdfDict, PdfRef } from '../../../pdf/objects.ts';
import type { Comparison } from '../comparison.ts';
import type { FormNode } from '../form-tree.ts';
import { sameAppearance } from './appearance.ts';
import { keepsVisibility, onlyGainsReadOnly } from './widget-flags.ts';

/** What signing writes into an existing field and its widget besides the value (ISO 32000-2 12.7.5.5, 12.5.6.19). */
const SET_BY_SIGNING = new Set([
  'V',
  'AP',
  'MK',
  'DA',
  'Q',
  'M',
  'BS',
  'Border',
  'P',
  'NM',
  'StructParent',
  'Type',
]);
/** Of these, the ones that may only be set where nothing was. */
const ONLY_NEW = new Set(['P', 'NM', 'StructParent', 'Type', 'BS', 'Border', 'DA', 'Q']);

export const isSigned = (view: PdfView, node: FormNode): boolean => view.dict(node.value) !== undefined;

/** A signature field or one of its widgets: its value is set once and then stays as it is. */
export function judgeSigning(comparison: Comparison, old: FormNode | undefined, node: FormNode): void {
  const { older, newer } = comparison;
  const wasSigned = old !== undefined && isSigned(older, old);
  const signing = !wasSigned && isSigned(newer, node);
  if (signing && !hasSignatureOfItsOwn(comparison, node))
    comparison.forbid('field_changed', `${node.name} (V)`);
  if (signing) {
    const timeStamp = isTimeStamp(newer, node) && !isVisible(newer, node);
    if (timeStamp) comparison.note('lta', 'document_time_stamp_added', node.name);
    else comparison.note('form-filling', 'signature_added', node.name);
    // A document time stamp in a field of its own fills nothing that a lock could mean (table 257, P = 1; EN 319 142-1 5.5).
    if (!timeStamp || old) comparison.filledFields.add(node.name);
  }
  if (!old) return;
  judgeAppearance(comparison, old, node, signing);
  for (const key of comparison.differingKeys(old.dict, node.dict)) {
    if (key === 'Kids' || key === 'AP') continue;
    const [before, after] = [old.dict.get(key), node.dict.get(key)];
    const allowed =
      key === 'F'
        ? signing && keepsVisibility(before, after)
        : key === 'Ff'
          ? onlyGainsReadOnly(before, after)
          : signing && SET_BY_SIGNING.has(key) && (before === undefined || !ONLY_NEW.has(key));
    if (!allowed) comparison.forbid('field_changed', `${node.name} (${key})`);
    else if (key === 'MK') comparison.excuse(node.number, key);
  }
}

/**
 * A signature that was there already, or something that was no signature, does not sign another field, nor does it
 * give its field further widgets, which inherit it.
 */
function hasSignatureOfItsOwn(comparison: Comparison, { dict, value }: FormNode): boolean {
  return value instanceof PdfRef ? comparison.isAdded(value.number) : dict.has('V');
}

function judgeAppearance(comparison: Comparison, old: FormNode, node: FormNode, signing: boolean): void {
  if (sameAppearance(comparison, old.dict.get('AP'), node.dict.get('AP'))) return;
  if (!signing) {
    comparison.forbid('appearance_changed', node.name);
    return;
  }
  comparison.excuse(node.number, 'AP');
  comparison.replaceAppearance(old.dict.get('AP'));
}

export function noteNewSignatureField(comparison: Comparison, node: FormNode): void {
  const { newer } = comparison;
  const isWidget = (newer.name(node.dict.get('Subtype')) ?? 'Widget') === 'Widget';
  if (!isWidget || node.dict.has('A') || node.dict.has('AA')) comparison.forbid('field_added', node.name);
  // An empty field that shows something is no place for a signature but a patch over the page.
  const shows = isVisible(newer, node) || node.dict.has('MK');
  if (shows && !isSigned(newer, node)) comparison.forbid('field_added', node.name);
  comparison.newWidgets.add(node.number);
  const silent = isTimeStamp(newer, node) && !isVisible(newer, node);
  comparison.note(silent ? 'lta' : 'form-filling', 'signature_field_added', node.name);
}

function isTimeStamp(view: PdfView, node: FormNode): boolean {
  return view.name(view.dict(node.value)?.get('SubFilter')) === 'ETSI.RFC3161';
}

function isVisible(view: PdfView, { dict }: FormNode): boolean {
  const [left, bottom, right, top] = (view.array(dict.get('Rect')) ?? []).map((item) => view.number(item));
  const hasArea = left !== right && bottom !== top;
  return hasArea && (view.dict(dict.get('AP')) ?? new PdfDict()).size > 0;
}
