import { specText } from '../collection-spec.ts';
import { StorageError } from '../errors.ts';
import { keysOf } from '../index-keys.ts';
import type { CollectionSpec } from '../ports.ts';
import type { Database } from './database.ts';
import { insertKeys } from './key-rows.ts';

/** One page of documents at a time while an index is filled anew. */
const PAGE = 500;

/**
 * Makes the tables of a collection: one for the documents, one for each index. When the spec is not the one the keys
 * were made by, the index tables are made and filled anew, all in one transaction.
 */
export function declareTables(database: Database, spec: CollectionSpec): Promise<void> {
  return database.write(() => {
    const text = specText(spec);
    const known = database.get('SELECT spec FROM _collection WHERE name = ?', spec.name)?.spec;
    if (known === text) return;
    database.exec(`
      CREATE TABLE IF NOT EXISTS "${spec.name}" (
        id TEXT PRIMARY KEY, revision INTEGER NOT NULL, body TEXT NOT NULL, outbox TEXT
      ) STRICT;
      CREATE INDEX IF NOT EXISTS "${spec.name}__waiting" ON "${spec.name}" (id) WHERE outbox IS NOT NULL;
    `);
    makeIndexes(database, spec);
    fillIndexes(database, spec);
    database.run('INSERT OR REPLACE INTO _collection VALUES (?, ?)', spec.name, text);
  });
}

function makeIndexes(database: Database, spec: CollectionSpec): void {
  const old = database.all(
    `SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB ?`,
    `${spec.name}__*`,
  );
  for (const table of old) database.exec(`DROP TABLE "${table.name}"`);
  for (const [name, index] of Object.entries(spec.indexes)) {
    const table = `${spec.name}__${name}`;
    // No declared type, so that numbers and texts stay what they are (datatype3.html 3.1).
    const keys = index.fields.map((_, at) => `k${at} NOT NULL`).join(', ');
    const columns = index.fields.map((_, at) => `k${at}`).join(', ');
    database.exec(
      `CREATE TABLE "${table}" (${keys}, id TEXT NOT NULL, PRIMARY KEY (${columns}, id)) WITHOUT ROWID`,
    );
    if (index.unique) database.exec(`CREATE UNIQUE INDEX "${table}__unique" ON "${table}" (${columns})`);
  }
}

function fillIndexes(database: Database, spec: CollectionSpec): void {
  for (let after = ''; ; ) {
    const rows = database.all(
      `SELECT id, body FROM "${spec.name}" WHERE id > ? ORDER BY id LIMIT ${PAGE}`,
      after,
    );
    for (const row of rows) {
      const id = String(row.id);
      try {
        insertKeys(database, spec, id, keysOf({ ...JSON.parse(String(row.body)), id }, spec));
      } catch (error) {
        throw new StorageError(
          'storage.bad_spec',
          `collection ${spec.name}: document ${id} does not fit the indexes`,
          {
            cause: error,
          },
        );
      }
      after = id;
    }
    if (rows.length < PAGE) return;
  }
}
