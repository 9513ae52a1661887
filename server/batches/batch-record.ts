import type { Aggregate, CollectionSpec } from '../storage/ports.ts';

/** One pile to be signed with one certificate. What becomes of each item stands in the item's own row. */
export interface SigningBatch extends Aggregate {
  /** Account that made it and alone sees, starts and stops it. */
  readonly owner: string;
  readonly agencyId: string;
  readonly createdAt: string;
  /** The one certificate: its id in the register, its fingerprint, its key. */
  readonly certificate: { readonly id: string; readonly fingerprint: string; readonly keyId: string };
  readonly onError: 'stop' | 'continue';
  readonly reason?: string;
  readonly rsa?: 'pss' | 'pkcs1';
  readonly status: 'collecting' | 'running' | 'stopped' | 'finished';
  /** Who is at work: a run of a server that is gone is an interrupted one. */
  readonly run?: { readonly id: string; readonly server: string; readonly beat: string };
  readonly startedAt?: string;
  readonly endedAt?: string;
  /** Why it stopped before its end: the code of the item's refusal, or `stopped` when its owner said so. */
  readonly stoppedBy?: string;
}

export type ItemStatus = 'waiting' | 'signed' | 'refused' | 'failed';

/**
 * One thing to sign. Its outcome, the signed file and the use of the certificate are one write of this row, so whatever is
 * killed in between, an item is signed once and counted once.
 */
export interface BatchItem extends Aggregate {
  readonly batchId: string;
  readonly addedAt: string;
  readonly name: string;
  readonly source:
    | { readonly kind: 'file'; readonly sha256: string; readonly size: number }
    | { readonly kind: 'document'; readonly document: string; readonly visit: string };
  readonly status: ItemStatus;
  /** Why not, when it is refused or failed. */
  readonly code?: string;
  readonly output?: { readonly sha256: string; readonly size: number };
  readonly field?: string;
  readonly level?: string;
  readonly endedAt?: string;
}

export const signingBatches: CollectionSpec = {
  name: 'signing_batches',
  indexes: { owner: { fields: ['owner', 'createdAt'] } },
};

export const batchItems: CollectionSpec = {
  name: 'signing_batch_items',
  indexes: {
    batch: { fields: ['batchId', 'addedAt'] },
    status: { fields: ['batchId', 'status', 'addedAt'] },
  },
};
