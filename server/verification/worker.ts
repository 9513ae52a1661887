import { parentPort } from 'node:worker_threads';
import { fileSource } from '../platform/file-source.ts';
import type { VerificationReport } from './report.ts';
import { type TrustBytes, trustStore } from './trust-store.ts';
import { type UsedEvidence, verifyWithEvidence } from './verify-pdf.ts';

/** What the other side sends: trust material when it changed, and a file to judge. */
export interface Job {
  readonly path: string;
  readonly at: Date;
  readonly trust?: TrustBytes;
}

export interface Result {
  readonly report: VerificationReport;
  readonly evidence: UsedEvidence;
}

let trust: TrustBytes = { anchors: [], intermediates: [], crls: [] };

parentPort?.on('message', (job: Job) => {
  if (job.trust) trust = job.trust;
  const source = fileSource(job.path);
  try {
    parentPort?.postMessage(
      verifyWithEvidence(source, { trust: trustStore(trust), at: job.at }) satisfies Result,
    );
  } finally {
    source.close();
  }
});
