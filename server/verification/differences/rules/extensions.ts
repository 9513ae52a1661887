import { PdfDict } from '../../../pdf/objects.ts';
import type { Comparison } from '../comparison.ts';

/** Entries of a developer extensions dictionary (ISO 32000-2 7.12.3). */
const KNOWN = new Set(['Type', 'BaseVersion', 'ExtensionLevel', 'ExtensionRevision', 'URL']);

/** /Extensions only declares what the file uses; a security store brings its own declaration with it. */
export function extensionsRule(comparison: Comparison): void {
  const { older, newer } = comparison;
  const before = older.catalog.get('Extensions');
  const after = newer.catalog.get('Extensions');
  if (comparison.unchanged(before, after)) return;
  const extensions = newer.dict(after);
  const declared = [...(extensions ?? new PdfDict())].filter(([key]) => key !== 'Type');
  const isDeclaration = declared.every(([, value]) => {
    const items = newer.array(value) ?? [value];
    return items.every((item) => [...(newer.dict(item)?.keys() ?? ['none'])].every((key) => KNOWN.has(key)));
  });
  if (!extensions || !isDeclaration) {
    comparison.forbid('catalog_changed', 'Extensions');
    return;
  }
  comparison.excuse(newer.catalogRef.number, 'Extensions');
  comparison.note('lta', 'extensions_declared');
}
