import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { DocumentKeys } from '../index-keys.ts';
import type { CollectionSpec, IndexKey } from '../ports.ts';
import type { Database } from './database.ts';

/** SQLite has no boolean; as one byte they sort after every text, where MongoDB has them too. */
export function toColumn(key: IndexKey): SQLInputValue {
  return typeof key === 'boolean' ? Uint8Array.of(key ? 1 : 0) : key;
}

export function fromColumn(value: SQLOutputValue | undefined): IndexKey {
  return value instanceof Uint8Array ? value[0] === 1 : typeof value === 'number' ? value : String(value);
}

export function insertKeys(database: Database, spec: CollectionSpec, id: string, keys: DocumentKeys): void {
  for (const [name, list] of Object.entries(keys)) {
    for (const key of list) {
      const marks = '?, '.repeat(key.length);
      database.run(`INSERT INTO "${spec.name}__${name}" VALUES (${marks}?)`, ...key.map(toColumn), id);
    }
  }
}

/** Turns the keys of `before` into those of `after`; what both have is not touched. */
export function replaceKeys(
  database: Database,
  spec: CollectionSpec,
  id: string,
  before: DocumentKeys,
  after: DocumentKeys,
): void {
  const added: Record<string, (readonly IndexKey[])[]> = {};
  for (const name of Object.keys(spec.indexes)) {
    const old = byText(before[name]);
    const now = byText(after[name]);
    for (const [text, key] of old) if (!now.has(text)) deleteKey(database, `${spec.name}__${name}`, id, key);
    added[name] = [...now].flatMap(([text, key]) => (old.has(text) ? [] : [key]));
  }
  insertKeys(database, spec, id, added);
}

function byText(keys: DocumentKeys[string] = []): Map<string, readonly IndexKey[]> {
  return new Map(keys.map((key) => [JSON.stringify(key), key]));
}

function deleteKey(database: Database, table: string, id: string, key: readonly IndexKey[]): void {
  const match = key.map((_, at) => `k${at} = ? AND `).join('');
  database.run(`DELETE FROM "${table}" WHERE ${match}id = ?`, ...key.map(toColumn), id);
}
