import type { CollectionContext } from '../collection-context.ts';
import { StorageError } from '../errors.ts';
import { keysOf } from '../index-keys.ts';
import type { Aggregate, Collection, CollectionSpec, DomainEvent, FindOptions, Page } from '../ports.ts';
import { checkQuery, type Query } from '../query.ts';
import { addEvents, putTogether, type StoredRecord, takeApart } from '../record.ts';
import type { Database, Row } from './database.ts';
import { fromColumn, insertKeys, replaceKeys, toColumn } from './key-rows.ts';

export class SqliteCollection<T extends Aggregate> implements Collection<T> {
  readonly #database: Database;
  readonly #spec: CollectionSpec;
  readonly #context: CollectionContext;

  constructor(database: Database, spec: CollectionSpec, context: CollectionContext) {
    this.#database = database;
    this.#spec = spec;
    this.#context = context;
  }

  async get(id: string): Promise<T | undefined> {
    const row = this.#row(id);
    return row && toDocument<T>(row);
  }

  async insert(value: Omit<T, 'revision'>): Promise<T> {
    const record = takeApart(value, this.#spec);
    await this.#database.write(() => {
      this.#database.run(
        `INSERT INTO "${this.#spec.name}" VALUES (?, 1, ?, ?)`,
        record.id,
        record.text,
        outboxColumn(record.outbox),
      );
      insertKeys(this.#database, this.#spec, record.id, record.keys);
    });
    return this.#written(record, 1);
  }

  async replace(value: T): Promise<T> {
    const record = takeApart(value, this.#spec);
    const revision = value.revision + 1;
    await this.#database.write(() => {
      const row = this.#row(record.id);
      if (row === undefined)
        throw new StorageError('storage.not_found', `no ${this.#spec.name} ${record.id}`);
      if (row.revision !== value.revision) {
        throw new StorageError('storage.conflict', `${this.#spec.name} ${record.id} has changed meanwhile`);
      }
      const outbox = addEvents(events(row), record.outbox);
      this.#database.run(
        `UPDATE "${this.#spec.name}" SET revision = ?, body = ?, outbox = ? WHERE id = ?`,
        revision,
        record.text,
        outboxColumn(outbox),
        record.id,
      );
      replaceKeys(this.#database, this.#spec, record.id, this.#keysOf(row), record.keys);
    });
    return this.#written(record, revision);
  }

  async remove(id: string): Promise<boolean> {
    for (;;) {
      const removed = await this.#database.write(() => {
        const row = this.#row(id);
        if (row === undefined) return false;
        if (row.outbox !== null) return 'events wait';
        replaceKeys(this.#database, this.#spec, id, this.#keysOf(row), {});
        return this.#database.run(`DELETE FROM "${this.#spec.name}" WHERE id = ?`, id) > 0;
      });
      if (removed !== 'events wait') return removed;
      await this.#context.dispatch();
    }
  }

  async find(index: string, options: FindOptions = {}): Promise<Page<T>> {
    const query = checkQuery(this.#spec, index, options, this.#context.cursors);
    const { conditions, values } = condition(query);
    const order = restColumns(query).map((column) => `k.${column}`);
    const direction = query.descending ? 'DESC' : 'ASC';
    if (query.after !== undefined) {
      conditions.push(
        `(${order.join(', ')}) ${query.descending ? '<' : '>'} (${order.map(() => '?').join(', ')})`,
      );
      values.push(...query.after.map(toColumn));
    }
    const rows = this.#database.all(
      `SELECT d.*, k.* FROM "${this.#spec.name}__${index}" k JOIN "${this.#spec.name}" d ON d.id = k.id
       WHERE ${conditions.join(' AND ')} ORDER BY ${order.map((column) => `${column} ${direction}`).join(', ')} LIMIT ?`,
      ...values,
      query.limit + 1,
    );
    const shown = rows.slice(0, query.limit);
    const last = shown.at(-1);
    return {
      items: shown.map((row) => toDocument<T>(row)),
      ...(rows.length > shown.length &&
        last && {
          next: this.#context.cursors.seal(
            query.scope,
            restColumns(query).map((column) => fromColumn(last[column])),
          ),
        }),
    };
  }

  async count(index: string, options: Pick<FindOptions, 'prefix' | 'from' | 'to'> = {}): Promise<number> {
    const { conditions, values } = condition(checkQuery(this.#spec, index, options, this.#context.cursors));
    const row = this.#database.get(
      `SELECT count(*) AS n FROM "${this.#spec.name}__${index}" k WHERE ${conditions.join(' AND ')}`,
      ...values,
    );
    return Number(row?.n);
  }

  #row(id: string): Row | undefined {
    return this.#database.get(`SELECT * FROM "${this.#spec.name}" WHERE id = ?`, id);
  }

  #keysOf(row: Row) {
    return keysOf({ ...parse(row.body), id: row.id }, this.#spec);
  }

  #written(record: StoredRecord, revision: number): T {
    if (record.outbox.length > 0) this.#context.wake();
    return putTogether<T>(record.id, revision, record.body, record.outbox);
  }
}

function condition(query: Query) {
  const range = `k.k${query.prefix.length}`;
  return {
    conditions: [
      'TRUE',
      ...query.prefix.map((_, at) => `k.k${at} = ?`),
      ...(query.from === undefined ? [] : [`${range} >= ?`]),
      ...(query.to === undefined ? [] : [`${range} < ?`]),
    ],
    values: [...query.prefix, query.from ?? [], query.to ?? []].flat().map(toColumn),
  };
}

/** The columns of the index that give the order: those after the prefix, then the id. */
function restColumns(query: Query): string[] {
  return [...Array.from({ length: query.rest }, (_, at) => `k${query.prefix.length + at}`), 'id'];
}

function outboxColumn(outbox: readonly DomainEvent[]): string | null {
  return outbox.length === 0 ? null : JSON.stringify(outbox);
}

function toDocument<T extends Aggregate>(row: Row): T {
  return putTogether<T>(String(row.id), Number(row.revision), parse(row.body), events(row));
}

function events(row: Row): readonly DomainEvent[] {
  return row.outbox === null ? [] : parse(row.outbox);
}

function parse(text: Row[string] | undefined) {
  try {
    return JSON.parse(String(text));
  } catch (error) {
    throw new StorageError('storage.corrupt', 'a stored document is no JSON', { cause: error });
  }
}
