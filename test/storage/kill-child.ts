import { newId } from '../../server/platform/ids.ts';
import { openStore } from '../../server/storage/open-store.ts';
import { signing } from '../contract/events.ts';
import { type KillDocument, killSpec } from './kill-documents.ts';

/**
 * Works on the store in argv[2] until it is killed: each round makes a blob, a document with a signing event, a number
 * and a second signing event, several rounds at a time. A line on stdout is a round that the store has answered.
 */
const clock = { now: () => new Date() };
const [, , dataDir = '', certificate = ''] = process.argv;
const store = await openStore({ dataDir }, clock);
const documents = await store.collection<KillDocument>(killSpec);

async function round(): Promise<void> {
  const id = newId();
  const blob = await store.blobs.put(Buffer.from(id.repeat(500)));
  const draft = await documents.insert({ id, blob: blob.sha256, outbox: [signing(certificate)] });
  const row = await store.registers.allocate({ series: 's', documentId: id, time: '', columns: {} });
  await documents.replace({ ...draft, number: row.number, outbox: [signing(certificate)] });
  process.stdout.write(`${id}\n`);
}

const worker = async () => {
  for (;;) await round();
};
await Promise.all([worker(), worker(), worker()]);
