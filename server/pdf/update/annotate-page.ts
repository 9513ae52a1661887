import { isArray, PdfRef } from '../objects.ts';
import type { PdfPage } from '../pages.ts';
import type { IncrementalUpdate } from './incremental-update.ts';

/**
 * Puts an annotation on a page. Where /Annots is a reference to an array, that array changes and the page does not;
 * otherwise the page gets a new array of its own.
 */
export function annotatePage(update: IncrementalUpdate, page: PdfPage, annotation: PdfRef): void {
  const annots = page.dict.get('Annots');
  const present = update.resolve(annots);
  const items = isArray(present) ? present : [];
  if (items.some((item) => annotation.equals(item))) return;
  const changed = [...items, annotation];
  if (annots instanceof PdfRef && isArray(present)) update.set(lastReference(update, annots), changed);
  else update.set(page.ref, page.dict.with({ Annots: changed }));
}

/** The reference at whose number the value itself stands. */
export function lastReference(update: IncrementalUpdate, ref: PdfRef): PdfRef {
  let last = ref;
  for (let next = update.get(last); next instanceof PdfRef; next = update.get(last)) last = next;
  return last;
}
