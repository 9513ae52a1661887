import { mongo } from 'mongoose';
import { StorageError, type StorageErrorCode } from '../errors.ts';

/** Server error codes (error_codes.yml of MongoDB) that say something about the cluster, not about us. */
const CODES: Readonly<Record<number, StorageErrorCode>> = {
  50: 'storage.busy', // MaxTimeMSExpired
  64: 'storage.busy', // WriteConcernTimeout
  112: 'storage.busy', // WriteConflict
  10334: 'storage.too_large', // BSONObjectTooLarge
  14031: 'storage.full', // OutOfDiskSpace
  11000: 'storage.duplicate',
};

export function isDuplicate(error: unknown): boolean {
  return error instanceof mongo.MongoServerError && error.code === 11000;
}

/** Two who make the same row at once: for the second it is there, which is all that was wanted. */
export async function unlessThere(upsert: () => Promise<unknown>): Promise<void> {
  try {
    await upsert();
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
}

/** MongoDB's error in our words; anything that is none stays as it is. */
export function translateError(error: unknown): unknown {
  if (!(error instanceof mongo.MongoError)) return error;
  return new StorageError(codeOf(error), error.message, { cause: error });
}

function codeOf(error: mongo.MongoError): StorageErrorCode {
  if (error instanceof mongo.MongoNotConnectedError || error instanceof mongo.MongoTopologyClosedError) {
    return 'storage.closed';
  }
  return (typeof error.code === 'number' ? CODES[error.code] : undefined) ?? 'storage.unavailable';
}

/** Runs one command and says what went wrong in our words. */
export async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translateError(error);
  }
}
