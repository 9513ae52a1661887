import { createHash } from 'node:crypto';
import type { Clock } from '../../platform/clock.ts';
import { StorageError } from '../errors.ts';
import type { Database } from './database.ts';
import { migrations } from './migrations.ts';

/** `anso` in ASCII, in the header of the file (SQLite file format 1.3.16): what `file` and we know it by. */
const APPLICATION_ID = 0x616e736f;

/**
 * Brings the database to the present form, all steps in one transaction: it is in the old form or in the new one.
 * @throws StorageError `storage.foreign` (some other program's file), `storage.too_new`, `storage.corrupt` (its steps
 * are not the ones that shipped).
 */
export function migrate(
  database: Database,
  clock: Clock,
  steps: readonly string[] = migrations,
): Promise<void> {
  return database.write(() => {
    const isNew = database.get('SELECT 1 FROM sqlite_schema LIMIT 1') === undefined;
    if (isNew) begin(database);
    else if (database.get('PRAGMA application_id')?.application_id !== APPLICATION_ID) {
      throw new StorageError('storage.foreign', 'the database file belongs to another program');
    }
    const done = database.all('SELECT number, digest FROM _migration ORDER BY number');
    if (done.length > steps.length) {
      throw new StorageError(
        'storage.too_new',
        `the database has ${done.length} steps, this version ${steps.length}`,
      );
    }
    for (const [at, step] of steps.entries()) {
      const digest = createHash('sha256').update(step).digest('hex');
      if (at >= done.length) {
        database.exec(step);
        database.run('INSERT INTO _migration VALUES (?, ?, ?)', at + 1, digest, clock.now().toISOString());
      } else if (done[at]?.digest !== digest) {
        throw new StorageError(
          'storage.corrupt',
          `step ${at + 1} of the database is not the one that shipped`,
        );
      }
    }
  });
}

function begin(database: Database): void {
  database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
  database.exec(
    'CREATE TABLE _migration (number INTEGER PRIMARY KEY, digest TEXT NOT NULL, applied TEXT NOT NULL) STRICT',
  );
}
