import { closeSync, openSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { StorageError } from '../errors.ts';
import { translateError } from './translate-error.ts';

export type Row = Record<string, SQLOutputValue>;

/** SQLite waits inside the call and stops the whole process meanwhile, so it waits only this long in one go, */
const LOCK_WAIT_MS = 20;
/** and we ask again until this much has passed before we say that the database is busy. */
const DEFAULT_PATIENCE_MS = 5_000;

/**
 * One connection: every statement prepared once, every failure in our words. Write-ahead log, each commit on stable
 * storage before it is answered (synchronous FULL).
 */
export class Database {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #patience: number;

  /** Creates the file, readable by its owner only, when there is none. */
  constructor(path: string, patience = DEFAULT_PATIENCE_MS) {
    this.#patience = patience;
    closeSync(openSync(path, 'a', 0o600));
    this.#db = translated(() => new DatabaseSync(path, { timeout: LOCK_WAIT_MS }));
  }

  /**
   * A cache of 32 MB and checkpoints every 32 MB keep bulk inserts into several indexes from writing pages twice.
   * Needs a moment in which nobody else is setting up the same file.
   */
  configure(): Promise<void> {
    return this.#patiently(() => {
      this.#db.exec(`
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA foreign_keys = ON;
        PRAGMA trusted_schema = OFF;
        PRAGMA cell_size_check = ON;
        PRAGMA cache_size = -32000;
        PRAGMA wal_autocheckpoint = 8000;
      `);
    });
  }

  exec(sql: string): void {
    translated(() => this.#db.exec(sql));
  }

  get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return translated(() => this.#prepare(sql).get(...values));
  }

  all(sql: string, ...values: SQLInputValue[]): Row[] {
    return translated(() => this.#prepare(sql).all(...values));
  }

  /** How many rows changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return translated(() => Number(this.#prepare(sql).run(...values).changes));
  }

  /**
   * Runs `work` as one transaction that is whole or not at all, waiting for other processes without stopping this
   * one. `work` may run more than once, but only what its last run did stays.
   * @throws StorageError `storage.busy`, `storage.full`, and what `work` throws.
   */
  write<T>(work: () => T): Promise<T> {
    return this.#patiently(() => {
      this.#db.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        this.#db.exec('COMMIT');
        return result;
      } catch (error) {
        // A full disk or an I/O error may have rolled back already.
        if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
        throw error;
      }
    });
  }

  close(): void {
    this.#statements.clear();
    if (this.#db.isOpen) this.#db.close();
  }

  async #patiently<T>(work: () => T): Promise<T> {
    const until = performance.now() + this.#patience;
    for (;;) {
      try {
        return this.#open(work);
      } catch (error) {
        const busy = error instanceof StorageError && error.code === 'storage.busy';
        if (!busy || performance.now() >= until) throw error;
        await delay(5);
      }
    }
  }

  #open<T>(work: () => T): T {
    this.#checkOpen();
    return translated(work);
  }

  #prepare(sql: string): StatementSync {
    this.#checkOpen();
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #checkOpen(): void {
    if (!this.#db.isOpen) throw new StorageError('storage.closed', 'the store is closed');
  }
}

function translated<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw translateError(error);
  }
}
