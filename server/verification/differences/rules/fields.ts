import { PdfRef } from '../../../pdf/objects.ts';
import type { Comparison, Role } from '../comparison.ts';
import { type FormNode, formTree } from '../form-tree.ts';
import { compareLists } from '../lists.ts';
import { judgeFilling } from './filling.ts';
import { isSigned, judgeSigning, noteNewSignatureField } from './signature-field.ts';

/** By which fields and their widgets are referred to; /CO is the order of calculation, /Obj a structure element's, /Data of a signature's /Reference. */
const ROLE: Role = new Set(['', 'Fields', 'Kids', 'Parent', 'Annots', 'CO', 'Obj', 'Data']);

/**
 * The field tree (ISO 32000-2 12.7.4): every field stays where it was with its type and name; fields may be filled and
 * signed, and signature fields may be added, nothing else.
 */
export function fieldsRule(comparison: Comparison): void {
  const before = formTree(comparison.older);
  const after = formTree(comparison.newer);
  for (const { number, name } of before.values()) {
    if (!after.has(number)) comparison.forbid('field_removed', name);
  }
  const names = new Set([...before.values()].filter(({ isGroup }) => !isGroup).map(({ name }) => name));
  for (const node of after.values()) {
    const old = before.get(node.number);
    if (old) judgeNode(comparison, old, node);
    else judgeNewNode(comparison, node, names);
  }
}

function judgeNode(comparison: Comparison, old: FormNode, node: FormNode): void {
  const { number, name } = node;
  comparison.expect(number, ROLE);
  if (old.type !== node.type || old.name !== name) comparison.forbid('field_changed', name);
  kidsOf(comparison, old, node);
  if (comparison.isChanged(number)) comparison.accept(number);
  if (node.isGroup) {
    for (const key of comparison.differingKeys(old.dict, node.dict)) {
      if (key !== 'Kids') comparison.forbid('field_changed', `${name} (${key})`);
    }
  } else if (node.type === 'Sig') judgeSigning(comparison, old, node);
  else judgeFilling(comparison, old, node);
}

/** Kids may be added, which are then judged as new nodes; none may go. */
function kidsOf(comparison: Comparison, old: FormNode, node: FormNode): void {
  const { older, newer } = comparison;
  const value = node.dict.get('Kids');
  const difference = compareLists(
    comparison,
    older.array(old.dict.get('Kids')) ?? [],
    newer.array(value) ?? [],
  );
  if (difference.directChanged || difference.removed.length > 0) {
    comparison.forbid('field_changed', `${node.name} (Kids)`);
  }
  if (value instanceof PdfRef && comparison.isChanged(value.number)) {
    comparison.excuse(node.number, 'Kids');
    comparison.require(newer.resolve(value));
  }
}

function judgeNewNode(comparison: Comparison, node: FormNode, taken: ReadonlySet<string>): void {
  // An object that was something else before does not become a field.
  if (!comparison.isAdded(node.number)) {
    comparison.forbid('field_added', node.name);
    return;
  }
  if (node.isGroup) return;
  if (node.type !== 'Sig') {
    comparison.forbid('field_added', node.name);
    return;
  }
  if (node.dict.has('T') && taken.has(node.name)) {
    comparison.forbid('field_added', node.name);
    return;
  }
  noteNewSignatureField(comparison, node);
  if (isSigned(comparison.newer, node)) judgeSigning(comparison, undefined, node);
}
