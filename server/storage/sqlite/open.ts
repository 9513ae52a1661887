import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../platform/clock.ts';
import { openDiskBlobs } from '../blobs/disk.ts';
import { checkSpec } from '../collection-spec.ts';
import { Cursors } from '../cursor.ts';
import { Declarations } from '../declarations.ts';
import { Dispatcher, type StoreLogger } from '../outbox.ts';
import type { Store } from '../ports.ts';
import { SqliteAuditLog } from './audit-log.ts';
import { SqliteCollection } from './collection.ts';
import { Database } from './database.ts';
import { declareTables } from './declare.ts';
import { migrate } from './migrate.ts';
import { sqliteOutboxes } from './outbox-source.ts';
import { SqliteRegisters } from './registers.ts';
import { SqliteUsageLedger } from './usage-ledger.ts';

export interface SqliteOptions {
  /** Holds `anso.db` and `blobs/`; made when missing, for its owner only. */
  readonly dataDir: string;
  /** How long to wait for another process before `storage.busy`; default 5,000. */
  readonly patienceMs?: number;
}

/** The store of one machine. @throws StorageError when the database cannot be used, with the reason as its code. */
export async function openSqlite(options: SqliteOptions, clock: Clock, logger?: StoreLogger): Promise<Store> {
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  const database = new Database(join(options.dataDir, 'anso.db'), options.patienceMs);
  try {
    await database.configure();
    await migrate(database, clock);
    return await assemble(database, join(options.dataDir, 'blobs'), logger);
  } catch (error) {
    database.close();
    throw error;
  }
}

async function assemble(database: Database, blobsDir: string, logger?: StoreLogger): Promise<Store> {
  const key = database.get(`SELECT value FROM _meta WHERE name = 'cursor_key'`)?.value;
  const cursors = new Cursors(key as Uint8Array);
  const usage = new SqliteUsageLedger(database, cursors);
  const audit = new SqliteAuditLog(database);
  const dispatcher = new Dispatcher(sqliteOutboxes(database), usage, audit, logger);
  const context = { cursors, wake: () => dispatcher.wake(), dispatch: () => dispatcher.dispatch() };
  const declarations = new Declarations(async (spec) => {
    checkSpec(spec);
    await declareTables(database, spec);
    return new SqliteCollection(database, spec, context);
  });
  const blobs = await openDiskBlobs(blobsDir);
  dispatcher.wake();
  return {
    engine: 'sqlite',
    collection: (spec) => declarations.declare(spec),
    usage,
    audit,
    registers: new SqliteRegisters(database),
    blobs,
    dispatch: () => dispatcher.dispatch(),
    ping: async () => {
      try {
        return database.get('SELECT 1 AS one')?.one === 1;
      } catch {
        return false;
      }
    },
    close: async () => {
      await dispatcher.stop();
      database.close();
    },
  };
}
