import type { Comparison, Role } from '../comparison.ts';

/** Keys of the catalog that have a rule of their own. */
const RULED = new Set(['AcroForm', 'DSS', 'Extensions', 'Metadata', 'StructTreeRoot', 'Version']);

/** A certification's /Reference names it as its /Data (12.8.1, table 256). */
const ROLE: Role = new Set(['Root', 'Data']);

/** The catalog (ISO 32000-2 7.7.2) keeps every entry; only those with a rule of their own may differ. */
export function catalogRule(comparison: Comparison): void {
  const { older, newer } = comparison;
  const { number } = newer.catalogRef;
  const replaced = !newer.catalogRef.equals(older.catalogRef);
  // A program may write the catalog under a new number; an object that was something else does not become it.
  if (replaced && !comparison.isAdded(number)) comparison.forbid('catalog_replaced');
  comparison.expect(number, ROLE);
  if (!replaced && !comparison.isChanged(number)) return;
  comparison.accept(number);
  for (const key of comparison.differingKeys(older.catalog, newer.catalog)) {
    if (!RULED.has(key)) comparison.forbid('catalog_changed', key);
    else if (key === 'Version') comparison.note('lta', 'version_raised');
  }
}
