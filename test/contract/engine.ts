import type { CollectionSpec, Store } from '../../server/storage/ports.ts';

/** An engine under contract: whatever it promises, it promises through {@link Store} alone. */
export interface Engine {
  readonly name: string;
  /** An empty place of its own. */
  makePlace(): Promise<Place>;
}

export interface Place {
  /** Opens the place; more than one store may be open on it, as several processes would. */
  open(): Promise<Store>;
  /** Changes what an audit entry says, behind the store's back. */
  forgeAuditEntry(sequence: number): Promise<void>;
  /** Puts there what a process killed while writing a blob leaves behind, a day ago. */
  leaveHalfBlob(): Promise<void>;
  /** How many pieces of unfinished blobs are there. */
  countHalfBlobs(): Promise<number>;
  /** Closes what is open and leaves nothing. */
  remove(): Promise<void>;
}

/** A collection name nobody else uses in this place. */
export function freshName(prefix = 'things'): string {
  count += 1;
  const letters = [...String(count)].map((digit) => String.fromCharCode(97 + Number(digit))).join('');
  return `${prefix}_${letters}`;
}

let count = 0;

export interface Thing {
  readonly id: string;
  readonly revision: number;
  readonly agency?: string;
  readonly number?: number;
  readonly rank?: number;
  readonly work?: readonly string[];
  readonly [other: string]: unknown;
}

export function thingSpec(name = freshName()): CollectionSpec {
  return {
    name,
    indexes: {
      number: { fields: ['agency', 'number'], unique: true },
      rank: { fields: ['agency', 'rank'] },
      work: { fields: ['work', 'rank'], array: 'work' },
      nested: { fields: ['inner.deep'] },
      done: { fields: ['done'] },
    },
  };
}
