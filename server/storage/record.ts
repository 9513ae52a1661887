import { checkEvent } from './check-event.ts';
import { checkWellFormed } from './check-well-formed.ts';
import { StorageError } from './errors.ts';
import { type DocumentKeys, keysOf } from './index-keys.ts';
import type { Aggregate, CollectionSpec, DomainEvent } from './ports.ts';

/** MongoDB ends at 16 MB of BSON, and a document that large is a mistake on any engine. */
const MAX_BYTES = 8 * 1024 * 1024;

/** A document taken apart: what both engines write, each in its own way. */
export interface StoredRecord {
  readonly id: string;
  /** The document without id, revision and outbox. */
  readonly body: Readonly<Record<string, unknown>>;
  /** `body` as JSON. */
  readonly text: string;
  readonly outbox: readonly DomainEvent[];
  readonly keys: DocumentKeys;
}

/**
 * Takes a document apart and leaves nothing shared with the caller. What JSON cannot carry is gone afterwards, as it
 * would be after reading it back, so that every engine answers alike.
 * @throws StorageError `storage.bad_value`, `storage.too_large`.
 */
export function takeApart(value: Omit<Aggregate, 'revision'>, spec: CollectionSpec): StoredRecord {
  const { id, revision: _, outbox: events = [], ...rest } = value as Aggregate;
  checkId(id);
  const text = JSON.stringify(rest);
  const outboxText = JSON.stringify(events);
  if (Buffer.byteLength(text) + Buffer.byteLength(outboxText) > MAX_BYTES) {
    throw new StorageError('storage.too_large', `the document is over ${MAX_BYTES} bytes of JSON`);
  }
  const body: Record<string, unknown> = JSON.parse(text);
  const outbox: DomainEvent[] = JSON.parse(outboxText);
  // Only an escape can hide a lone surrogate.
  if (text.includes('\\ud')) checkWellFormed(body);
  for (const event of outbox) checkEvent(event);
  return { id, body, text, outbox, keys: keysOf({ ...body, id }, spec) };
}

/** The document as features know it. */
export function putTogether<T extends Aggregate>(
  id: string,
  revision: number,
  body: object,
  outbox: readonly DomainEvent[],
): T {
  return { ...body, id, revision, ...(outbox.length > 0 && { outbox }) } as unknown as T;
}

/** `waiting` and those of `added` that do not wait yet. */
export function addEvents(
  waiting: readonly DomainEvent[],
  added: readonly DomainEvent[],
): readonly DomainEvent[] {
  const known = new Set(waiting.map((event) => event.id));
  return [...waiting, ...added.filter((event) => !known.has(event.id))];
}

function checkId(id: unknown): void {
  if (typeof id !== 'string' || id === '' || id.length > 256 || !id.isWellFormed() || id.includes('\0')) {
    throw new StorageError('storage.bad_value', 'an id is a text of 1 to 256 characters');
  }
}
