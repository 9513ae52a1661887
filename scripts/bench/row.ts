import { once } from 'node:events';
import type { Identity } from '../../test/signing/identities.ts';
import { freshKeys, makeIdentity } from '../../test/signing/identities.ts';
import { samplePdf } from '../../test/signing/sample-pdf.ts';
import { measure } from './measure.ts';
import { type BenchKey, rawWork, subjects } from './subjects.ts';

/** What one process is to measure. */
export interface RowRequest {
  /** Of {@link subjects}. */
  readonly index: number;
  readonly key: BenchKey;
  readonly bytes: number;
  readonly seconds: number;
  /** What installing its peer gave. */
  readonly peer: string;
}

/** One row of the table, in a process of its own so that its memory is its own. Asked and answers through the IPC channel. */
const [request] = (await once(process, 'message')) as [RowRequest];
const subject = subjects[request.index];
if (subject?.kind !== 'node') throw new RangeError(`${request.index} is no row of Node`);
const identity: Identity = makeIdentity(request.key, { keys: freshKeys(request.key) });
const work = await subject.prepare(identity, samplePdf({ size: request.bytes }), request.peer);
const { seconds } = request;
const raw = subject.besideRaw ? rawWork(identity) : undefined;
process.send?.(await measure(work, { seconds, atOnce: subject.atOnce ?? 1, raw }));
process.disconnect();
