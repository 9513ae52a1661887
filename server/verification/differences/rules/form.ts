import { PdfDict, type PdfObject, PdfRef } from '../../../pdf/objects.ts';
import type { Comparison, Holder, Role } from '../comparison.ts';
import { compareLists } from '../lists.ts';

/** Entries of the AcroForm dictionary that a signing or filling program sets (ISO 32000-2 12.7.3). */
const FREE = new Set(['SigFlags']);

const ROLE: Role = new Set(['AcroForm', 'Data']);

/** The interactive form dictionary; its fields have a rule of their own. */
export function formRule(comparison: Comparison): void {
  const { older, newer } = comparison;
  const before = older.dict(older.catalog.get('AcroForm'));
  const value = newer.catalog.get('AcroForm');
  const after = newer.dict(value);
  if (!after) {
    if (before) comparison.forbid('form_changed', 'AcroForm');
    return;
  }
  const holder: Holder = value instanceof PdfRef ? value.number : newer.catalogRef.number;
  if (typeof holder === 'number' && value instanceof PdfRef) comparison.accept(holder, ROLE);
  const prefix = value instanceof PdfRef ? '' : 'AcroForm/';
  const old = before ?? new PdfDict();
  fieldList(comparison, holder, `${prefix}Fields`, old.get('Fields'), after.get('Fields'));
  resources(comparison, holder, `${prefix}DR`, old.get('DR'), after.get('DR'));
  for (const key of comparison.differingKeys(old, after)) {
    if (key === 'Fields' || key === 'DR' || FREE.has(key) || (isDefault(key) && !old.has(key))) continue;
    if (key === 'NeedAppearances' && newer.resolve(after.get(key)) !== true) continue;
    comparison.forbid('form_changed', key);
  }
}

// /NeedAppearances may be taken back, not set: readers then throw away the appearances that were signed and show the
// values, which may say something else (a shadow attack on forms).

/** Default appearance and alignment may be set where there were none: no field could rely on them before. */
const isDefault = (key: string): boolean => key === 'DA' || key === 'Q';

/** The array of top fields may grow; what it lists is judged by the fields rule and by `checkTheRest`. */
function fieldList(
  comparison: Comparison,
  holder: Holder,
  path: string,
  before: PdfObject | undefined,
  after: PdfObject | undefined,
): void {
  const { older, newer } = comparison;
  const list = newer.array(after) ?? [];
  const { directChanged } = compareLists(comparison, older.array(before) ?? [], list);
  if (directChanged) comparison.forbid('form_changed', 'Fields');
  if (!(after instanceof PdfRef) || !comparison.isChanged(after.number)) return;
  comparison.excuse(holder, path);
  comparison.require(list);
}

/** What default appearances refer to by name (12.7.4.3); appearance streams bring resources of their own. */
const NAMED_BY_DEFAULTS = ['Font', 'Encoding'];

/** Default resources may gain names; fonts that were there keep their meaning. */
function resources(
  comparison: Comparison,
  holder: Holder,
  path: string,
  before: PdfObject | undefined,
  after: PdfObject | undefined,
): void {
  const { older, newer } = comparison;
  const resourcesNow = newer.dict(after);
  for (const category of NAMED_BY_DEFAULTS) {
    const names = older.dict(older.dict(before)?.get(category));
    const namesNow = newer.dict(resourcesNow?.get(category));
    for (const [name, item] of names ?? []) {
      if (!comparison.unchanged(item, namesNow?.get(name)))
        comparison.forbid('form_changed', `DR/${category}`);
      else comparison.require(namesNow?.get(name));
    }
  }
  if (comparison.same(before, after) && !comparison.reachesChange(after)) return;
  comparison.excuse(holder, path);
  comparison.note('form-filling', 'form_resources_added');
}
