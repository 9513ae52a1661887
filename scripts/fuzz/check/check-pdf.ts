import { bytesSource } from '../../../server/pdf/byte-source.ts';
import type { PdfDocument, PdfView } from '../../../server/pdf/document.ts';
import { listFields } from '../../../server/pdf/forms/field-tree.ts';
import { equalObjects, PdfDict, PdfStream, PdfString } from '../../../server/pdf/objects.ts';
import { openPdf } from '../../../server/pdf/open-pdf.ts';
import { signatureCoverage } from '../../../server/pdf/signatures/coverage.ts';
import { listSignatures } from '../../../server/pdf/signatures/list-signatures.ts';
import { unaccountedBytes } from '../../../server/pdf/unaccounted-bytes.ts';
import { IncrementalUpdate } from '../../../server/pdf/update/incremental-update.ts';
import { take } from '../take.ts';
import { guarded } from './problem.ts';

const PDF = ['pdf'];
const OBJECTS = 3000;
const REVISIONS = 8;

/** Reads everything there is to read, and writes an update that has to be found again. */
export function checkPdf(bytes: Buffer): string | undefined {
  const doc = guarded(PDF, () => openPdf(bytesSource(bytes)));
  if (!doc) return undefined;
  readView(doc);
  for (const { index } of doc.revisions.slice(-REVISIONS)) {
    guarded(PDF, () => doc.changedNumbers(index));
    const view: PdfView = doc.at(index);
    if (view !== doc) readView(view);
  }
  guarded(PDF, () => unaccountedBytes(doc));
  return checkUpdate(doc, bytes);
}

function readView(view: PdfView): void {
  guarded(PDF, () => take(view.pages(), OBJECTS));
  guarded(PDF, () => listFields(view));
  const signatures = guarded(PDF, () => listSignatures(view)) ?? [];
  for (const number of (guarded(PDF, () => view.objectNumbers()) ?? []).slice(0, OBJECTS)) {
    const ref = view.refOf(number);
    const object = ref && guarded(PDF, () => view.get(ref));
    if (object instanceof PdfStream) guarded(PDF, () => view.decode(object));
    guarded(PDF, () => view.inspect(number));
  }
  for (const { m, reason, name } of signatures) void [m, reason, name];
}

/** What is written must be read back as it was, and no byte of the file may be touched. */
function checkUpdate(doc: PdfDocument, bytes: Buffer): string | undefined {
  const value = PdfDict.of({ Ký: PdfString.text('Đã ký') });
  const written = guarded(PDF, () => {
    for (const signature of listSignatures(doc)) signatureCoverage(doc, signature);
    const update = new IncrementalUpdate(doc);
    const ref = update.add(value);
    update.set(doc.catalogRef, doc.catalog.with({ Fuzz: ref }));
    return { ref, bytes: update.finish().bytes };
  });
  if (!written) return undefined;
  const grown = openPdf(bytesSource(Buffer.concat([bytes, written.bytes])));
  if (grown.revisions.length !== doc.revisions.length + 1)
    return 'an update is not found as one more revision';
  if (!equalObjects(grown.get(written.ref), value)) return 'an object that was written is not read back';
  if (!written.ref.equals(grown.catalog.get('Fuzz'))) return 'a catalog that was written is not read back';
  const stray = unaccountedBytes(grown, bytes.length).filter(({ start }) => start >= bytes.length);
  return stray.length > 0 ? 'an update has bytes that no section names' : undefined;
}
