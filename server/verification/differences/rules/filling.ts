import { PdfRef } from '../../../pdf/objects.ts';
import type { Comparison } from '../comparison.ts';
import type { FormNode } from '../form-tree.ts';
import { sameAppearance } from './appearance.ts';
import { keepsVisibility, onlyGainsReadOnly } from './widget-flags.ts';

/** What a program writes when a field is filled (ISO 32000-2 12.7.4.3, 12.7.5): the value and how it is shown. */
const SET_BY_FILLING = new Set(['V', 'AS', 'I', 'TI', 'RV', 'M', 'DA', 'Q']);

/**
 * A text, choice or button field or one of its widgets. Its appearance may change only together with its value: another
 * appearance over the same value is how a shadow attack replaces what is read.
 */
export function judgeFilling(comparison: Comparison, old: FormNode, node: FormNode): void {
  const filled = !comparison.unchanged(old.value, node.value);
  if (filled) {
    comparison.filledFields.add(node.name);
    comparison.note('form-filling', 'field_filled', node.name);
    if (node.dict.get('V') instanceof PdfRef) comparison.excuse(node.number, 'V');
  }
  judgeAppearance(comparison, old, node, filled);
  for (const key of comparison.differingKeys(old.dict, node.dict)) {
    if (key === 'Kids' || key === 'AP') continue;
    const [before, after] = [old.dict.get(key), node.dict.get(key)];
    if (key === 'Ff' && onlyGainsReadOnly(before, after)) continue;
    if (key === 'F' && filled && keepsVisibility(before, after)) continue;
    if (!filled || !SET_BY_FILLING.has(key)) comparison.forbid('field_changed', `${node.name} (${key})`);
  }
}

function judgeAppearance(comparison: Comparison, old: FormNode, node: FormNode, filled: boolean): void {
  const before = old.dict.get('AP');
  if (sameAppearance(comparison, before, node.dict.get('AP'))) return;
  if (!filled && before !== undefined) {
    comparison.forbid('appearance_changed', node.name);
    return;
  }
  comparison.excuse(node.number, 'AP');
  comparison.replaceAppearance(old.dict.get('AP'));
  comparison.filledFields.add(node.name);
  comparison.note('form-filling', 'field_filled', node.name);
}
