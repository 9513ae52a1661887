import type { Clock } from '../platform/clock.ts';
import type { MongoOptions } from './mongo/open.ts';
import type { StoreLogger } from './outbox.ts';
import type { Store } from './ports.ts';
import type { SqliteOptions } from './sqlite/open.ts';

export type StoreOptions = SqliteOptions | MongoOptions;

/**
 * Opens the store of one machine (`dataDir`) or of many (`mongodbUri`). Only the engine asked for is loaded.
 * @throws StorageError when it cannot be used, with the reason as its code.
 */
export async function openStore(options: StoreOptions, clock: Clock, logger?: StoreLogger): Promise<Store> {
  if ('mongodbUri' in options) {
    const { openMongo } = await import('./mongo/open.ts');
    return openMongo(options, clock, logger);
  }
  const { openSqlite } = await import('./sqlite/open.ts');
  return openSqlite(options, clock, logger);
}
