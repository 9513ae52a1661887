import type { Actor } from '../platform/route.ts';
import type { Download } from '../platform/send-download.ts';
import type { Page } from '../storage/ports.ts';
import type { BatchItem, ItemStatus, SigningBatch } from './batch-record.ts';
import { ownBatch } from './change-batch.ts';
import { BatchesError } from './errors.ts';
import type { BatchServices } from './services.ts';

export type Progress = Readonly<Record<ItemStatus | 'total', number>>;

/** Milliseconds after which a run that does not say it lives is taken for dead. */
const PATIENCE = 15_000;

/** How far a batch is: counted in the index, whatever wrote the items. */
export async function progressOf({ items }: BatchServices, batchId: string): Promise<Progress> {
  const count = (status: ItemStatus) => items.count('status', { prefix: [batchId, status] });
  const [waiting, signed, refused, failed] = await Promise.all([
    count('waiting'),
    count('signed'),
    count('refused'),
    count('failed'),
  ]);
  return { waiting, signed, refused, failed, total: waiting + signed + refused + failed };
}

/** Its state to its owner: a run whose process is gone was interrupted, and waits for the PIN. */
export function stateOf(deps: BatchServices, batch: SigningBatch): SigningBatch['status'] | 'interrupted' {
  if (batch.status !== 'running' || deps.runs.has(batch.id)) return batch.status;
  // One process alone has a SQLite store, so a run that is not here is nowhere.
  if (deps.store.engine === 'sqlite') return 'interrupted';
  const silence = deps.clock.now().getTime() - Date.parse(batch.run?.beat ?? '');
  return silence < PATIENCE ? 'running' : 'interrupted';
}

export const listBatches = (
  { batches }: BatchServices,
  actor: Actor,
  options: { readonly limit?: number; readonly cursor?: string },
): Promise<Page<SigningBatch>> =>
  batches.find('owner', { ...options, prefix: [actor.accountId], descending: true });

/** @throws BatchesError `batches.not_found` */
export async function listItems(
  deps: BatchServices,
  actor: Actor,
  batchId: string,
  { status, ...options }: { readonly status?: ItemStatus; readonly limit?: number; readonly cursor?: string },
): Promise<Page<BatchItem>> {
  await ownBatch(deps, actor, batchId);
  return status === undefined
    ? deps.items.find('batch', { ...options, prefix: [batchId] })
    : deps.items.find('status', { ...options, prefix: [batchId, status] });
}

/** The signed file of an item. @throws BatchesError `batches.not_found`, `batches.item_not_found` */
export async function downloadItem(
  deps: BatchServices,
  actor: Actor,
  batchId: string,
  itemId: string,
): Promise<Download> {
  await ownBatch(deps, actor, batchId);
  const item = await deps.items.get(itemId);
  if (item?.batchId !== batchId || !item.output) {
    throw new BatchesError('batches.item_not_found', `no signed item ${itemId}`);
  }
  const { output, name } = item;
  return {
    ...output,
    name: name.toLowerCase().endsWith('.pdf') ? name : `${name}.pdf`,
    mediaType: 'application/pdf',
    open: (range) => deps.store.blobs.read(output.sha256, range),
  };
}
