import { StorageError, type StorageErrorCode } from '../../server/storage/errors.ts';
import type { Aggregate, Collection, Store } from '../../server/storage/ports.ts';

export interface Fault {
  /** Which write is hit, from 1. */
  readonly at: number;
  /** Whether the write is done all the same, as when a process dies before it hears of its success. */
  readonly after: boolean;
  /** Whether everything after it fails too, as when the process is dead. */
  readonly dead: boolean;
  readonly code?: StorageErrorCode;
}

/** A store of which one write fails; `writes` counts them, so that a test can hit each in turn. */
export function faultyStore(store: Store, fault: Fault): Store & { readonly writes: () => number } {
  let count = 0;
  const write = async <T>(run: () => Promise<T>): Promise<T> => {
    count += 1;
    if (fault.dead && count > fault.at) throw new StorageError('storage.closed', 'dead');
    if (count !== fault.at) return run();
    if (fault.after) await run();
    throw new StorageError(fault.code ?? 'storage.unavailable', 'a fault was injected');
  };
  const collection = <T extends Aggregate>(real: Collection<T>): Collection<T> => ({
    get: (id) => real.get(id),
    find: (index, options) => real.find(index, options),
    count: (index, options) => real.count(index, options),
    remove: (id) => write(() => real.remove(id)),
    insert: (value) => write(() => real.insert(value)),
    replace: (value) => write(() => real.replace(value)),
  });
  const { registers, usage, blobs } = store;
  return {
    ...store,
    writes: () => count,
    collection: async (spec) => collection(await store.collection(spec)),
    registers: {
      allocate: (row) => write(() => registers.allocate(row)),
      describe: (...args) => write(() => registers.describe(...args)),
      void: (...args) => write(() => registers.void(...args)),
      rows: (...args) => registers.rows(...args),
    },
    usage: {
      record: (events) => write(() => usage.record(events)),
      events: (...args) => usage.events(...args),
      totals: (range) => usage.totals(range),
      lastUse: (certificate) => usage.lastUse(certificate),
    },
    blobs: {
      put: (...args) => write(() => blobs.put(...args)),
      stat: (sha256) => blobs.stat(sha256),
      read: (...args) => blobs.read(...args),
    },
  };
}
