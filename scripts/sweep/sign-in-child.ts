import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** What became of one run of `anso sign`. */
export interface Run {
  /** Its line of JSON; undefined when it said nothing of the file. */
  readonly line: { readonly code: string | null; readonly repaired?: string } | undefined;
  readonly exitCode: number | null;
  readonly stderr: string;
  readonly timedOut: boolean;
  readonly milliseconds: number;
  /** Of resident memory at its peak; undefined when the program did not end by itself. */
  readonly peakMb: number | undefined;
}

export interface Key {
  readonly p12: string;
  readonly pin: string;
}

const program = fileURLToPath(new URL('../../server/anso.js', import.meta.url));
const reporter = new URL('report-peak.ts', import.meta.url).href;

/** Signs as a user does, in a fresh process of the program itself, which is ended when its time is over. */
export async function signInChild(file: string, out: string, key: Key, seconds: number): Promise<Run> {
  const options = ['--p12', key.p12, '--pin-env', 'SWEEP_PIN', '--json'];
  const started = performance.now();
  const child = spawn(process.execPath, ['--import', reporter, program, 'sign', file, out, ...options], {
    env: { PATH: process.env.PATH, SWEEP_PIN: key.pin },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    child.kill('SIGKILL');
  }, seconds * 1000);
  const said = (stream: unknown): Promise<string> => buffer(stream as Readable).then(String);
  const ended = Promise.withResolvers<number | null>();
  child.once('error', ended.reject).once('close', ended.resolve);
  const [stdout, stderr, peak, exitCode] = await Promise.all([
    said(child.stdout),
    said(child.stderr),
    said(child.stdio[3]),
    ended.promise,
  ]);
  clearTimeout(timer);
  return {
    line: stdout.startsWith('{') ? JSON.parse(stdout) : undefined,
    exitCode,
    stderr,
    timedOut,
    milliseconds: performance.now() - started,
    peakMb: peak === '' ? undefined : Number(peak),
  };
}
