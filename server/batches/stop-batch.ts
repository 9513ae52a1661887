import type { Actor } from '../platform/route.ts';
import type { SigningBatch } from './batch-record.ts';
import { batchEvent, changeBatch } from './change-batch.ts';
import type { BatchServices } from './services.ts';

/** Ends a run after the item under way; what is signed stays signed. @throws BatchesError `batches.not_found` */
export async function stopBatch(deps: BatchServices, actor: Actor, id: string): Promise<SigningBatch> {
  const event = batchEvent(deps, actor, id, 'stopped', { by: 'owner' });
  const stopped = await changeBatch(deps, actor, id, (batch) =>
    batch.status === 'running'
      ? { ...batch, status: 'stopped', stoppedBy: 'stopped', endedAt: event.time, outbox: [event] }
      : batch,
  );
  await deps.runs.stop(id);
  return stopped;
}
