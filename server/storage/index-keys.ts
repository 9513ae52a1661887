import { StorageError } from './errors.ts';
import type { CollectionSpec, IndexKey, IndexSpec } from './ports.ts';

/** More elements of an indexed array than any real document has; each one is a row or an index entry. */
const MAX_KEYS = 1_000;

/** For each index by name: the keys of a document in it, each one value a field; no keys, not in the index. */
export type DocumentKeys = Readonly<Record<string, readonly (readonly IndexKey[])[]>>;

/** @throws StorageError `storage.bad_value` when an indexed array is too long. */
export function keysOf(document: object, spec: CollectionSpec): DocumentKeys {
  return Object.fromEntries(
    Object.entries(spec.indexes).map(([name, index]) => [name, keysInIndex(document, index)]),
  );
}

function keysInIndex(document: object, index: IndexSpec): readonly (readonly IndexKey[])[] {
  let keys: IndexKey[][] = [[]];
  for (const field of index.fields) {
    const value = valueAt(document, field);
    const values = field === index.array ? elements(value, field) : isKey(value) ? [value] : [];
    keys = keys.flatMap((key) => values.map((each) => [...key, each]));
  }
  return keys;
}

function elements(value: unknown, field: string): IndexKey[] {
  if (!Array.isArray(value)) return [];
  if (value.length > MAX_KEYS) {
    throw new StorageError('storage.bad_value', `${field} has more than ${MAX_KEYS} elements`, {
      details: { field },
    });
  }
  return [...new Set(value.filter(isKey))];
}

export function valueAt(document: object, path: string): unknown {
  let value: unknown = document;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

export function isKey(value: unknown): value is IndexKey {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}
