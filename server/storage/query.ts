import type { Cursors } from './cursor.ts';
import { StorageError } from './errors.ts';
import { isKey } from './index-keys.ts';
import type { CollectionSpec, FindOptions, IndexKey } from './ports.ts';

export const DEFAULT_LIMIT = 100;
export const MAX_LIMIT = 1_000;

/** A find, checked: what is left to do is to say it in the engine's language. */
export interface Query {
  readonly index: string;
  readonly prefix: readonly IndexKey[];
  /** How many fields of the index follow the prefix; they and then the id give the order. */
  readonly rest: number;
  readonly from?: IndexKey | undefined;
  readonly to?: IndexKey | undefined;
  readonly descending: boolean;
  readonly limit: number;
  /** Values of the fields after the prefix, then the id, of the last item of the page before. */
  readonly after?: readonly IndexKey[];
  /** What a cursor to the next page is sealed for. */
  readonly scope: string;
}

/** @throws StorageError `storage.bad_query`, `storage.bad_cursor`. */
export function checkQuery(
  spec: CollectionSpec,
  index: string,
  options: FindOptions,
  cursors: Cursors,
): Query {
  const { prefix = [], from, to, descending = false, cursor } = options;
  const indexSpec = Object.hasOwn(spec.indexes, index) ? spec.indexes[index] : undefined;
  if (indexSpec === undefined) throw bad(`${spec.name} has no index ${index}`);
  const rest = indexSpec.fields.length - prefix.length;
  if (rest < 0 || ![...prefix, from ?? 0, to ?? 0].every(isKey))
    throw bad('the prefix does not fit the index');
  if (rest === 0 && (from ?? to) !== undefined) throw bad('no field is left for a range');
  if (indexSpec.array !== undefined && indexSpec.fields.indexOf(indexSpec.array) >= prefix.length) {
    throw bad(`the prefix must reach ${indexSpec.array}, which is an array`);
  }
  const scope = JSON.stringify([spec.name, index, prefix, from ?? null, to ?? null, descending]);
  return {
    index,
    prefix,
    rest,
    from,
    to,
    descending,
    limit: checkLimit(options.limit),
    scope,
    ...(cursor !== undefined && { after: cursors.open(scope, cursor) }),
  };
}

/** @throws StorageError `storage.bad_query`. */
export function checkLimit(limit: number = DEFAULT_LIMIT): number {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) throw bad(`a limit is 1 to ${MAX_LIMIT}`);
  return limit;
}

function bad(why: string): StorageError {
  return new StorageError('storage.bad_query', why);
}
