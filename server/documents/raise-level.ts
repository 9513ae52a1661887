import { CodedError } from '../errors/coded-error.ts';
import { bytesSource, joinedSource, windows } from '../pdf/byte-source.ts';
import { type AugmentedPdf, augmentPdf } from '../signing/augment-pdf.ts';
import { eventOf, isConflict, write } from './change.ts';
import { currentContent } from './compose-content.ts';
import type { ContentVersion, DocumentRecord } from './document-record.ts';
import { readBlob } from './read-blob.ts';
import type { DocumentServices } from './services.ts';

const HOUR = 3_600_000;
const WEEK = 168 * HOUR;
/** Asked again after a tenth of the time since the release: hourly in the beginning, weekly in the end. */
const PATIENCE = 10;

/**
 * Raises a released document to B-LT as soon as there is revocation data newer than its signatures (EN 319 102-1 5.2.5.4):
 * until then nobody can know that no certificate was being revoked while it signed. Its content stays frozen, since
 * only validation data is added; the version before is kept. One write: what dies before it is done again, what dies after it is
 * not. When it cannot be done yet, the document waits.
 *
 * @returns whether it was raised
 * @throws what is no refusal, as StorageError
 */
export async function raiseLevel(deps: DocumentServices, document: DocumentRecord): Promise<boolean> {
  const content = currentContent(document);
  if (!deps.proofs || !content) return false;
  try {
    const bytes = await readBlob(deps.store.blobs, content.sha256);
    const augmented = await augmentPdf(bytesSource(bytes), {
      ...(await deps.proofs()),
      to: 'B-LT',
      clock: deps.clock,
      only: document.signatures.map(({ field }) => field),
      newerData: true,
    });
    await keep(deps, document, bytes, augmented);
    return true;
  } catch (error) {
    if (isConflict(error)) return false;
    if (!(error instanceof CodedError) || error.code.startsWith('storage.')) throw error;
    deps.logger.info(
      { documentId: document.id, code: error.code, details: error.details },
      'proofs are not at hand yet',
    );
    await postpone(deps, document);
    return false;
  }
}

async function keep(
  deps: DocumentServices,
  document: DocumentRecord,
  bytes: Uint8Array,
  { appended, signatures }: AugmentedPdf,
): Promise<void> {
  const { proofsDue: _, ...done } = document;
  const reached = new Map(signatures.map(({ field, level }) => [field, level]));
  const file = joinedSource(bytesSource(bytes), appended);
  const { sha256, size } = await deps.store.blobs.put(stream(windows(file)));
  const at = deps.clock.now().toISOString();
  const version: ContentVersion = { sha256, size, made: 'augmented', at, by: 'system' };
  const levels = Object.fromEntries(reached);
  await write(deps, undefined, {
    document: done,
    set: {
      ...(appended.length > 0 && { content: [...document.content, version] }),
      signatures: document.signatures.map((one) => ({ ...one, level: reached.get(one.field) ?? one.level })),
    },
    events: [eventOf(deps, undefined, document.id, 'level_raised', { content: sha256, levels })],
  });
}

async function* stream(parts: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* parts;
}

async function postpone(deps: DocumentServices, document: DocumentRecord): Promise<void> {
  const now = deps.clock.now().getTime();
  const age = now - Date.parse(document.released?.at ?? document.updatedAt);
  const wait = Math.min(WEEK, Math.max(HOUR, age / PATIENCE));
  const proofsDue = new Date(now + wait).toISOString();
  await write(deps, undefined, { document, set: { proofsDue }, events: [] }).catch((error: unknown) => {
    if (!isConflict(error)) throw error;
  });
}
