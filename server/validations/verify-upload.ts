import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../platform/clock.ts';
import type { Actor } from '../platform/route.ts';
import type { TrustMaterial } from '../platform/services.ts';
import type { Collection, Store } from '../storage/ports.ts';
import type { VerificationWorker } from '../verification/verification-worker.ts';
import type { Validation } from './validation.ts';

export interface ValidationsDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly newId: (time?: Date) => string;
  readonly trust: TrustMaterial;
  readonly worker: VerificationWorker;
  readonly validations: Collection<Validation>;
}

export interface UploadedPdf {
  readonly path: string;
  readonly name: string;
}

/** Longest file name kept. */
const MAX_NAME = 255;

/**
 * Judges an uploaded file and keeps the report with its evidence; the file itself is not kept.
 * @throws VerificationError `verification.busy`
 */
export async function verifyUpload(
  deps: ValidationsDeps,
  actor: Actor | undefined,
  { path, name }: UploadedPdf,
): Promise<Validation> {
  const at = deps.clock.now();
  const { report, evidence } = await deps.worker.verify(path, await deps.trust.current(), at);
  const { size } = await stat(path);
  const kept = (ders: readonly Uint8Array[]) =>
    Promise.all(ders.map(async (der) => (await deps.store.blobs.put(der)).sha256));
  return deps.validations.insert({
    id: deps.newId(at),
    time: at.toISOString(),
    // Never half of a surrogate pair, which no store can carry.
    file: { name: name.slice(0, MAX_NAME).replace(/\p{Cs}$/u, ''), sha256: await digestOf(path), size },
    ...(actor && { askedBy: actor.accountId }),
    report,
    evidence: {
      certificates: evidence.certificates.map((der) => Buffer.from(der).toString('base64')),
      crls: await kept(evidence.crls),
      ocsps: await kept(evidence.ocsps),
    },
  });
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
