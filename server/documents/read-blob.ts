import type { BlobStore } from '../storage/ports.ts';
import { DocumentsError } from './errors.ts';

/** A composed document has some hundred KiB; what is larger than this is not held in memory. */
export const MAX_CONTENT_BYTES = 64 * 1024 * 1024;

/** A whole blob. @throws DocumentsError `documents.too_large`; StorageError `storage.not_found` */
export async function readBlob(blobs: BlobStore, sha256: string): Promise<Uint8Array> {
  const info = await blobs.stat(sha256);
  if (info !== undefined && info.size > MAX_CONTENT_BYTES) {
    throw new DocumentsError('documents.too_large', `${info.size} bytes`);
  }
  const parts: Uint8Array[] = [];
  for await (const part of await blobs.read(sha256)) parts.push(part as Uint8Array);
  return Buffer.concat(parts);
}
