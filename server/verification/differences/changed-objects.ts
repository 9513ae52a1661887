import type { PdfView } from '../../pdf/document.ts';
import { equalObjects, PdfStream } from '../../pdf/objects.ts';

export interface ChangedObjects {
  /** Objects of the older revision that have another value (or none) in the newer one. */
  readonly changed: ReadonlySet<number>;
  /** Objects that the older revision did not have. */
  readonly added: ReadonlySet<number>;
}

/**
 * What one incremental update did to the objects of a file. An update may also replace an object stream, and with it
 * every object inside, without naming them (ISO 32000-2 7.5.7): those are compared as well.
 * @throws PdfError when an object cannot be read
 */
export function changedObjects(older: PdfView, newer: PdfView): ChangedObjects {
  const candidates = new Set(newer.revision.numbers());
  const containers = new Set(
    [...candidates].filter((number) => isContainer(older, number) || isContainer(newer, number)),
  );
  if (containers.size > 0) {
    for (const number of older.objectNumbers()) {
      const entry = older.locate(number)?.entry;
      if (entry?.kind === 'compressed' && containers.has(entry.container)) candidates.add(number);
    }
  }
  const changed = new Set<number>();
  const added = new Set<number>();
  for (const number of candidates) {
    const [oldRef, newRef] = [older.refOf(number), newer.refOf(number)];
    const before = oldRef ? older.get(oldRef) : null;
    const after = newRef ? newer.get(newRef) : null;
    const sameGeneration = oldRef?.generation === newRef?.generation;
    if (before === null) {
      if (after !== null) added.add(number);
    } else if (!sameGeneration || !equalObjects(before, after)) changed.add(number);
  }
  return { changed, added };
}

/** An object stream, whatever it calls itself: it may also be the one that older references to its objects waited for. */
function isContainer(view: PdfView, number: number): boolean {
  const ref = view.refOf(number);
  const object = ref ? view.get(ref) : null;
  return object instanceof PdfStream && object.dict.has('First');
}
