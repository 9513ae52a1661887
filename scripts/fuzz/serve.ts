import { peakRss } from '../peak-rss.ts';
import { type CaseId, makeCase, type Target } from './fuzz-case.ts';

/** What the other side asks for: a run of cases, or judgement of given bytes. */
export type Request =
  | { readonly kind: 'run'; readonly id: CaseId; readonly until: number }
  | { readonly kind: 'judge'; readonly target: string; readonly bytes: Uint8Array };

export type Answer =
  | { readonly kind: 'ready' }
  /** A case begins; when nothing more is heard it hangs. */
  | { readonly kind: 'begun'; readonly number: number }
  | { readonly kind: 'judged'; readonly number: number; readonly verdict: Verdict }
  /** `megabytes`: how much the process has grown by all of its cases. */
  | { readonly kind: 'done'; readonly megabytes: number };

export interface Verdict {
  /** What the check found, or the error the product threw. */
  readonly problem?: string;
  readonly stack?: string;
  /** Of the processor, whatever else the machine does. */
  readonly milliseconds: number;
  /** Growth of the process beyond its peak before the case; what was garbage then is not counted. */
  readonly megabytes: number;
}

/** Answers requests of the parent process; one that cannot answer any more is ended by it. */
export function serve(targets: ReadonlyMap<string, Target>): void {
  const start = peakRss();
  const send = (answer: Answer): Promise<void> =>
    new Promise((sent) => {
      process.send?.(answer, undefined, undefined, () => sent());
    });
  const judge = async (target: Target, bytes: Buffer): Promise<Verdict> => {
    const [before, size] = [process.cpuUsage(), peakRss()];
    const found = await outcome(target, bytes);
    const { user, system } = process.cpuUsage(before);
    return { ...found, milliseconds: (user + system) / 1000, megabytes: peakRss() - size };
  };
  process.on('message', async (request: Request) => {
    const target = targets.get(request.kind === 'run' ? request.id.target : request.target);
    if (!target) throw new RangeError('no such target');
    if (request.kind === 'judge') {
      await send({ kind: 'judged', number: 0, verdict: await judge(target, Buffer.from(request.bytes)) });
      return;
    }
    for (let number = request.id.number; number < request.until; number++) {
      await send({ kind: 'begun', number });
      const { bytes } = makeCase(target, { ...request.id, number });
      await send({ kind: 'judged', number, verdict: await judge(target, bytes) });
    }
    await send({ kind: 'done', megabytes: peakRss() - start });
  });
  void send({ kind: 'ready' });
}

async function outcome(target: Target, bytes: Buffer): Promise<Pick<Verdict, 'problem' | 'stack'>> {
  try {
    const problem = await target.check(bytes);
    return problem === undefined ? {} : { problem };
  } catch (error) {
    if (!(error instanceof Error)) return { problem: `threw ${String(error)}` };
    const { name, message, stack } = error;
    const code = 'code' in error ? ` ${String(error.code)}` : '';
    return { problem: `threw ${name}${code}: ${message}`.slice(0, 300), ...(stack && { stack }) };
  }
}
