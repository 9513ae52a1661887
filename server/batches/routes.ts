import { type AnyRoute, defineRoute } from '../platform/route.ts';
import { sendDownload } from '../platform/send-download.ts';
import type { Services } from '../platform/services.ts';
import { oneFile } from '../platform/upload.ts';
import { BeginThread } from '../signing/thread/begin-in-thread.ts';
import { addFile, uploadedFile } from './add-file.ts';
import { ownBatch } from './change-batch.ts';
import { createBatch } from './create-batch.ts';
import { downloadItem, listBatches, listItems } from './get-batch.ts';
import { presentBatch, presentItem } from './presenter.ts';
import {
  BatchView,
  ByBatch,
  ByItem,
  CreateBody,
  ItemsQuery,
  ItemView,
  ListQuery,
  PinBody,
  page,
} from './schema.ts';
import { type BatchPorts, type BatchServices, batchServices } from './services.ts';
import { startBatch } from './start-batch.ts';
import { stopBatch } from './stop-batch.ts';

const common = { tag: 'signing batches', access: 'signed-in' } as const;
const ROOT = '/api/v1/signing-batches';
const refusals = [
  'batches.not_found',
  'batches.running',
  'batches.finished',
  'batches.empty',
  'batches.busy',
];
const pinRefusals = ['signing.wrong_pin', 'signing.pin_locked'];

/** One file may take this long to be read, repaired and hashed. */
const PATIENCE = 60_000;

/** The feature with the thread on which its files are read. */
export async function batchesFeature(
  services: Services & Omit<BatchPorts, 'thread'>,
): Promise<{ readonly routes: AnyRoute[]; close(): Promise<void> }> {
  const thread = new BeginThread(PATIENCE);
  const deps = await batchServices({ ...services, thread });
  return {
    routes: batchesRoutes(deps),
    close: async () => {
      await deps.runs.close();
      await thread.close();
    },
  };
}

/** Many files and documents signed with one PIN and one certificate, in the background. */
export const batchesRoutes = (deps: BatchServices): AnyRoute[] => [
  defineRoute({
    ...common,
    method: 'post',
    path: ROOT,
    summary: 'Make a batch: documents by their ids now, files afterwards',
    description: 'With `pin` it is started at once. Progress and results are read from the batch.',
    idempotency: 'required',
    body: CreateBody,
    response: BatchView,
    status: 202,
    errors: [...pinRefusals, 'batches.certificate_not_yours', 'batches.choose_certificate', 'batches.busy'],
    handle: async ({ actor, body: { pin, ...body }, requestId }) => {
      const batch = await createBatch(deps, actor, body, requestId);
      const waits = pin !== undefined && batch.status === 'collecting';
      return presentBatch(deps, waits ? await startBatch(deps, actor, batch.id, pin) : batch);
    },
  }),
  defineRoute({
    ...common,
    method: 'get',
    path: ROOT,
    summary: 'The caller’s batches, the newest first',
    query: ListQuery,
    response: page(BatchView),
    handle: async ({ actor, query }) => {
      const { items, next } = await listBatches(deps, actor, { limit: 20, ...query });
      const views = await Promise.all(items.map((batch) => presentBatch(deps, batch)));
      return { items: views, ...(next !== undefined && { next }) };
    },
  }),
  defineRoute({
    ...common,
    method: 'get',
    path: `${ROOT}/:batch`,
    summary: 'A batch and how far it is',
    params: ByBatch,
    response: BatchView,
    errors: ['batches.not_found'],
    handle: async ({ actor, params: { batch } }) => presentBatch(deps, await ownBatch(deps, actor, batch)),
  }),
  defineRoute({
    ...common,
    method: 'post',
    path: `${ROOT}/:batch/files`,
    summary: 'Add a PDF file',
    idempotency: 'required',
    upload: oneFile(deps.limits),
    params: ByBatch,
    response: ItemView,
    status: 201,
    errors: [
      'batches.not_found',
      'batches.closed',
      'batches.too_many_items',
      'batches.file_missing',
      'storage.full',
    ],
    handle: async ({ actor, params: { batch }, req, requestId }) =>
      presentItem(deps, await addFile(deps, actor, batch, uploadedFile(req), requestId)),
  }),
  ...(['start', 'resume'] as const).map((verb) =>
    defineRoute({
      ...common,
      method: 'post',
      path: `${ROOT}/:batch/${verb}`,
      summary:
        verb === 'start'
          ? 'Sign what was collected'
          : 'Go on after a stop, or after the server was interrupted',
      description:
        'What is signed already stays signed and is not counted again. The opened key is only in memory.',
      idempotency: 'optional',
      params: ByBatch,
      body: PinBody,
      response: BatchView,
      status: 202,
      errors: [...refusals, ...pinRefusals],
      handle: async ({ actor, params: { batch }, body: { pin } }) =>
        presentBatch(deps, await startBatch(deps, actor, batch, pin)),
    }),
  ),
  defineRoute({
    ...common,
    method: 'post',
    path: `${ROOT}/:batch/stop`,
    summary: 'Stop after the item under way',
    idempotency: 'optional',
    params: ByBatch,
    response: BatchView,
    errors: ['batches.not_found'],
    handle: async ({ actor, params: { batch } }) => presentBatch(deps, await stopBatch(deps, actor, batch)),
  }),
  defineRoute({
    ...common,
    method: 'get',
    path: `${ROOT}/:batch/items`,
    summary: 'The items and what became of each',
    params: ByBatch,
    query: ItemsQuery,
    response: page(ItemView),
    errors: ['batches.not_found'],
    handle: async ({ actor, params: { batch }, query }) => {
      const { items, next } = await listItems(deps, actor, batch, query);
      return { items: items.map((item) => presentItem(deps, item)), ...(next !== undefined && { next }) };
    },
  }),
  defineRoute({
    ...common,
    method: 'get',
    path: `${ROOT}/:batch/items/:item/content`,
    summary: 'The signed PDF of an item',
    params: ByItem,
    contentType: 'application/pdf',
    errors: ['batches.item_not_found'],
    handle: async ({ actor, params: { batch, item }, res }) =>
      sendDownload(res, await downloadItem(deps, actor, batch, item)),
  }),
];
