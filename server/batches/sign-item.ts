import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CodedError } from '../errors/coded-error.ts';
import { joinedSource, windows } from '../pdf/byte-source.ts';
import { withFileSource } from '../platform/file-source.ts';
import type { Actor } from '../platform/route.ts';
import { checkCertificate } from '../signing/check-certificate.ts';
import { finishSignature, type SignedPdf } from '../signing/finish-signature.ts';
import type { HeldKey } from '../signing/held-key.ts';
import { issuerChain } from '../signing/issuer-chain.ts';
import type { KeyProvider } from '../signing/key-provider.ts';
import type { UsageEvent } from '../storage/ports.ts';
import type { BatchItem, SigningBatch } from './batch-record.ts';
import { batchEvent, isConflict } from './change-batch.ts';
import type { BatchServices } from './services.ts';

/** What became of an item: undefined code, it is signed. */
export interface ItemOutcome {
  readonly code?: string;
}

type Result = Pick<BatchItem, 'status' | 'code' | 'output' | 'field' | 'level'>;

/** Signs one item and writes its outcome, with the use of the certificate, in one write. */
export async function signItem(
  deps: BatchServices,
  actor: Actor,
  batch: SigningBatch,
  item: BatchItem,
  key: HeldKey,
): Promise<ItemOutcome> {
  let usage: UsageEvent | undefined;
  const sink = {
    record: (event: UsageEvent): void => {
      usage = event;
    },
  };
  const result = await (item.source.kind === 'file'
    ? signFile(deps, batch, item.source.sha256, key, sink)
    : signDocument(deps, actor, batch, item, key)
  ).catch(refusal);
  try {
    await write(deps, actor, item, result, usage);
  } catch (error) {
    // Another run was faster with this item: what it wrote and counted stands, and what was made here is nobody's.
    if (!isConflict(error)) throw error;
    return {};
  }
  return result.code === undefined ? {} : { code: result.code };
}

function refusal(error: unknown): Result {
  if (!(error instanceof CodedError)) return { status: 'failed', code: 'signing.failed' };
  return { status: 'refused', code: error.code };
}

/** Read and hashed on a thread; here only the key, and the signed file on its way to the disk. */
async function signFile(
  deps: BatchServices,
  batch: SigningBatch,
  sha256: string,
  key: HeldKey,
  sink: { record(event: UsageEvent): void },
): Promise<Result> {
  const path = join(deps.limits.temporaryFolder, deps.newId());
  const context = { channel: 'server', agencyId: batch.agencyId } as const;
  try {
    const { signed, output } = await key.metered({ sink, context }).attempt(async (provider) => {
      await spool(deps, sha256, path);
      const done = await sign(deps, batch, path, provider);
      return { signed: done, output: await keep(deps, path, done) };
    });
    return { status: 'signed', output, field: signed.field, level: signed.level };
  } finally {
    await rm(path, { force: true });
  }
}

async function spool({ store, limits }: BatchServices, sha256: string, path: string): Promise<void> {
  await mkdir(limits.temporaryFolder, { recursive: true, mode: 0o700 });
  await pipeline(await store.blobs.read(sha256), createWriteStream(path, { flags: 'wx', mode: 0o600 }));
}

async function sign(
  deps: BatchServices,
  { reason, rsa }: SigningBatch,
  path: string,
  provider: KeyProvider,
): Promise<SignedPdf> {
  const at = deps.clock.now();
  const { certificate, chain } = provider;
  const trust = await deps.signingTrust();
  const issuers = [...chain, ...(trust.issuers ?? [])];
  await checkCertificate(certificate, { ...trust, at, issuers, gate: deps.gate });
  const begun = await deps.thread.begin({
    ...{ path, at, certificate },
    chain: issuerChain(certificate, issuers),
    wish: { ...(reason !== undefined && { reason }), ...(rsa !== undefined && { rsa }) },
  });
  return finishSignature(begun, await provider.signature(begun.toBeSigned, begun.algorithm));
}

const keep = (
  { store }: BatchServices,
  path: string,
  { appended }: SignedPdf,
): Promise<{ sha256: string; size: number }> =>
  withFileSource(path, (source) => store.blobs.put(stream(windows(joinedSource(source, appended)))));

async function* stream(parts: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* parts;
}

/** The document keeps and counts by itself; the request is the item, so a repeat after a crash finds it signed. */
async function signDocument(
  deps: BatchServices,
  actor: Actor,
  { certificate, reason, rsa }: SigningBatch,
  { id, source }: BatchItem,
  key: HeldKey,
): Promise<Result> {
  if (source.kind !== 'document') throw new TypeError('a file is no document');
  const { document, visit } = source;
  const at = { document, visit, certificate: certificate.id };
  const wish = { ...(reason !== undefined && { reason }), ...(rsa !== undefined && { rsa }) };
  return { status: 'signed', ...(await deps.documents.sign(actor, { ...at, ...wish }, key, id)) };
}

function write(
  deps: BatchServices,
  actor: Actor,
  item: BatchItem,
  result: Result,
  usage: UsageEvent | undefined,
): Promise<BatchItem> {
  const counted = usage && settled(usage, result);
  const facts = { item: item.id, name: item.name, ...(result.code !== undefined && { code: result.code }) };
  const event = batchEvent(deps, actor, item.batchId, `item_${result.status}`, facts);
  return deps.items.replace({
    ...item,
    ...result,
    endedAt: event.time,
    outbox: [counted ? { ...event, id: counted.id, time: counted.time, usage: counted } : event],
  });
}

/** What the meter said, corrected when something failed behind it. */
const settled = (usage: UsageEvent, { code, status }: Result): UsageEvent =>
  status === 'signed' || usage.outcome !== 'signed'
    ? usage
    : { ...usage, outcome: 'failed', code: code ?? 'signing.failed' };
