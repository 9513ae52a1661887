import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import type { Measurement } from './measure.ts';
import { RAW, subjects } from './subjects.ts';

export interface BenchOptions {
  /** Measured time of each row. */
  readonly seconds: number;
  /** Bytes of the document. */
  readonly size: number;
  /** Documents in work at the same time. */
  readonly atOnce: number;
  readonly json: boolean;
}

interface Row {
  readonly key: string;
  readonly who: string;
  readonly installed: boolean;
  readonly docsPerSecond?: number;
  readonly cpuMsPerDoc?: number;
  readonly peakRssMiB?: number;
  /** Share of the bare key's rate in the same run. */
  readonly ofRaw?: number;
}

/** Measures every signer beside the bare key and prints a table, or one JSON object. */
export async function benchSign(options: BenchOptions): Promise<void> {
  const rows: Row[] = [];
  const rawRates = new Map<string, number>();
  for (const [index, { key, who }] of subjects.entries()) {
    const result = await inOwnProcess(index, options);
    if (result && who === RAW) rawRates.set(key, result.perSecond);
    rows.push(toRow(key, who, result, rawRates.get(key)));
  }
  const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length };
  const { json, ...conditions } = options;
  if (json) process.stdout.write(`${JSON.stringify({ bench: 'sign', ...conditions, ...machine, rows })}\n`);
  else process.stdout.write(`${tableOf(rows, options, machine)}\n`);
}

async function inOwnProcess(
  index: number,
  { seconds, size, atOnce }: BenchOptions,
): Promise<Measurement | null> {
  const child = fork(new URL('./row.ts', import.meta.url), [index, seconds, size, atOnce].map(String));
  const exited = once(child, 'exit');
  const [result] = (await Promise.race([
    once(child, 'message'),
    exited.then(([code]) => Promise.reject(new Error(`row ${index} ended with exit code ${code}`))),
  ])) as [Measurement | null];
  await exited;
  return result;
}

function toRow(key: string, who: string, result: Measurement | null, raw: number | undefined): Row {
  if (!result) return { key, who, installed: false };
  return {
    key,
    who,
    installed: true,
    docsPerSecond: rounded(result.perSecond, 1),
    cpuMsPerDoc: rounded(result.cpuMilliseconds, 3),
    peakRssMiB: Math.round(result.peakRss),
    ...(raw && { ofRaw: rounded(result.perSecond / raw, 3) }),
  };
}

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

function tableOf(
  rows: readonly Row[],
  options: BenchOptions,
  machine: { node: string; cpu: string; cores: number },
): string {
  const head = ['key', 'signer', 'docs/s', 'CPU ms/doc', 'peak MiB', 'of raw'];
  const cells = rows.map((row) =>
    row.installed
      ? [row.key, row.who, row.docsPerSecond, row.cpuMsPerDoc, row.peakRssMiB, row.ofRaw].map(String)
      : [row.key, row.who, 'not installed', '', '', ''],
  );
  const widths = head.map((title, i) =>
    Math.max(...[head, ...cells].map((row) => row[i]?.length ?? 0), title.length),
  );
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => (i < 2 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ');
  const about = `signing ${options.size} bytes, ${options.atOnce} at once; ${machine.node}, ${machine.cores} × ${machine.cpu}`;
  return [about, line(head), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n');
}
