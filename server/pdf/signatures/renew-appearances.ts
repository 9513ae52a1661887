import { type FormField, listFields } from '../forms/field-tree.ts';
import { PdfRef, PdfStream } from '../objects.ts';
import type { IncrementalUpdate } from '../update/incremental-update.ts';
import { listSignatures } from './list-signatures.ts';
import { type FieldLock, isLocked, lockMatcher } from './locks.ts';

/** Octets of appearances that are written once more at most: they are small, and a file that is not so stays as it is. */
const MOST = 1024 * 1024;

/**
 * Writes the appearances of the fields that a signature locks once more, unchanged, into its own revision.
 *
 * No clause asks for it. pyHanko's difference analysis takes the appearance of a locked field for changed in every later
 * revision, a security store or a time stamp, unless it was last written in the revision that locks it (0.38,
 * `_allow_in_place_appearance_update`): without this, no signature that locks filled fields could be augmented for it. What
 * an earlier signature locks is not touched.
 */
export function renewAppearances(update: IncrementalUpdate, lock: FieldLock): void {
  const isChosen = lockMatcher(lock);
  const earlier = listSignatures(update.doc).flatMap(({ fieldMdp }) => fieldMdp ?? []);
  const fields = listFields(update).filter(
    ({ name, type }) => type !== 'Sig' && isChosen(name) && !earlier.some((before) => isLocked(before, name)),
  );
  const streams = new Map(fields.flatMap((field) => appearances(update, field)));
  const size = [...streams.values()].reduce((sum, [, stream]) => sum + stream.bytes.length, 0);
  if (size > MOST) return;
  for (const [ref, stream] of streams.values()) update.set(ref, stream);
}

/** The normal appearances of a field by object number; those with states (buttons) are dictionaries and not meant. */
function appearances(
  update: IncrementalUpdate,
  { widgets }: FormField,
): (readonly [number, readonly [PdfRef, PdfStream]])[] {
  return widgets.flatMap(({ dict }) => {
    const ref = update.dict(dict.get('AP'))?.get('N');
    if (!(ref instanceof PdfRef)) return [];
    const stream = update.get(ref);
    return stream instanceof PdfStream ? [[ref.number, [ref, stream] as const] as const] : [];
  });
}
