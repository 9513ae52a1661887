import { PdfDict, PdfName } from '../objects.ts';
import type { IncrementalUpdate } from '../update/incremental-update.ts';

/**
 * A file of PDF 1.x says that it uses what ETSI added to it (EN 319 142-1 5.6, ISO 32000-2 7.12); in PDF 2.0 nothing
 * was added. A declaration that is there stays as it is.
 */
export function declareExtension(update: IncrementalUpdate): void {
  if (update.doc.version >= '2.0') return;
  const { catalog } = update;
  const place = catalog.get('Extensions');
  const extensions = update.dict(place) ?? new PdfDict();
  if (extensions.has('ESIC')) return;
  const ESIC = PdfDict.of({ BaseVersion: PdfName.of('1.7'), ExtensionLevel: 1 });
  // Never in place: the object might serve others as well, and the catalog is small.
  update.set(update.catalogRef, catalog.with({ Extensions: extensions.with({ ESIC }) }));
}
