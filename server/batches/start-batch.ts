import type { Actor } from '../platform/route.ts';
import type { HeldKey } from '../signing/held-key.ts';
import type { UsageEvent } from '../storage/ports.ts';
import type { SigningBatch } from './batch-record.ts';
import { batchEvent, changeBatch, ownBatch } from './change-batch.ts';
import { BatchesError } from './errors.ts';
import { runBatch } from './run-batch.ts';
import type { BatchServices } from './services.ts';

/**
 * Opens the batch's key with the PIN, once, and signs in the background what still waits: at first, after it was stopped, and
 * after the server was killed. The opened key is in this process only; a run of another process that is still alive ends at
 * its next item.
 *
 * @throws BatchesError `batches.not_found`, `batches.empty`, `batches.finished`, `batches.running`, `batches.busy`;
 * SigningError `signing.wrong_pin`, `signing.pin_locked`
 */
export async function startBatch(
  deps: BatchServices,
  actor: Actor,
  id: string,
  pin: string,
): Promise<SigningBatch> {
  const { runs } = deps;
  const before = await ownBatch(deps, actor, id);
  if (before.status === 'finished') throw new BatchesError('batches.finished', 'nothing waits');
  if ((await deps.items.count('batch', { prefix: [id] })) === 0) {
    throw new BatchesError('batches.empty', 'no items');
  }
  const giveBack = runs.reserve(id);
  try {
    return await openAndRun(deps, actor, before, pin);
  } finally {
    giveBack();
  }
}

async function openAndRun(
  deps: BatchServices,
  actor: Actor,
  before: SigningBatch,
  pin: string,
): Promise<SigningBatch> {
  const { runs, clock } = deps;
  const { id } = before;
  const key = await openKey(deps, actor, before, pin);
  const runId = deps.newId();
  try {
    runs.checkOpen();
    const now = clock.now().toISOString();
    const verb = before.startedAt === undefined ? 'started' : 'resumed';
    const event = batchEvent(deps, actor, id, verb);
    const batch = await changeBatch(deps, actor, id, ({ stoppedBy: _, endedAt: __, ...current }) => ({
      ...current,
      status: 'running',
      startedAt: current.startedAt ?? now,
      run: { id: runId, server: runs.server, beat: now },
      outbox: [event],
    }));
    runs.checkOpen();
    runs.start(id, runId, key, (run) => runBatch(deps, actor, batch, run));
    return batch;
  } catch (error) {
    key.release();
    throw error;
  }
}

/** A PIN that is refused is a use of the certificate, and counted with the batch. */
async function openKey(
  deps: BatchServices,
  actor: Actor,
  batch: SigningBatch,
  pin: string,
): Promise<HeldKey> {
  const refused: UsageEvent[] = [];
  const context = { channel: 'server', agencyId: batch.agencyId } as const;
  const sink = { record: (event: UsageEvent) => void refused.push(event) };
  try {
    return await deps.keys.hold(batch.certificate.keyId, pin, { sink, context });
  } catch (error) {
    const [usage] = refused;
    if (usage) {
      const facts = { certificate: usage.certificate, code: usage.code ?? 'unknown' };
      const event = { ...batchEvent(deps, actor, batch.id, 'start_refused', facts), id: usage.id, usage };
      await changeBatch(deps, actor, batch.id, (current) => ({ ...current, outbox: [event] }));
    }
    throw error;
  }
}
