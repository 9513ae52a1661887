import type { BatchItem, SigningBatch } from './batch-record.ts';
import { progressOf, stateOf } from './get-batch.ts';
import type { BatchView, ItemView } from './schema.ts';
import type { BatchServices } from './services.ts';

/** A batch with its progress, as its owner sees it. */
export async function presentBatch(deps: BatchServices, batch: SigningBatch): Promise<BatchView> {
  const { id, certificate, onError, reason, createdAt, startedAt, endedAt, stoppedBy } = batch;
  return {
    ...{ id, onError, createdAt },
    status: stateOf(deps, batch),
    certificate: { id: certificate.id, fingerprint: certificate.fingerprint },
    ...(reason !== undefined && { reason }),
    ...(startedAt !== undefined && { startedAt }),
    ...(endedAt !== undefined && { endedAt }),
    ...(stoppedBy !== undefined && { stoppedBy }),
    ...(stoppedBy !== undefined && stoppedBy !== 'stopped' && { message: sentences(deps, stoppedBy) }),
    progress: await progressOf(deps, id),
  };
}

export function presentItem(deps: Pick<BatchServices, 'textOf'>, item: BatchItem): ItemView {
  const { id, name, source, status, code, output, field, level, endedAt } = item;
  return {
    ...{ id, name, status, kind: source.kind },
    ...(source.kind === 'document' ? { document: source.document } : { size: source.size }),
    ...(code !== undefined && { code, message: sentences(deps, code) }),
    ...(output && { sha256: output.sha256, signedSize: output.size }),
    ...(field !== undefined && { field }),
    ...(level !== undefined && { level }),
    ...(endedAt !== undefined && { endedAt }),
  };
}

function sentences({ textOf }: Pick<BatchServices, 'textOf'>, code: string): { vi: string; en: string } {
  const { vi, en } = textOf(code);
  return { vi, en };
}
