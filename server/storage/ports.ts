import type { Readable } from 'node:stream';

/**
 * What the features may ask of a store, whatever engine is below. One document, one atomic write: nothing here spans
 * two documents, so the same code is right on SQLite, on a MongoDB replica set and on shards.
 */

/** Something that happened, written inside the aggregate it happened to and copied from there by the dispatcher. */
export interface DomainEvent {
  /** UUIDv7; the ledger and the audit log keep the event under this id, so copying it twice changes nothing. */
  readonly id: string;
  /** UTC instant, ISO 8601 with milliseconds. */
  readonly time: string;
  /** What happened, as `noun.verb`, for example `document.signed`. */
  readonly type: string;
  /** Account id of who did it, or `system`. */
  readonly actor: string;
  /** Account id of the person acted for, when someone stood in. */
  readonly onBehalfOf?: string;
  readonly subject: { readonly type: string; readonly id: string };
  /** Facts of the event; never a secret. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Present when the event is a use of a certificate: it then goes to the usage ledger as well. */
  readonly usage?: UsageEvent;
}

/** One attempt to sign with a certificate (or a signature observed in an archive). */
export interface UsageEvent {
  /** The same id as the domain event that carries it. */
  readonly id: string;
  /** SHA-256 of the certificate's DER, lower-case hex. */
  readonly certificate: string;
  readonly time: string;
  readonly outcome: 'signed' | 'refused' | 'failed' | 'observed';
  /** Why it was refused or failed: an error code. */
  readonly code?: string;
  readonly channel: 'server' | 'cli' | 'deferred' | 'scan' | 'import';
  readonly agencyId?: string;
  readonly documentId?: string;
  readonly process?: string;
  readonly step?: string;
}

export interface Aggregate {
  /** UUIDv7 unless the feature says otherwise. */
  readonly id: string;
  /** 1 at insert, one more at each replace. Set by the store. */
  readonly revision: number;
  /**
   * Events not yet copied to the ledger and the audit log. `insert` and `replace` add what stands here to what waits;
   * they never take anything away, so a writer need not carry along what it read. Only the dispatcher removes, in one
   * atomic step, exactly the events it has copied, and leaves `revision` alone: nobody gets a conflict from it.
   */
  readonly outbox?: readonly DomainEvent[];
}

export type IndexKey = string | number | boolean;

export interface IndexSpec {
  /**
   * Paths into the document (`a.b`). A document that lacks any of the fields (absent, null, an object) is not in the index. One
   * field holds one type.
   */
  readonly fields: readonly string[];
  /**
   * The one of `fields` that leads to an array, of which each element is then a key (an empty array: not in the index).
   * Every find and count must hold it fast in its `prefix`. Without this, an array is a lacking field.
   */
  readonly array?: string;
  /** Refuses a second document with the same key. Without an array; begins with the shard key (see {@link CollectionSpec}). */
  readonly unique?: boolean;
}

export interface CollectionSpec {
  /** Letters and underscores; the table or collection has this name. */
  readonly name: string;
  /**
   * All unique indexes begin with the same field, which on a cluster is then the shard key (and never changes);
   * without a unique index it is the id.
   */
  readonly indexes: Readonly<Record<string, IndexSpec>>;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Opaque; give it back to go on. Absent on the last page. */
  readonly next?: string;
}

export interface FindOptions {
  /** Values of the index's first fields, in order; none lists the whole index. */
  readonly prefix?: readonly IndexKey[];
  /** Bounds of the field after the prefix: inclusive from, exclusive to. */
  readonly from?: IndexKey;
  readonly to?: IndexKey;
  /** Order by the fields after the prefix, then by id. Default ascending. */
  readonly descending?: boolean;
  /** 1 to 1,000; default 100. */
  readonly limit?: number;
  readonly cursor?: string;
}

export interface Collection<T extends Aggregate> {
  get(id: string): Promise<T | undefined>;
  /** @throws StorageError `storage.duplicate` when the id or a unique key exists (details: `index`). */
  insert(value: Omit<T, 'revision'>): Promise<T>;
  /**
   * Writes `value` whole if the stored revision is still `value.revision`; the result carries the next one.
   * Its `outbox` is added to what waits (see {@link Aggregate}).
   * @throws StorageError `storage.conflict` when somebody was faster, `storage.not_found`, `storage.duplicate`.
   */
  replace(value: T): Promise<T>;
  /**
   * Removes for good; only for what is no record (sessions, expired keys). True when something was there.
   * Events that still wait are copied first.
   */
  remove(id: string): Promise<boolean>;
  /** By a declared index. @throws StorageError `storage.bad_cursor`, `storage.bad_query` (unknown index, bad limit). */
  find(index: string, options?: FindOptions): Promise<Page<T>>;
  count(index: string, options?: Pick<FindOptions, 'prefix' | 'from' | 'to'>): Promise<number>;
}

export interface UsageTotals {
  readonly certificate: string;
  /** Calendar day in Asia/Ho_Chi_Minh, `YYYY-MM-DD`. */
  readonly day: string;
  readonly signed: number;
  readonly refused: number;
  readonly failed: number;
  readonly observed: number;
}

export interface UsageLedger {
  /** Keeps the event and the totals of its certificate and day; an id already kept changes nothing. */
  record(events: readonly UsageEvent[]): Promise<void>;
  /** Events of one certificate, newest first. */
  events(certificate: string, options?: { limit?: number; cursor?: string }): Promise<Page<UsageEvent>>;
  /** Totals of the days `from` (inclusive) to `to` (exclusive), of one certificate or of all, in order of certificate and day. */
  totals(range: { from: string; to: string; certificate?: string }): AsyncIterable<UsageTotals>;
  /** The last time each certificate signed successfully or was observed; absent when never. */
  lastUse(certificate: string): Promise<string | undefined>;
}

export interface AuditEntry {
  /** From 1, without a gap. */
  readonly sequence: number;
  readonly event: Omit<DomainEvent, 'usage'>;
  /** Hash of the entry before, hex; 64 zeros for the first. */
  readonly previous: string;
  /** SHA-256 over the canonical JSON (RFC 8785) of sequence, event and previous, hex. */
  readonly hash: string;
}

export interface AuditLog {
  /** Appends in the order given; an event id already there changes nothing. */
  append(...events: readonly DomainEvent[]): Promise<void>;
  entries(options?: { after?: number; limit?: number }): Promise<readonly AuditEntry[]>;
  /** Recomputes the whole chain. `brokenAt` is the first sequence number that does not fit. */
  verify(): Promise<{ readonly entries: number; readonly head: string; readonly brokenAt?: number }>;
}

export interface RegisterRow {
  /** The series, for example `H12.15/outgoing/QĐ/2026`. */
  readonly series: string;
  readonly number: number;
  /** Whose number it is; one number a document and series. */
  readonly documentId: string;
  readonly time: string;
  /** The columns of the printed register. */
  readonly columns: Readonly<Record<string, unknown>>;
  readonly voided?: { readonly time: string; readonly reason: string; readonly actor: string };
}

/** Gapless numbers (Decree 30/2020 article 15): inserting the row is the allocation. */
export interface Registers {
  /** Gives the next number of the series; the same document asked again gets the number it has. */
  allocate(row: Omit<RegisterRow, 'number' | 'voided'>): Promise<RegisterRow>;
  /** Replaces the columns of a row (the number never changes). @throws StorageError `storage.not_found`. */
  describe(series: string, number: number, columns: Readonly<Record<string, unknown>>): Promise<RegisterRow>;
  /** Keeps the row and says why it counts no more. */
  void(series: string, number: number, voided: NonNullable<RegisterRow['voided']>): Promise<RegisterRow>;
  rows(series: string, options?: { after?: number; limit?: number }): Promise<readonly RegisterRow[]>;
}

export interface BlobInfo {
  /** SHA-256 of the content, lower-case hex: also its name. */
  readonly sha256: string;
  readonly size: number;
}

/** Content-addressed files. What `put` has answered is on stable storage; a failed `put` leaves nothing behind. */
export interface BlobStore {
  /** @throws StorageError `storage.too_large` past `maxBytes`, `storage.full` when the disk is. */
  put(content: AsyncIterable<Uint8Array> | Uint8Array, options?: { maxBytes?: number }): Promise<BlobInfo>;
  stat(sha256: string): Promise<BlobInfo | undefined>;
  /** @throws StorageError `storage.not_found`. `end` is exclusive. */
  read(sha256: string, range?: { start: number; end: number }): Promise<Readable>;
}

/** Everything one installation keeps. */
export interface Store {
  readonly engine: 'sqlite' | 'mongodb';
  /**
   * Declares a collection: creates table and indexes when needed, and fills indexes anew when the spec has changed
   * since the last start. The same name with another spec in one process is an error.
   * @throws StorageError `storage.bad_spec`.
   */
  collection<T extends Aggregate>(spec: CollectionSpec): Promise<Collection<T>>;
  readonly usage: UsageLedger;
  readonly audit: AuditLog;
  readonly registers: Registers;
  readonly blobs: BlobStore;
  /**
   * Copies every event that waited at the call to the ledger and the audit log and clears it. The store also does this
   * by itself soon after each write that left an event.
   */
  dispatch(): Promise<void>;
  /** True when the engine answers. */
  ping(): Promise<boolean>;
  close(): Promise<void>;
}
