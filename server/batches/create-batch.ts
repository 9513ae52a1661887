import { idFrom } from '../platform/ids.ts';
import type { Actor } from '../platform/route.ts';
import type { RegisteredCertificate } from '../platform/services.ts';
import { StorageError } from '../storage/errors.ts';
import type { Aggregate, Collection } from '../storage/ports.ts';
import type { BatchItem, SigningBatch } from './batch-record.ts';
import { batchEvent } from './change-batch.ts';
import { BatchesError } from './errors.ts';
import type { BatchServices } from './services.ts';

export interface CreateBatch {
  /** Id in the register; may be left out when the account has only one key here. */
  readonly certificate?: string;
  readonly onError?: 'stop' | 'continue';
  readonly reason?: string;
  readonly rsa?: 'pss' | 'pkcs1';
  /** Documents at a signing step, beside or instead of files that are sent. */
  readonly documents?: readonly { readonly document: string; readonly visit: string }[];
}

/**
 * A new batch with its documents; files are added one by one before it starts. The same request again gives the same batch.
 * @throws BatchesError `batches.certificate_not_yours`, `batches.choose_certificate`; for a document why it cannot be signed
 */
export async function createBatch(
  deps: BatchServices,
  actor: Actor,
  { certificate, documents = [], onError = 'continue', ...wish }: CreateBatch,
  requestId?: string,
): Promise<SigningBatch> {
  const id = requestId === undefined ? deps.newId() : idFrom('signing-batch', requestId);
  const known = await deps.batches.get(id);
  if (known) return known;
  const chosen = await chooseKey(deps, actor, certificate);
  const createdAt = deps.clock.now().toISOString();
  for (const { document, visit } of documents) {
    const name = await deps.documents.describe(actor, document, visit);
    await insertOnce(deps.items, {
      id: idFrom('signing-batch-item', id, document, visit),
      ...{ batchId: id, addedAt: createdAt, name, status: 'waiting' },
      source: { kind: 'document', document, visit },
    } satisfies Omit<BatchItem, 'revision'>);
  }
  return insertOnce<SigningBatch>(deps.batches, {
    ...{ id, createdAt, onError, certificate: chosen, ...wish },
    owner: actor.accountId,
    agencyId: actor.agencyId,
    status: 'collecting',
    outbox: [batchEvent(deps, actor, id, 'created', { certificate: chosen.fingerprint })],
  });
}

async function chooseKey(
  deps: BatchServices,
  actor: Actor,
  id: string | undefined,
): Promise<SigningBatch['certificate']> {
  const held = await deps.certificates.heldBy(actor.accountId);
  const usable = held.flatMap((one) => (one.keyId === undefined ? [] : [{ ...one, keyId: one.keyId }]));
  const wanted = id === undefined ? usable.filter(isActive) : usable.filter((one) => one.id === id);
  const [only, ...others] = wanted;
  if (!only) throw new BatchesError('batches.certificate_not_yours', 'no such key of this account');
  if (others.length > 0) {
    throw new BatchesError('batches.choose_certificate', 'several certificates could be used', {
      details: { certificates: wanted.map((one) => one.id) },
    });
  }
  return { id: only.id, fingerprint: only.fingerprint, keyId: only.keyId };
}

const isActive = ({ state }: RegisteredCertificate): boolean => state === 'active';

/** A row under an id that its request settles: a repeat finds it there. */
export async function insertOnce<T extends Aggregate>(
  rows: Collection<T>,
  value: Omit<T, 'revision'>,
): Promise<T> {
  try {
    return await rows.insert(value);
  } catch (error) {
    const isThere = error instanceof StorageError && error.code === 'storage.duplicate';
    const known = isThere ? await rows.get(value.id) : undefined;
    if (!known) throw error;
    return known;
  }
}
