import type { PdfObject } from '../../../pdf/objects.ts';

/** Annotation flags that decide whether something is seen (ISO 32000-2 table 167): Invisible, Hidden, NoView. */
const VISIBILITY = 1 | 2 | 32;
/** Field flag ReadOnly (table 227). */
const READ_ONLY = 1;

const flags = (value: PdfObject | undefined): number => (typeof value === 'number' ? value : 0);

/** Printing and locking may be switched; what was hidden stays hidden and what was seen stays seen. */
export const keepsVisibility = (before: PdfObject | undefined, after: PdfObject | undefined): boolean =>
  (flags(before) & VISIBILITY) === (flags(after) & VISIBILITY);

/** Readers that lock fields at signing mark them read-only (12.7.5.5); nothing else about a field may be switched. */
export const onlyGainsReadOnly = (before: PdfObject | undefined, after: PdfObject | undefined): boolean =>
  (flags(before) | READ_ONLY) === flags(after);
