import { PdfDict } from '../../../pdf/objects.ts';
import type { Comparison } from '../comparison.ts';

/** What programs write whenever they save (ISO 32000-2 14.3.3). */
const TRACES = new Set(['ModDate', 'Producer', 'Creator', 'CreationDate']);

/** The information dictionary is shown nowhere in the pages; entries beyond a program's own traces count as filling. */
export function documentInformationRule(comparison: Comparison): void {
  const { older, newer } = comparison;
  const before = older.trailer.get('Info');
  const after = newer.trailer.get('Info');
  if (comparison.unchanged(before, after)) return;
  const info = newer.dict(after);
  if (after !== undefined && !info) {
    comparison.forbid('trailer_changed', 'Info');
    return;
  }
  comparison.excuse('trailer', 'Info');
  const keys = comparison.differingKeys(older.dict(before) ?? new PdfDict(), info ?? new PdfDict());
  const level = keys.every((key) => TRACES.has(key)) ? 'lta' : 'form-filling';
  comparison.note(level, 'document_information_updated');
}
