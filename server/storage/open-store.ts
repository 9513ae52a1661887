import type { Clock } from '../platform/clock.ts';
import type { StoreLogger } from './outbox.ts';
import type { Store } from './ports.ts';
import { openSqlite, type SqliteOptions } from './sqlite/open.ts';

export type StoreOptions = SqliteOptions;

/** Opens the store of one machine (`dataDir`). */
export function openStore(options: StoreOptions, clock: Clock, logger?: StoreLogger): Promise<Store> {
  return openSqlite(options, clock, logger);
}
