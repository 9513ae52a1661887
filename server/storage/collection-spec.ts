import { canonicalJson } from '../json/canonical-json.ts';
import { StorageError } from './errors.ts';
import type { CollectionSpec } from './ports.ts';

/** @throws StorageError `storage.bad_spec`; the message says what is wrong, for the programmer. */
export function checkSpec(spec: CollectionSpec): void {
  if (!/^[A-Za-z][A-Za-z_]{0,40}$/.test(spec.name) || spec.name.includes('__')) {
    throw bad(spec, 'the name is made of letters and single underscores');
  }
  for (const [name, index] of Object.entries(spec.indexes)) {
    if (!/^[A-Za-z][A-Za-z0-9]{0,40}$/.test(name))
      throw bad(spec, `index ${name}: made of letters and digits`);
    if (index.fields.length === 0 || index.fields.length > 8) throw bad(spec, `index ${name}: 1 to 8 fields`);
    for (const field of index.fields) {
      if (!/^[A-Za-z]\w*(\.[A-Za-z]\w*)*$/.test(field)) throw bad(spec, `index ${name}: ${field} is no path`);
    }
    if (index.array !== undefined && !index.fields.includes(index.array)) {
      throw bad(spec, `index ${name}: array is not one of the fields`);
    }
  }
  const firsts = new Set(uniqueIndexes(spec).map((index) => index.fields[0]));
  if (firsts.size > 1) throw bad(spec, 'unique indexes begin with different fields, so no shard key fits');
  if (uniqueIndexes(spec).some((index) => index.array !== undefined)) {
    throw bad(spec, 'a unique index holds an array, which not every engine keeps unique');
  }
}

/** The field by which a cluster spreads the collection (see {@link CollectionSpec}); undefined: the id. */
export function shardField(spec: CollectionSpec): string | undefined {
  return uniqueIndexes(spec)[0]?.fields[0];
}

/** One text for one meaning of the indexes, to see whether stored keys were made by the same spec. */
export function specText(spec: CollectionSpec): string {
  return canonicalJson(spec.indexes);
}

function uniqueIndexes(spec: CollectionSpec) {
  return Object.values(spec.indexes).filter((index) => index.unique === true);
}

function bad(spec: CollectionSpec, why: string): StorageError {
  return new StorageError('storage.bad_spec', `collection ${spec.name}: ${why}`);
}
