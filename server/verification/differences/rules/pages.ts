import { type PdfDict, PdfName, type PdfObject, PdfRef, PdfString } from '../../../pdf/objects.ts';
import type { PdfPage } from '../../../pdf/pages.ts';
import type { Comparison, Role } from '../comparison.ts';
import { compareLists } from '../lists.ts';
import { coversPage } from './covering.ts';

/** Page entries that say nothing about what is shown: time of change, order of tabbing (ISO 32000-2 table 31). */
const FREE = new Set(['LastModified', 'Tabs']);

/** Markup annotations and their windows (table 171): what a reader's comments are made of. They run no action. */
const MARKUP = new Set([
  'Text',
  'FreeText',
  'Line',
  'Square',
  'Circle',
  'Polygon',
  'PolyLine',
  'Highlight',
  'Underline',
  'Squiggly',
  'StrikeOut',
  'Caret',
  'Stamp',
  'Ink',
  'Popup',
]);

const MARKUP_ROLE: Role = new Set(['', 'Annots', 'Parent', 'Popup', 'IRT', 'Obj']);

/** The pages stay the same, in the same order, and so does everything on them but annotations (12.8.2.2, P = 3). */
export function pagesRule(comparison: Comparison): void {
  const [before, after] = [[...comparison.older.pages()], [...comparison.newer.pages()]];
  const same = before.length === after.length && before.every(({ ref }, i) => after[i]?.ref.equals(ref));
  if (!same) {
    comparison.forbid('pages_changed');
    return;
  }
  judgeTree(comparison, after);
  before.forEach((old, index) => {
    const page = after[index];
    if (page) judgePage(comparison, old, page, index + 1);
  });
}

/** What a page tree node may say (tables 30 and 31); other keys mean nothing to readers, some programs sign with them. */
const NODE_ROLE: Role = new Set(['', 'Pages', 'Kids', 'Parent']);
const NODE_KEYS = new Set(['Type', 'Parent', 'Kids', 'Count', 'Resources', 'MediaBox', 'CropBox', 'Rotate']);

/** The nodes above the pages, up to the root. */
function judgeTree(comparison: Comparison, pages: readonly PdfPage[]): void {
  const { older, newer } = comparison;
  const seen = new Set<number>();
  for (const { dict } of pages) {
    let parent = dict.get('Parent');
    while (parent instanceof PdfRef && !seen.has(parent.number)) {
      const { number } = parent;
      seen.add(number);
      const [before, after] = [older.dict(older.refOf(number)), newer.dict(parent)];
      if (!before || !after) break;
      if (comparison.isChanged(number)) {
        const differing = comparison.differingKeys(before, after);
        if (differing.some((key) => NODE_KEYS.has(key))) comparison.forbid('pages_changed');
        comparison.accept(number, NODE_ROLE);
      }
      parent = after.get('Parent');
    }
  }
}

function judgePage(comparison: Comparison, old: PdfPage, page: PdfPage, position: number): void {
  const { number } = page.ref;
  if (comparison.isChanged(number)) {
    comparison.accept(number);
    for (const key of comparison.differingKeys(old.dict, page.dict)) {
      const isFree = FREE.has(key) || (key === 'StructParents' && !old.dict.has(key));
      if (key === 'Annots' || (isFree && isPlain(page.dict.get(key)))) continue;
      comparison.forbid('page_changed', `${position} (${key})`);
    }
  }
  judgeAnnotations(comparison, old.dict, page, position);
}

/** A value that cannot be drawn, whoever refers to the page as something else. */
const isPlain = (value: PdfObject | undefined): boolean =>
  value === undefined || typeof value === 'number' || value instanceof PdfName || value instanceof PdfString;

function judgeAnnotations(comparison: Comparison, before: PdfDict, page: PdfPage, position: number): void {
  const { older, newer } = comparison;
  const value = page.dict.get('Annots');
  const list = newer.array(value) ?? [];
  if (value !== undefined && !newer.array(value)) comparison.forbid('page_changed', `${position} (Annots)`);
  const difference = compareLists(comparison, older.array(before.get('Annots')) ?? [], list);
  if (difference.directChanged) comparison.forbid('page_changed', `${position} (Annots)`);
  const widgets = difference.added.filter((number) => comparison.newWidgets.has(number));
  if (coversPage(newer, page, widgets)) comparison.forbid('page_covered', `${position}`);
  for (const number of difference.added) {
    if (comparison.newWidgets.has(number)) continue;
    // An annotation that was there before and is moved onto a page is not a new comment.
    if (!comparison.isAdded(number) || !isMarkup(comparison, number, 'newer')) {
      comparison.forbid('annotation_added', `${position}`);
    } else comparison.note('annotations', 'annotation_added', `${position}`);
  }
  for (const number of difference.removed) {
    if (isMarkup(comparison, number, 'older'))
      comparison.note('annotations', 'annotation_removed', `${position}`);
    else comparison.forbid('annotation_removed', `${position}`);
  }
  for (const item of list) {
    if (item instanceof PdfRef) judgeChanged(comparison, item.number, position);
  }
  if (value instanceof PdfRef && comparison.isChanged(value.number)) {
    comparison.excuse(page.ref.number, 'Annots');
    comparison.require(list);
  }
}

/** A comment may be rewritten, with its appearance; widgets are the business of the fields rule. */
function judgeChanged(comparison: Comparison, number: number, position: number): void {
  if (!comparison.isChanged(number)) return;
  if (!isMarkup(comparison, number, 'older') || !isMarkup(comparison, number, 'newer')) return;
  comparison.note('annotations', 'annotation_changed', `${position}`);
  comparison.accept(number, MARKUP_ROLE);
  comparison.excuse(number, 'AP');
}

function isMarkup(comparison: Comparison, number: number, side: 'older' | 'newer'): boolean {
  const view = comparison[side];
  const dict = view.dict(view.refOf(number));
  const hasAction = dict?.has('A') || dict?.has('AA');
  return dict !== undefined && !hasAction && MARKUP.has(view.name(dict.get('Subtype')) ?? '');
}
