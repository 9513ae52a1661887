import { PdfDict, type PdfObject, PdfRef } from '../../../pdf/objects.ts';
import type { Comparison, Role } from '../comparison.ts';

/** The parent tree only finds elements from content; it grows with each widget (ISO 32000-2 14.7.4.4). */
const INDEXES = new Set(['ParentTree', 'ParentTreeNextKey']);
const ROLE: Role = new Set(['StructTreeRoot', 'P']);
/** Elements looked at; a larger tree that was changed is refused. */
const MAX_ELEMENTS = 200_000;

/**
 * The structure tree (14.7): signing a tagged file adds an element for each new widget. Elements that were there keep
 * everything and may gain kids; new elements stand for annotations, never for content that was signed without them.
 */
export function structureRule(comparison: Comparison): void {
  const { older, newer } = comparison;
  const value = newer.catalog.get('StructTreeRoot');
  const before = older.dict(older.catalog.get('StructTreeRoot'));
  const after = newer.dict(value);
  if (!before || !after || !(value instanceof PdfRef)) {
    if (before !== after) comparison.forbid('catalog_changed', 'StructTreeRoot');
    return;
  }
  if (!comparison.reachesChange(value)) return;
  comparison.expect(value.number, ROLE);
  if (comparison.isChanged(value.number)) comparison.accept(value.number);
  for (const key of comparison.differingKeys(before, after)) {
    if (key !== 'K' && !INDEXES.has(key)) comparison.forbid('catalog_changed', `StructTreeRoot/${key}`);
  }
  comparison.excuse(value.number, 'ParentTree');
  judgeElements(comparison, before.get('K'), after.get('K'));
}

function judgeElements(
  comparison: Comparison,
  before: PdfObject | undefined,
  after: PdfObject | undefined,
): void {
  const { older, newer } = comparison;
  const stack = [{ before, after }];
  const seen = new Set<number>();
  for (let next = stack.pop(); next; next = stack.pop()) {
    const old = kidsOf(older.array(next.before), next.before);
    for (const kid of kidsOf(newer.array(next.after), next.after)) {
      if (!(kid instanceof PdfRef) || seen.has(kid.number)) continue;
      seen.add(kid.number);
      if (seen.size > MAX_ELEMENTS) {
        comparison.forbid('too_complex');
        return;
      }
      const dict = newer.dict(kid);
      if (!old.some((item) => kid.equals(item))) judgeNewElement(comparison, kid, dict);
      else if (dict) {
        const oldDict = older.dict(kid) ?? new PdfDict();
        judgeElement(comparison, kid.number, oldDict, dict);
        stack.push({ before: oldDict.get('K'), after: dict.get('K') });
      }
    }
    const kept = kidsOf(newer.array(next.after), next.after);
    const lost = old.some((item) => !kept.some((kid) => comparison.same(item, kid)));
    if (lost) comparison.forbid('object_changed', 'StructTreeRoot/K');
  }
}

const kidsOf = (list: readonly PdfObject[] | undefined, value: PdfObject | undefined): readonly PdfObject[] =>
  list ?? (value === undefined ? [] : [value]);

function judgeElement(comparison: Comparison, number: number, before: PdfDict, after: PdfDict): void {
  if (!comparison.isChanged(number)) return;
  comparison.accept(number);
  comparison.note('lta', 'structure_extended');
  for (const key of comparison.differingKeys(before, after)) {
    if (key !== 'K') comparison.forbid('object_changed', `${number} (${key})`);
  }
}

/** Only object references (OBJR, 14.7.5.3): no marked content, no words of its own. */
function judgeNewElement(comparison: Comparison, kid: PdfRef, dict: PdfDict | undefined): void {
  const { newer } = comparison;
  const kids = kidsOf(newer.array(dict?.get('K')), dict?.get('K'));
  const standsForObjects = kids.every((item) => newer.name(newer.dict(item)?.get('Type')) === 'OBJR');
  const speaks = dict?.has('ActualText') || dict?.has('E');
  if (!comparison.isAdded(kid.number) || !dict || !standsForObjects || speaks) {
    comparison.forbid('object_changed', `${kid.number} (StructTreeRoot)`);
  } else comparison.note('lta', 'structure_extended');
}
