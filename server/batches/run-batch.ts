import { setImmediate as nextTurn } from 'node:timers/promises';
import { CodedError } from '../errors/coded-error.ts';
import type { Actor } from '../platform/route.ts';
import type { BatchItem, SigningBatch } from './batch-record.ts';
import type { Run } from './batch-runs.ts';
import { batchEvent, changeBatch } from './change-batch.ts';
import type { BatchServices } from './services.ts';
import { signItem } from './sign-item.ts';

/** Items signed at once: one waits for the disk while the other is read. */
const AT_ONCE = 2;
/** How many waiting items are looked up at a time. */
const PAGE = 50;
/** Milliseconds after which a run says again that it lives. */
const BEAT = 5_000;

/** Signs what waits until nothing does, it is stopped, or an item says so. Never throws: what breaks it stops the batch. */
export async function runBatch(
  deps: BatchServices,
  actor: Actor,
  batch: SigningBatch,
  run: Run,
): Promise<void> {
  let stoppedBy: string | undefined;
  const queue = waitingItems(deps, batch.id);
  const work = async (): Promise<void> => {
    while (!run.stopped && stoppedBy === undefined) {
      const { value: item, done } = await queue.next();
      if (done || !(await isStillOurs(deps, actor, batch.id, run))) return;
      const { code } = await signItem(deps, actor, batch, item, run.key);
      if (code !== undefined && (batch.onError === 'stop' || concernsAll(code))) stoppedBy ??= code;
      // Signatures of small files would otherwise follow each other without a turn for anybody else.
      await nextTurn();
    }
  };
  const broken = (error: unknown): void => {
    deps.logger.error({ err: error, batchId: batch.id }, 'a batch was broken off');
    stoppedBy ??= error instanceof CodedError ? error.code : 'signing.failed';
  };
  await Promise.all(Array.from({ length: AT_ONCE }, () => work().catch(broken)));
  await end(deps, actor, batch.id, run, stoppedBy).catch((error: unknown) =>
    deps.logger.error({ err: error, batchId: batch.id }, 'the end of a batch could not be stored'),
  );
}

/** Each waiting item once, whoever of the workers asks; those that were refused wait no more. */
async function* waitingItems({ items }: BatchServices, batchId: string): AsyncGenerator<BatchItem> {
  const given = new Set<string>();
  for (;;) {
    const page = await items.find('status', { prefix: [batchId, 'waiting'], limit: PAGE + AT_ONCE });
    const fresh = page.items.filter(({ id }) => !given.has(id));
    if (fresh.length === 0) return;
    for (const item of fresh) {
      given.add(item.id);
      yield item;
    }
  }
}

/** What stands against the certificate, the token or the disk stands against every other item as well. */
const concernsAll = (code: string): boolean =>
  /^(certificates\.|signing\.(certificate|token|pkcs11|key)_|storage\.)/.test(code) &&
  code !== 'storage.conflict';

/** Another process may have taken the batch over, or its owner stopped it there. */
async function isStillOurs(deps: BatchServices, actor: Actor, id: string, run: Run): Promise<boolean> {
  const now = deps.clock.now();
  const batch = await deps.batches.get(id);
  if (batch?.status !== 'running' || batch.run?.id !== run.id) return false;
  if (now.getTime() - Date.parse(batch.run.beat) < BEAT) return true;
  const beaten = await changeBatch(deps, actor, id, (current) =>
    current.run?.id === run.id ? { ...current, run: { ...current.run, beat: now.toISOString() } } : current,
  );
  return beaten.run?.id === run.id;
}

async function end(
  deps: BatchServices,
  actor: Actor,
  id: string,
  run: Run,
  stoppedBy: string | undefined,
): Promise<void> {
  const waiting = await deps.items.count('status', { prefix: [id, 'waiting'] });
  const status = stoppedBy === undefined && waiting === 0 ? 'finished' : 'stopped';
  const event = batchEvent(deps, actor, id, status, { ...(stoppedBy && { code: stoppedBy }) });
  await changeBatch(deps, actor, id, (current) => {
    if (current.run?.id !== run.id || current.status !== 'running') return current;
    const { run: _, ...rest } = current;
    const why = status === 'stopped' ? { stoppedBy: stoppedBy ?? 'stopped' } : {};
    return { ...rest, status, endedAt: event.time, ...why, outbox: [event] };
  });
}
