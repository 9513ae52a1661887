import { type PdfArray, PdfRef } from '../../pdf/objects.ts';
import type { Comparison } from './comparison.ts';

export interface ListDifference {
  /** Numbers of references that only the newer list has, or that led nowhere in the older one. */
  readonly added: readonly number[];
  /** Numbers of references that only the older list has. */
  readonly removed: readonly number[];
  /** A value written in place is only in one of them. */
  readonly directChanged: boolean;
}

/** Two arrays of references (kids, annotations) as sets. */
export function compareLists(comparison: Comparison, before: PdfArray, after: PdfArray): ListDifference {
  const numbers = (list: PdfArray): Set<number> =>
    new Set(list.flatMap((item) => (item instanceof PdfRef ? [item.number] : [])));
  const [old, now] = [numbers(before), numbers(after)];
  const oldDirect = before.filter((item) => !(item instanceof PdfRef));
  const newDirect = after.filter((item) => !(item instanceof PdfRef));
  return {
    added: [...now].filter((number) => !old.has(number) || comparison.isAdded(number)),
    removed: [...old].filter((number) => !now.has(number)),
    directChanged: !comparison.same(oldDirect, newDirect),
  };
}
