import { createReadStream } from 'node:fs';
import type { Request } from 'express';
import { usableFileName } from '../platform/file-name.ts';
import { idFrom } from '../platform/ids.ts';
import type { Actor } from '../platform/route.ts';
import type { BatchItem } from './batch-record.ts';
import { ownBatch } from './change-batch.ts';
import { insertOnce } from './create-batch.ts';
import { BatchesError } from './errors.ts';
import type { BatchServices } from './services.ts';

/** More than an office signs in a day; each item is a row and, when signed, a file. */
export const MAX_ITEMS = 2000;

/** @throws BatchesError `batches.file_missing` */
export function uploadedFile({ file }: Request): { readonly path: string; readonly name: string } {
  if (!file) throw new BatchesError('batches.file_missing', 'no part named file');
  return { path: file.path, name: file.originalname };
}

/**
 * Adds a PDF to a batch that has not begun. It is read only when it is signed.
 * @throws BatchesError `batches.not_found`, `batches.closed`, `batches.too_many_items`, `batches.name_unusable`;
 * StorageError `storage.full`
 */
export async function addFile(
  deps: BatchServices,
  actor: Actor,
  batchId: string,
  upload: { readonly path: string; readonly name: string },
  requestId?: string,
): Promise<BatchItem> {
  const batch = await ownBatch(deps, actor, batchId);
  if (batch.status !== 'collecting') throw new BatchesError('batches.closed', `it is ${batch.status}`);
  if ((await deps.items.count('batch', { prefix: [batchId] })) >= MAX_ITEMS) {
    throw new BatchesError('batches.too_many_items', `${MAX_ITEMS} are the limit`, {
      details: { limit: MAX_ITEMS },
    });
  }
  const name = usableFileName(upload.name);
  if (name === undefined) throw new BatchesError('batches.name_unusable', 'nothing is left of it');
  const { sha256, size } = await deps.store.blobs.put(createReadStream(upload.path), {
    maxBytes: deps.limits.uploadBytes,
  });
  return insertOnce<BatchItem>(deps.items, {
    id: requestId === undefined ? deps.newId() : idFrom('signing-batch-item', batchId, requestId),
    ...{ batchId, name, addedAt: deps.clock.now().toISOString(), status: 'waiting' },
    source: { kind: 'file', sha256, size },
  });
}
