import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeIdentity } from '../../test/signing/identities.ts';
import { samplePdf } from '../../test/signing/sample-pdf.ts';
import { mustRun } from '../interop/run-tool.ts';
import type { Measurement } from './measure.ts';
import type { RowRequest } from './row.ts';
import { type BenchKey, type OutsideSubject, type Subject, subjects } from './subjects.ts';

export interface SignBenchOptions {
  readonly sizes: readonly number[];
  readonly keys: readonly BenchKey[];
  /** Measured time of each row. */
  readonly seconds: number;
  readonly cache: string;
  /** For documents and keys of other programs. */
  readonly folder: string;
  readonly onRow: (row: Row) => void;
}

export interface Row extends Partial<Measurement> {
  readonly bytes: number;
  readonly key: BenchKey;
  readonly signer: string;
  /** Why there are no figures. */
  readonly skipped?: string;
}

/** No row takes longer: whoever needs minutes for a document is told to have failed. */
const LONGEST_ROW = 240_000;

/** Measures every signer with every size and key, one after the other. */
export async function benchSign(options: SignBenchOptions): Promise<Row[]> {
  const rows: Row[] = [];
  for (const bytes of options.sizes) {
    for (const key of options.keys) {
      for (const subject of subjects) {
        const row = { bytes, key, signer: subject.name, ...(await rowOf(subject, key, bytes, options)) };
        rows.push(row);
        options.onRow(row);
      }
    }
  }
  return rows;
}

async function rowOf(
  subject: Subject,
  key: BenchKey,
  bytes: number,
  options: SignBenchOptions,
): Promise<Measurement | { readonly skipped: string }> {
  const why = subject.refuses?.(key) ?? subject.peer?.missing();
  if (why !== undefined) return { skipped: why };
  try {
    const peer = (await subject.peer?.install(options.cache)) ?? '';
    if (subject.kind === 'outside') return await measureOutside(subject, peer, key, bytes, options);
    const { seconds } = options;
    return await measureInNode({ index: subjects.indexOf(subject), key, bytes, seconds, peer });
  } catch (error) {
    return { skipped: (error instanceof Error ? error.message : String(error)).trim().slice(-200) };
  }
}

async function measureInNode(request: RowRequest): Promise<Measurement> {
  const child = fork(new URL('./row.ts', import.meta.url), { timeout: LONGEST_ROW });
  const exited = once(child, 'exit');
  child.send(request);
  const [result] = (await Promise.race([
    once(child, 'message'),
    exited.then(([code, signal]) => Promise.reject(new Error(`ended with ${code ?? signal}`))),
  ])) as [Measurement];
  await exited;
  return result;
}

async function measureOutside(
  subject: OutsideSubject,
  peer: string,
  key: BenchKey,
  bytes: number,
  { folder, seconds }: SignBenchOptions,
): Promise<Measurement> {
  const identity = makeIdentity(key);
  const paths = ['in.pdf', 'key.pem', 'certificate.pem'].map((name) => join(folder, name));
  const contents = [samplePdf({ size: bytes }), identity.keyPem, identity.pem];
  await Promise.all(paths.map((path, i) => writeFile(path, contents[i] ?? '', { mode: 0o600 })));
  const [command, ...args] = subject.command(peer);
  const output = await mustRun(command, [...args, ...paths, String(seconds)], { timeout: LONGEST_ROW });
  return JSON.parse(output) as Measurement;
}
