import { type Model, mongo } from 'mongoose';
import type { CollectionContext } from '../collection-context.ts';
import { StorageError } from '../errors.ts';
import type {
  Aggregate,
  Collection,
  CollectionSpec,
  DomainEvent,
  FindOptions,
  IndexKey,
  Page,
} from '../ports.ts';
import { checkQuery, type Query } from '../query.ts';
import { putTogether, type StoredRecord, takeApart } from '../record.ts';
import { keyPaths, type MongoDocument, toMongo } from './collection-model.ts';
import { escapeNames, unescapeNames } from './escape.ts';
import { isDuplicate, translated, translateError } from './translate-error.ts';

type Filter = Record<string, unknown>;

export class MongoCollection<T extends Aggregate> implements Collection<T> {
  readonly #model: Model<MongoDocument>;
  readonly #spec: CollectionSpec;
  readonly #context: CollectionContext;

  constructor(model: Model<MongoDocument>, spec: CollectionSpec, context: CollectionContext) {
    this.#model = model;
    this.#spec = spec;
    this.#context = context;
  }

  async get(id: string): Promise<T | undefined> {
    const found = await translated(() => this.#model.findOne({ _id: String(id) }).lean<MongoDocument>());
    return found === null ? undefined : toDocument<T>(found);
  }

  async insert(value: Omit<T, 'revision'>): Promise<T> {
    const record = takeApart(value, this.#spec);
    const outbox = record.outbox.map(escapeNames);
    const row = { ...toMongo(record, this.#spec), revision: 1, ...(outbox.length > 0 && { outbox }) };
    await this.#unique(record, () => this.#model.insertMany([row], { lean: true }));
    return this.#written(record, 1);
  }

  async replace(value: T): Promise<T> {
    const record = takeApart(value, this.#spec);
    const { _id, ...parts } = toMongo(record, this.#spec);
    const revision = value.revision + 1;
    const outbox = record.outbox.map(escapeNames);
    const { matchedCount } = await this.#unique(record, () =>
      this.#model.updateOne(
        { _id, revision: value.revision },
        {
          $set: { ...parts, revision },
          ...(outbox.length > 0 && { $addToSet: { outbox: { $each: outbox } } }),
        },
      ),
    );
    if (matchedCount === 0) throw await this.#whyNot(record.id);
    return this.#written(record, revision);
  }

  async remove(id: string): Promise<boolean> {
    for (;;) {
      const { deletedCount } = await translated(() =>
        this.#model.deleteOne({ _id: String(id), 'outbox.0': { $exists: false } }),
      );
      if (deletedCount > 0) return true;
      if ((await this.get(id)) === undefined) return false;
      await this.#context.dispatch();
    }
  }

  async find(index: string, options: FindOptions = {}): Promise<Page<T>> {
    const query = checkQuery(this.#spec, index, options, this.#context.cursors);
    const order = this.#order(query);
    const direction = query.descending ? -1 : 1;
    const filter = this.#filter(query);
    if (query.after !== undefined) filter.$or = beyond(order, query.after, query.descending);
    const rows = await translated(() =>
      this.#model
        .find(filter)
        .sort(Object.fromEntries(order.map((path) => [path, direction])))
        .limit(query.limit + 1)
        .lean<MongoDocument[]>(),
    );
    const shown = rows.slice(0, query.limit);
    const last = shown.at(-1);
    return {
      items: shown.map((row) => toDocument<T>(row)),
      ...(rows.length > shown.length &&
        last && { next: this.#context.cursors.seal(query.scope, position(order, last)) }),
    };
  }

  async count(index: string, options: Pick<FindOptions, 'prefix' | 'from' | 'to'> = {}): Promise<number> {
    const query = checkQuery(this.#spec, index, options, this.#context.cursors);
    return translated(() => this.#model.countDocuments(this.#filter(query)).exec());
  }

  #filter(query: Query): Filter {
    const paths = keyPaths(this.#spec, query.index);
    const filter: Filter = {};
    // Without a key of its own to match, a document that is not in the index must be told apart.
    if (query.prefix.length === 0 || this.#isUnique(query.index)) filter[`keys.${query.index}.own`] = '';
    for (const [at, key] of query.prefix.entries()) filter[String(paths[at])] = key;
    const range = {
      ...(query.from !== undefined && { $gte: query.from }),
      ...(query.to !== undefined && { $lt: query.to }),
    };
    if (Object.keys(range).length > 0) filter[String(paths[query.prefix.length])] = range;
    return filter;
  }

  /** A unique key decides alone; an index that is not unique goes on with the id. */
  #order(query: Query): readonly string[] {
    const rest = keyPaths(this.#spec, query.index).slice(query.prefix.length);
    return this.#isUnique(query.index) ? rest : [...rest, '_id'];
  }

  #isUnique(index: string): boolean {
    return this.#spec.indexes[index]?.unique === true;
  }

  /** Says which key was taken: not every server tells, and some do not even say that it was a key. */
  async #unique<R>(record: StoredRecord, write: () => Promise<R>): Promise<R> {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof mongo.MongoServerError)) throw translateError(error);
      const index = (await this.#takenIndex(record)) ?? (isDuplicate(error) ? 'id' : undefined);
      if (index === undefined) throw translateError(error);
      throw new StorageError('storage.duplicate', `the key exists already in ${index}`, {
        details: { index },
        cause: error,
      });
    }
  }

  async #takenIndex(record: StoredRecord): Promise<string | undefined> {
    const unique = Object.keys(this.#spec.indexes).filter((name) => this.#isUnique(name));
    for (const name of unique) {
      const [key] = record.keys[name] ?? [];
      if (key === undefined) continue;
      const filter = Object.fromEntries(keyPaths(this.#spec, name).map((path, at) => [path, key[at]]));
      const taken = await translated(() =>
        this.#model.exists({ ...filter, [`keys.${name}.own`]: '', _id: { $ne: record.id } }),
      );
      if (taken !== null) return name;
    }
    return undefined;
  }

  async #whyNot(id: string): Promise<StorageError> {
    return (await this.get(id)) === undefined
      ? new StorageError('storage.not_found', `no ${this.#spec.name} ${id}`)
      : new StorageError('storage.conflict', `${this.#spec.name} ${id} has changed meanwhile`);
  }

  #written(record: StoredRecord, revision: number): T {
    if (record.outbox.length > 0) this.#context.wake();
    return putTogether<T>(record.id, revision, record.body, record.outbox);
  }
}

/** Past `after` in the order of several fields, in a form an index can follow: one alternative for each field. */
function beyond(order: readonly string[], after: readonly IndexKey[], descending: boolean): Filter[] {
  return order.map((path, at) => ({
    ...Object.fromEntries(order.slice(0, at).map((same, before) => [same, after[before]])),
    [path]: { [descending ? '$lt' : '$gt']: after[at] },
  }));
}

function position(order: readonly string[], row: MongoDocument): IndexKey[] {
  return order.map((path) => path.split('.').reduce<unknown>(member, row) as IndexKey);
}

function member(value: unknown, name: string): unknown {
  return (value as Record<string, unknown>)[name];
}

function toDocument<T extends Aggregate>(row: MongoDocument): T {
  const outbox = (row.outbox ?? []) as readonly DomainEvent[];
  return putTogether<T>(
    row._id,
    row.revision,
    unescapeNames(row.body) as object,
    unescapeNames(outbox) as DomainEvent[],
  );
}
