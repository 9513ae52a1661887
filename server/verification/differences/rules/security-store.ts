import type { Comparison } from '../comparison.ts';

/**
 * The document security store (ISO 32000-2 12.8.4.3, EN 319 142-1 5.4.2): validation data for signatures already made.
 * It is never shown, so it may be added to under every permission, 12.8.2.2 P = 1 included.
 */
export function securityStoreRule(comparison: Comparison): void {
  const { older, newer } = comparison;
  const before = older.catalog.get('DSS');
  const after = newer.catalog.get('DSS');
  if (before === undefined && after === undefined) return;
  if (!newer.dict(after)) {
    comparison.forbid('security_store_removed');
    return;
  }
  comparison.excuse(newer.catalogRef.number, 'DSS');
  if (!comparison.same(before, after) || comparison.reachesChange(after)) {
    comparison.note('lta', 'security_store_updated');
  }
}
