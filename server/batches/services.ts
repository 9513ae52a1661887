import type { Actor } from '../platform/route.ts';
import type { CertificateDirectory, Services } from '../platform/services.ts';
import type { SignatureTerms } from '../signing/begin-signature.ts';
import type { CertificateGate } from '../signing/check-certificate.ts';
import type { HeldKey } from '../signing/held-key.ts';
import type { KeyStore } from '../signing/key-store.ts';
import type { BeginThread } from '../signing/thread/begin-in-thread.ts';
import type { Collection } from '../storage/ports.ts';
import { type BatchItem, batchItems, type SigningBatch, signingBatches } from './batch-record.ts';
import { BatchRuns } from './batch-runs.ts';

/** Documents at a signing step, as a batch sees them. */
export interface DocumentSigning {
  /** What it is called. @throws CodedError when the actor may not sign it now. */
  describe(actor: Actor, document: string, visit: string): Promise<string>;
  /** Signs it once for a request, however often that is sent, and counts the use. */
  sign(
    actor: Actor,
    at: {
      readonly document: string;
      readonly visit: string;
      readonly certificate: string;
      readonly reason?: string;
      readonly rsa?: 'pss' | 'pkcs1';
    },
    key: HeldKey,
    requestId: string,
  ): Promise<Pick<Required<BatchItem>, 'output' | 'field' | 'level'>>;
}

export interface BatchPorts {
  readonly certificates: CertificateDirectory;
  readonly keys: Pick<KeyStore, 'hold'>;
  readonly gate: CertificateGate;
  readonly signingTrust: () => Promise<Pick<SignatureTerms, 'crls' | 'issuers'>>;
  readonly documents: DocumentSigning;
  readonly thread: Pick<BeginThread, 'begin'>;
  /** The sentences of an error code. */
  readonly textOf: (code: string) => { readonly vi: string; readonly en: string };
}

export interface BatchServices extends Services, BatchPorts {
  readonly batches: Collection<SigningBatch>;
  readonly items: Collection<BatchItem>;
  readonly runs: BatchRuns;
}

export async function batchServices(services: Services & BatchPorts): Promise<BatchServices> {
  const { store } = services;
  return {
    ...services,
    batches: await store.collection<SigningBatch>(signingBatches),
    items: await store.collection<BatchItem>(batchItems),
    runs: new BatchRuns(services.newId()),
  };
}
