import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PlatformError } from './errors.ts';

/**
 * Holds `folder` for one server. Node has no flock(2), so an exclusive SQLite transaction is held open instead: the
 * system lets go of it when the process ends, however it ends, so no stale lock can remain.
 * @returns how to let go. @throws PlatformError `platform.data_folder_in_use`.
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(join(folder, 'server.lock'));
  try {
    database.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    throw new PlatformError('platform.data_folder_in_use', `${folder} is in use by another server`, {
      cause,
    });
  }
  return () => database.close();
}
