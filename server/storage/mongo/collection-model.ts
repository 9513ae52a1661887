import { createHash } from 'node:crypto';
import { type Connection, type Model, Schema } from 'mongoose';
import { shardField, specText } from '../collection-spec.ts';
import { type DocumentKeys, isKey, valueAt } from '../index-keys.ts';
import type { CollectionSpec, IndexKey } from '../ports.ts';
import type { StoredRecord } from '../record.ts';
import { escapeNames } from './escape.ts';

/** A document of a feature as MongoDB keeps it. */
export interface MongoDocument {
  readonly _id: string;
  /** Value of the shard key when the collection has a unique index, else absent. */
  readonly shard?: IndexKey;
  readonly revision: number;
  readonly body: unknown;
  /** For each index `{ k0, k1, …, own }`. */
  readonly keys: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Digest of the spec the keys were made by. */
  readonly spec: string;
  readonly outbox?: readonly unknown[];
}

/**
 * The indexes of a spec. A unique one ends with `own`: empty for a document that is in the index, the id for one that
 * is not, so that documents that lack a field never collide. (A partial index would do the same, but not everywhere.)
 */
export function makeCollectionModel(connection: Connection, spec: CollectionSpec): Model<MongoDocument> {
  const mixed = Schema.Types.Mixed;
  const schema = new Schema<MongoDocument>(
    {
      _id: String,
      shard: mixed,
      revision: Number,
      body: mixed,
      keys: mixed,
      spec: String,
      outbox: { type: mixed },
    },
    { _id: false, versionKey: false, minimize: false, strict: false, autoIndex: false, autoCreate: false },
  );
  schema.index({ 'outbox.id': 1 }, { sparse: true, name: 'waiting' });
  for (const [name, index] of Object.entries(spec.indexes)) {
    const last = index.unique ? `keys.${name}.own` : '_id';
    const fields = Object.fromEntries([...keyPaths(spec, name), last].map((path) => [path, 1 as const]));
    const digest = sha256(JSON.stringify(index)).slice(0, 8);
    schema.index(fields, { name: `${name}_${digest}`, ...(index.unique && { unique: true }) });
  }
  return connection.model<MongoDocument>(spec.name, schema, spec.name);
}

/** Where the fields of an index stand in a {@link MongoDocument}. A unique index begins with the shard key. */
export function keyPaths(spec: CollectionSpec, index: string): readonly string[] {
  const { fields = [], unique } = spec.indexes[index] ?? {};
  return fields.map((_, at) => (unique && at === 0 ? 'shard' : `keys.${index}.k${at}`));
}

export function specDigest(spec: CollectionSpec): string {
  return sha256(specText(spec)).slice(0, 16);
}

/** The parts of a {@link MongoDocument} that follow from the document and the spec. */
export function derivedParts(id: string, body: object, keys: DocumentKeys, spec: CollectionSpec) {
  const shard = shardField(spec);
  return {
    ...(shard !== undefined && { shard: shardValue({ ...body, id }, shard, id) }),
    keys: Object.fromEntries(Object.entries(keys).map(([name, list]) => [name, keyFields(list, id)])),
    spec: specDigest(spec),
  };
}

export function toMongo(
  record: StoredRecord,
  spec: CollectionSpec,
): Omit<MongoDocument, 'revision' | 'outbox'> {
  return {
    _id: record.id,
    body: escapeNames(record.body),
    ...derivedParts(record.id, record.body, record.keys, spec),
  };
}

/** All keys of one document in one index differ at most in the array field: that one becomes an array again. */
function keyFields(list: readonly (readonly IndexKey[])[], id: string): Record<string, unknown> {
  const [first] = list;
  if (first === undefined) return { own: id };
  const columns = first.map((_, at) => [...new Set(list.map((key) => key[at]))]);
  return {
    ...Object.fromEntries(columns.map((values, at) => [`k${at}`, values.length > 1 ? values : values[0]])),
    own: '',
  };
}

/** A document that lacks the field needs some shard too. */
function shardValue(document: object, field: string, id: string): IndexKey {
  const value = valueAt(document, field);
  return isKey(value) ? value : id;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
