import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inParallel } from '../interop/in-parallel.ts';
import { faultsOf, type QpdfVerdict, qpdfVerdict } from './judge-file.ts';
import { type Key, type Run, signInChild } from './sign-in-child.ts';

export interface Limits {
  readonly seconds: number;
  readonly megabytes: number;
}

export interface Row {
  readonly file: string;
  /** `signed`, the code of the refusal, or `crash`. */
  readonly outcome: string;
  readonly repaired: string | null;
  /** What must never be: a byte changed, a signature lost, qpdf worse than before, a limit exceeded, a crash. */
  readonly faults: readonly string[];
  readonly milliseconds: number;
  readonly peakMb: number | null;
  readonly qpdfBefore: QpdfVerdict | null;
}

/** Signs each file once; nothing is left of the results. */
export async function sweepFiles(
  files: readonly string[],
  key: Key,
  limits: Limits,
  onDone: () => void,
): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'anso-sweep-'));
  try {
    return await inParallel([...files.entries()], async ([index, file]) => {
      const row = await sweepFile(file, join(folder, `${index}.pdf`), key, limits);
      onDone();
      return row;
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function sweepFile(file: string, out: string, key: Key, limits: Limits): Promise<Row> {
  const run = await signInChild(file, out, key, limits.seconds);
  const before = qpdfVerdict(file);
  const signed = run.line?.code === null;
  const faults = [
    ...runFaults(run, limits),
    ...(signed ? await faultsOf(file, out) : await leftovers(out)),
    ...(signed && before ? qpdfFaults(before, out) : []),
  ];
  await rm(out, { force: true });
  return {
    file,
    outcome: signed ? 'signed' : (run.line?.code ?? 'crash'),
    repaired: run.line?.repaired ?? null,
    faults,
    milliseconds: Math.round(run.milliseconds),
    peakMb: run.peakMb === undefined ? null : Math.round(run.peakMb),
    qpdfBefore: before ?? null,
  };
}

function runFaults({ line, exitCode, stderr, timedOut, peakMb }: Run, limits: Limits): string[] {
  if (timedOut) return [`time: more than ${limits.seconds} s`];
  const faults: string[] = [];
  if (!line || exitCode !== (line.code === null ? 0 : 1)) {
    faults.push(`crash: exit ${exitCode}: ${stderr.slice(0, 200)}`);
  }
  if ((peakMb ?? 0) > limits.megabytes) faults.push(`memory: ${peakMb} MB`);
  return faults;
}

async function leftovers(out: string): Promise<string[]> {
  const left = await stat(out).catch(() => undefined);
  return left ? ['left behind: a file that was refused'] : [];
}

function qpdfFaults(before: QpdfVerdict, out: string): string[] {
  const after = qpdfVerdict(out);
  return after && after.rank > before.rank ? [`qpdf: ${before.rank} before, ${after.rank} after`] : [];
}
