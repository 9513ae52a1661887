import { PdfDict } from '../../../pdf/objects.ts';
import type { Comparison } from '../comparison.ts';

/** Bookkeeping of the cross-reference section itself (ISO 32000-2 7.5.5, 7.5.8); /ID changes with each save (14.4). */
const BOOKKEEPING = new Set([
  'Size',
  'Prev',
  'XRefStm',
  'ID',
  'Type',
  'W',
  'Index',
  'Length',
  'Filter',
  'DecodeParms',
  'Info',
]);

/** The trailer names the same catalog and nothing new, but bookkeeping. */
export function trailerRule(comparison: Comparison): void {
  const { older, newer } = comparison;
  const pick = (trailer: PdfDict): PdfDict =>
    new PdfDict([...trailer].filter(([key]) => !BOOKKEEPING.has(key) && key !== 'Root'));
  for (const key of comparison.differingKeys(pick(older.trailer), pick(newer.trailer))) {
    comparison.forbid('trailer_changed', key);
  }
}
