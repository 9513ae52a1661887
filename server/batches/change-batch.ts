import type { Actor } from '../platform/route.ts';
import { StorageError } from '../storage/errors.ts';
import type { DomainEvent } from '../storage/ports.ts';
import type { SigningBatch } from './batch-record.ts';
import { BatchesError } from './errors.ts';
import type { BatchServices } from './services.ts';

/** What another made does not exist. @throws BatchesError `batches.not_found` */
export async function ownBatch(
  { batches }: Pick<BatchServices, 'batches'>,
  actor: Pick<Actor, 'accountId'>,
  id: string,
): Promise<SigningBatch> {
  const batch = await batches.get(id);
  if (batch?.owner !== actor.accountId)
    throw new BatchesError('batches.not_found', `no batch ${id} of theirs`);
  return batch;
}

/**
 * Changes the batch from its newest state, again when somebody was faster.
 * @throws BatchesError `batches.not_found`; what `change` throws
 */
export async function changeBatch(
  { batches }: Pick<BatchServices, 'batches'>,
  actor: Pick<Actor, 'accountId'>,
  id: string,
  change: (batch: SigningBatch) => SigningBatch,
): Promise<SigningBatch> {
  for (;;) {
    const batch = await ownBatch({ batches }, actor, id);
    const changed = change(batch);
    if (changed === batch) return batch;
    try {
      return await batches.replace(changed);
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  }
}

export const isConflict = (error: unknown): boolean =>
  error instanceof StorageError && error.code === 'storage.conflict';

export function batchEvent(
  deps: Pick<BatchServices, 'clock' | 'newId'>,
  actor: Pick<Actor, 'accountId'>,
  batchId: string,
  type: string,
  data: DomainEvent['data'] = {},
): DomainEvent {
  const now = deps.clock.now();
  return {
    id: deps.newId(now),
    time: now.toISOString(),
    type: `batch.${type}`,
    actor: actor.accountId,
    subject: { type: 'batch', id: batchId },
    data,
  };
}
