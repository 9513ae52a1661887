import { type ByteSource, joinedSource } from '../byte-source.ts';
import { PdfDocument } from '../document.ts';
import { PdfError } from '../errors.ts';
import { defaultLimits } from '../limits.ts';
import { findHeader, type OpenOptions, openPdf } from '../open-pdf.ts';
import { Reader } from '../reader.ts';
import type { XrefEntry } from '../xref/section.ts';
import { ambiguous, chooseTrailer } from './choose-trailer.ts';
import { incomplete, reachableObjects } from './reachable.ts';
import { newestObjects, rewriteObjects } from './rebuilt-objects.ts';
import { type Entries, imaginedRevision } from './rebuilt-section.ts';
import { addStreamMembers } from './stream-members.ts';
import { type FoundObject, type Survey, survey } from './survey.ts';
import { type Draft, layOut, writeSection } from './write-rebuilt.ts';

/**
 * Repairs the structure of a damaged file that has no signature, as a new revision: gives the bytes that go behind the
 * file, which itself stays as it is. The revision is a complete cross-reference section of all objects the document
 * needs; it has no /Prev, so that nothing of the damaged ones counts for any reader.
 *
 * The result is read to its last object with the strict reader before it is handed out.
 *
 * @throws PdfError `pdf.damaged_signed_file`, `pdf.repair_incomplete` (`details.object` is missing or unreadable),
 * `pdf.repair_ambiguous`, `pdf.catalog_missing`, `pdf.password_*`, `pdf.encryption_*`, `pdf.not_a_pdf`, `pdf.too_complex`.
 */
export function repairPdf(source: ByteSource, options: OpenOptions = {}): Buffer {
  const limits = { ...defaultLimits, ...options.limits };
  const header = findHeader(source);
  const reader = new Reader(source, { ...limits, ...ONCE_OVER });
  const found = survey(reader);
  const trailer = chooseTrailer(found);
  const newest = newestObjects(found.objects);
  const rewritten = rewriteObjects(reader, newest);

  const draft = layOut(source, rewritten);
  const whole = joinedSource(source, draft.bytes);
  const view = (entries: Entries): PdfDocument => {
    const revision = imaginedRevision(entries, trailer, whole.length);
    return new PdfDocument(new Reader(whole, limits), [revision], header, options.password);
  };
  const own = ownEntries(newest, draft);
  const entries = addStreamMembers(own, found, view(own));
  const reached = reachableObjects(view(entries));
  checkCertain(found, entries, reached);

  const kept = layOut(
    source,
    rewritten.filter(({ number }) => reached.has(number)),
  );
  const moved = new Map(
    [...entries]
      .filter(([number, entry]) => reached.has(number) || isIn(entry, reached))
      .map(([number, entry]) => [number, relocate(number, entry, kept)] as const),
  );
  const bytes = writeSection(kept, moved, trailer.with({ Size: bound(moved) }), header.offset);
  checkRepaired(joinedSource(source, bytes), options, reached);
  return bytes;
}

/** The survey reads every byte of syntax about once, whatever is repaired then. */
const ONCE_OVER = { parsedBytes: 2 ** 23, parsedTimes: 4 };

function ownEntries(newest: ReadonlyMap<number, FoundObject>, draft: Draft): Map<number, XrefEntry> {
  const entries = new Map<number, XrefEntry>();
  for (const { number, generation, offset, kind } of newest.values()) {
    if (kind === 'unreadable' || kind === 'xref') continue;
    entries.set(number, { kind: 'offset', offset: draft.offsets.get(number) ?? offset, generation });
  }
  return entries;
}

const relocate = (number: number, entry: XrefEntry, { offsets }: Draft): XrefEntry =>
  entry.kind === 'offset' ? { ...entry, offset: offsets.get(number) ?? entry.offset } : entry;

/** Readers look up all that an object stream holds when they need one object of it. */
const isIn = (entry: XrefEntry, streams: ReadonlySet<number>): boolean =>
  entry.kind === 'compressed' && streams.has(entry.container);

/** 7.5.5: one more than the highest number. */
const bound = (entries: Entries): number =>
  [...entries.keys()].reduce((most, number) => Math.max(most, number), 0) + 1;

/**
 * Of what the document is made there must be no doubt: no object of it stands in a comment too, and none was written anew by an
 * update whose trailer is lost, since other objects of that update may be lost as well.
 */
function checkCertain({ objects, trailers }: Survey, entries: Entries, reached: ReadonlySet<number>): void {
  const lastTrailer = trailers.at(-1)?.offset ?? Number.POSITIVE_INFINITY;
  const before = new Set<number>();
  for (const { number, offset, commented } of objects) {
    if (commented && reached.has(number)) throw ambiguous(`object ${number} stands in a comment`, number);
    if (offset < lastTrailer) before.add(number);
    else if (before.has(number)) throw incomplete(number, 'the trailer of the last update is lost');
  }
  const places = new Map(objects.map(({ number, offset }) => [number, offset]));
  for (const [number, entry] of entries) {
    if (entry.kind !== 'compressed' || !before.has(number)) continue;
    if ((places.get(entry.container) ?? 0) > lastTrailer)
      throw incomplete(number, 'the trailer of the last update is lost');
  }
}

/** What is handed out was read by the reader that will judge it. */
function checkRepaired(source: ByteSource, options: OpenOptions, reached: ReadonlySet<number>): void {
  const repaired = openPdf(source, options);
  const isWhole = repaired.revisions.length === 1 && repaired.revision.closed;
  if (!isWhole || reachableObjects(repaired).size !== reached.size) {
    throw new PdfError('pdf.repair_incomplete', 'the rebuilt file is not read as it was written');
  }
}
