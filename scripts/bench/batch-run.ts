import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { Client } from '../demo/client.ts';

export interface Progress {
  readonly total: number;
  readonly waiting: number;
  readonly signed: number;
  readonly refused: number;
  readonly failed: number;
}
export interface BatchView {
  readonly id: string;
  readonly status: 'collecting' | 'running' | 'interrupted' | 'stopped' | 'finished';
  readonly progress: Progress;
}
export interface ItemView {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly sha256?: string;
}
export interface LoopDelay {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly turns: number;
}

const ROOT = '/api/v1/signing-batches';

/** Makes a batch of so many files and sends them, a few at a time. */
export async function collectBatch(client: Client, files: readonly Uint8Array[]): Promise<BatchView> {
  const { id } = await client.call<BatchView>(ROOT, { body: { reason: 'Ký hàng loạt' } });
  let next = 0;
  const send = async (): Promise<void> => {
    for (let at = next++; at < files.length; at = next++) {
      const form = new FormData();
      const pdf = new Uint8Array(files[at] ?? []);
      form.set('file', new Blob([pdf], { type: 'application/pdf' }), `van-ban-${at + 1}.pdf`);
      await client.call(`${ROOT}/${id}/files`, { form });
    }
  };
  await Promise.all([send(), send(), send(), send()]);
  return readBatch(client, id);
}

export const readBatch = (client: Client, id: string): Promise<BatchView> =>
  client.call<BatchView>(`${ROOT}/${id}`);

export const startBatch = (client: Client, id: string, pin: string): Promise<BatchView> =>
  client.call<BatchView>(`${ROOT}/${id}/resume`, { body: { pin } });

/** Waits until the batch does not run any more. */
export async function awaitBatch(client: Client, id: string): Promise<BatchView> {
  for (;;) {
    const batch = await readBatch(client, id);
    if (batch.status !== 'running') return batch;
    await wait(100);
  }
}

export async function batchItems(client: Client, id: string): Promise<ItemView[]> {
  const items: ItemView[] = [];
  for (let cursor = ''; ; ) {
    const page = await client.call<{ items: ItemView[]; next?: string }>(
      `${ROOT}/${id}/items?limit=200${cursor}`,
    );
    items.push(...page.items);
    if (page.next === undefined) return items;
    cursor = `&cursor=${encodeURIComponent(page.next)}`;
  }
}

export const signedItem = (client: Client, batch: string, item: string): Promise<Buffer> =>
  client.download(`${ROOT}/${batch}/items/${item}/content`);

/** The event loop of a server under observation: {@link observed} is its environment. */
export const observed = (file: string): Record<string, string> => ({
  ANSO_TEST_LOOP_DELAY: file,
  NODE_OPTIONS: `--import ${new URL('./loop-delay.ts', import.meta.url).href}`,
});

/** From here on it is measured. */
export async function beginMeasuring(file: string): Promise<void> {
  await writeFile(`${file}.go`, '');
  await wait(500);
}

export async function measured(file: string): Promise<LoopDelay> {
  await wait(300);
  return JSON.parse(await readFile(file, 'utf8')) as LoopDelay;
}
