import { parentPort } from 'node:worker_threads';
import { CodedError } from '../../errors/coded-error.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { withFileSource } from '../../platform/file-source.ts';
import { beginSignature } from '../begin-signature.ts';
import type { SigningAlgorithm } from '../choose-algorithm.ts';

/** What the other side sends: a file and what its signature is to be. The certificate was checked there. */
export interface BeginJob {
  readonly path: string;
  readonly at: Date;
  readonly certificate: Uint8Array;
  /** Issuers, nearest first. */
  readonly chain: readonly Uint8Array[];
  readonly wish: {
    readonly field?: string;
    readonly reason?: string;
    readonly location?: string;
    readonly rsa?: 'pss' | 'pkcs1';
  };
}

/** A begun signature in values that cross a thread, or why there is none. */
export type BeginResult =
  | {
      readonly fieldName: string;
      readonly fieldRef: readonly [number, number];
      readonly signatureRef: readonly [number, number];
      readonly appended: Uint8Array;
      readonly byteRange: readonly [number, number, number, number];
      readonly contentDigest: Uint8Array;
      readonly algorithm: SigningAlgorithm;
      readonly repaired: string | null;
      readonly sourceLength: number;
    }
  | { readonly code: string; readonly message: string; readonly details: Readonly<Record<string, unknown>> };

parentPort?.on('message', async (job: BeginJob) => {
  parentPort?.postMessage(await begin(job).catch(refusal));
});

async function begin({ path, at, certificate, chain, wish }: BeginJob): Promise<BeginResult> {
  const key = {
    certificate: parseCertificate(certificate),
    chain: chain.map((der) => parseCertificate(der)),
  };
  return withFileSource(path, async (source) => {
    const begun = await beginSignature(key, { ...wish, source, clock: { now: () => at } });
    const { fieldName, fieldRef, signatureRef, appended, byteRange } = begun.prepared;
    return {
      ...{ fieldName, appended, byteRange },
      fieldRef: [fieldRef.number, fieldRef.generation],
      signatureRef: [signatureRef.number, signatureRef.generation],
      contentDigest: begun.cms.contentDigest,
      algorithm: begun.algorithm,
      repaired: begun.repaired,
      sourceLength: source.length,
    };
  });
}

function refusal(error: unknown): BeginResult {
  if (!(error instanceof CodedError)) throw error;
  const { code, message, details } = error;
  return { code, message, details };
}
