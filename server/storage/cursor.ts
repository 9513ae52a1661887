import { createHmac, timingSafeEqual } from 'node:crypto';
import { StorageError } from './errors.ts';
import type { IndexKey } from './ports.ts';

/**
 * Keyset cursors: where the last page ended, sealed for the one question they answer. They hold no page number, so
 * what is inserted meanwhile neither repeats nor hides an item.
 */
export class Cursors {
  readonly #key: Uint8Array;

  /** `key`: 32 random bytes that belong to the database, so that a cursor outlives a restart. */
  constructor(key: Uint8Array) {
    this.#key = key;
  }

  /** `scope` names the question: a cursor of one list does not open another. */
  seal(scope: string, position: readonly IndexKey[]): string {
    const payload = Buffer.from(JSON.stringify(position));
    return Buffer.concat([this.#tag(scope, payload), payload]).toString('base64url');
  }

  /** @throws StorageError `storage.bad_cursor` when it is not ours, was altered, or belongs to another question. */
  open(scope: string, cursor: string): readonly IndexKey[] {
    const bytes = Buffer.from(cursor, 'base64url');
    const payload = bytes.subarray(TAG_BYTES);
    if (
      bytes.length <= TAG_BYTES ||
      !timingSafeEqual(bytes.subarray(0, TAG_BYTES), this.#tag(scope, payload))
    ) {
      throw new StorageError('storage.bad_cursor', 'the cursor does not belong to this list');
    }
    return JSON.parse(payload.toString());
  }

  #tag(scope: string, payload: Uint8Array): Buffer {
    return createHmac('sha256', this.#key)
      .update(scope)
      .update('\0')
      .update(payload)
      .digest()
      .subarray(0, TAG_BYTES);
  }
}

const TAG_BYTES = 16;
