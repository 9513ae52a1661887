import { type Connection, type Model, Schema, type Types } from 'mongoose';
import type { DomainEvent } from '../ports.ts';

/** Documents are checked before they come here, and are what JSON can carry: nothing to cast, nothing to drop. */
const exact = {
  versionKey: false,
  minimize: false,
  strict: false,
  autoIndex: false,
  autoCreate: false,
} as const;

export interface MetaRow {
  readonly _id: string;
  readonly value: unknown;
}

export interface UsageRow {
  readonly _id: string;
  readonly certificate: string;
  /** In Vietnam. */
  readonly day: string;
  readonly time: string;
  readonly outcome: 'signed' | 'refused' | 'failed' | 'observed';
  readonly channel: 'server' | 'cli' | 'deferred' | 'scan' | 'import';
}

export interface TotalRow {
  /** Certificate, a space, day: their order is the order of reports. */
  readonly _id: string;
  readonly certificate: string;
  readonly day: string;
  readonly signed?: number;
  readonly refused?: number;
  readonly failed?: number;
  readonly observed?: number;
}

export interface AuditRow {
  /** Id of the event. */
  readonly _id: string;
  /** Always `main`: on a cluster the whole chain lives on one shard, where its numbers can be unique. */
  readonly chain: string;
  readonly sequence: number;
  readonly event: DomainEvent;
  readonly previous: string;
  readonly hash: string;
}

export interface RegisterDocument {
  readonly series: string;
  readonly number: number;
  readonly documentId: string;
  readonly time: string;
  readonly columns: unknown;
  readonly voided?: unknown;
}

/** A blob being written: what is older than a day and still here was left by a process that died. */
export interface UploadRow {
  readonly _id: Types.ObjectId;
  readonly started: Date;
}

export interface Models {
  readonly meta: Model<MetaRow>;
  readonly collections: Model<MetaRow>;
  readonly usage: Model<UsageRow>;
  readonly totals: Model<TotalRow>;
  readonly audit: Model<AuditRow>;
  readonly registers: Model<RegisterDocument>;
  readonly uploads: Model<UploadRow>;
}

/**
 * What the engine keeps for itself. The shard key of each on a cluster is named here; every unique index begins with
 * it, so uniqueness holds on shards too. Collections of features: the first field of their unique indexes (kept as
 * `shard`), else `_id`. Blobs: `blobs.files` by `_id`, `blobs.chunks` by `files_id, n`.
 */
export function makeModels(connection: Connection): Models {
  const named = { ...exact, _id: false } as const;
  const model = <T>(name: string, schema: Schema<T>) => connection.model<T>(name, schema, name);

  // Not sharded: a handful of rows.
  const meta = new Schema<MetaRow>({ _id: String, value: Schema.Types.Mixed }, named);
  const collections = new Schema<MetaRow>({ _id: String, value: Schema.Types.Mixed }, named);

  // Shard key: certificate. One id always has one certificate, so `_id` is unique on its shard.
  const usage = new Schema<UsageRow>(
    { _id: String, certificate: String, day: String, time: String, outcome: String, channel: String },
    named,
  );
  usage.index({ certificate: 1, day: 1, outcome: 1 });
  usage.index({ certificate: 1, time: -1, _id: -1 });

  // Shard key: _id.
  const totals = new Schema<TotalRow>({ _id: String, certificate: String, day: String }, named);

  // Shard key: chain.
  const audit = new Schema<AuditRow>(
    {
      _id: String,
      chain: String,
      sequence: Number,
      event: Schema.Types.Mixed,
      previous: String,
      hash: String,
    },
    named,
  );
  audit.index({ chain: 1, sequence: 1 }, { unique: true });

  // Shard key: series.
  const registers = new Schema<RegisterDocument>(
    { series: String, number: Number, documentId: String, time: String, columns: Schema.Types.Mixed },
    exact,
  );
  registers.index({ series: 1, number: 1 }, { unique: true });
  registers.index({ series: 1, documentId: 1 }, { unique: true });

  // Not sharded: one row a blob under way.
  const uploads = new Schema<UploadRow>({ _id: Schema.Types.ObjectId, started: Date }, named);

  return {
    meta: model('_meta', meta),
    collections: model('_collections', collections),
    usage: model('_usage_events', usage),
    totals: model('_usage_totals', totals),
    audit: model('_audit_entries', audit),
    registers: model('_register_rows', registers),
    uploads: model('_uploads', uploads),
  };
}
