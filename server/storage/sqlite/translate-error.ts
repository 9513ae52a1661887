import { StorageError, type StorageErrorCode } from '../errors.ts';

/** Primary result codes of SQLite (sqlite.org/rescode.html) that say something about the machine, not about us. */
const CODES: Readonly<Record<number, StorageErrorCode>> = {
  5: 'storage.busy', // BUSY
  6: 'storage.busy', // LOCKED
  8: 'storage.unavailable', // READONLY
  10: 'storage.unavailable', // IOERR
  11: 'storage.corrupt', // CORRUPT
  13: 'storage.full', // FULL
  14: 'storage.unavailable', // CANTOPEN
  23: 'storage.unavailable', // AUTH, PERM
  26: 'storage.corrupt', // NOTADB
};

/** UNIQUE and PRIMARY KEY among the extended codes of CONSTRAINT. */
const DUPLICATE = [2067, 1555];

/** SQLite's error in our words; anything that is none stays as it is. */
export function translateError(error: unknown): unknown {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return error;
  if (DUPLICATE.includes(error.errcode)) {
    // "UNIQUE constraint failed: documents__byNumber.k0, documents__byNumber.k1" or "…: documents.id"
    const index = /failed: \w+?__(\w+)\./.exec(error.message)?.[1] ?? 'id';
    return new StorageError('storage.duplicate', `the key exists already in ${index}`, {
      details: { index },
      cause: error,
    });
  }
  const code = CODES[error.errcode & 0xff];
  return code === undefined ? error : new StorageError(code, error.message, { cause: error });
}
