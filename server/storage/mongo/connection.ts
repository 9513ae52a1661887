import mongoose from 'mongoose';
import { StorageError } from '../errors.ts';
import { translateError } from './translate-error.ts';

/** How long to look for a primary: an election takes some seconds. */
const SELECTION_MS = 10_000;

/**
 * One connection pool. What is answered has reached the journals of a majority, and what is read can no longer be
 * rolled back; reads go to the primary, so a writer sees what it wrote.
 * @throws StorageError `storage.unavailable`; the message never holds the address, which may hold a password.
 */
export async function connect(uri: string): Promise<mongoose.Connection> {
  const connection = mongoose.createConnection(uri, {
    autoIndex: false,
    autoCreate: false,
    bufferCommands: false,
    serverSelectionTimeoutMS: SELECTION_MS,
    retryWrites: true,
    retryReads: true,
    readPreference: 'primary',
    readConcernLevel: 'majority',
    writeConcern: { w: 'majority', journal: true },
  });
  try {
    return await connection.asPromise();
  } catch (error) {
    await connection.close().catch(() => {});
    const cause = translateError(error);
    if (cause instanceof StorageError)
      throw new StorageError(cause.code, 'the MongoDB server cannot be reached');
    throw new StorageError('storage.unavailable', 'ANSO_MONGODB_URI is not a valid MongoDB address');
  }
}
