import type { Comparison } from '../comparison.ts';

/** The document's XMP metadata (ISO 32000-2 14.3.2), which every program that saves rewrites; no page shows it. */
export function metadataRule(comparison: Comparison): void {
  const { older, newer } = comparison;
  const before = older.catalog.get('Metadata');
  const after = newer.catalog.get('Metadata');
  if (comparison.unchanged(before, after)) return;
  if (after !== undefined && !newer.stream(after)) {
    comparison.forbid('catalog_changed', 'Metadata');
    return;
  }
  comparison.excuse(newer.catalogRef.number, 'Metadata');
  comparison.note('lta', 'metadata_updated');
}
