import { statSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { CodedError } from '../errors/coded-error.ts';
import { type CommandIo, UsageError } from './command.ts';
import { printLine } from './print.ts';
import { type CommonOptions, type Job, type Outcome, signAll } from './sign-files.ts';
import { SignJournal } from './sign-journal.ts';

export interface ManyFiles {
  readonly folder: string;
  /** What a killed run left is taken up. */
  readonly resume: boolean;
  readonly stopOnError: boolean;
  /** Nobody is asked. */
  readonly yes: boolean;
}

/**
 * Signs a pile with one key: says first what will be done, and asks when somebody is there; keeps a journal, so that a run
 * that is killed can be taken up; ends with a table of what became of it. The table and the summary go to stderr.
 * @throws UsageError when the answer is no
 */
export async function signMany(
  jobs: readonly Job[],
  options: CommonOptions | CodedError,
  many: ManyFiles,
  io: CommandIo,
  progress: (done: number) => void,
): Promise<Outcome[]> {
  if (options instanceof CodedError) return signAll(jobs, options, progress);
  for (const line of summary(jobs, options, many)) printLine(io.stderr, line);
  if (io.isTTY && !many.yes) await mustAgree(io);
  const certificate = options.provider.certificate.fingerprint;
  const journal = new SignJournal(many.folder, { resume: many.resume, certificate });
  let isFinished = false;
  try {
    const outcomes = await signAll(jobs, { ...options, journal }, progress, many.stopOnError);
    isFinished = outcomes.every(({ line }) => line.code !== 'signing.not_tried');
    for (const line of table(outcomes)) printLine(io.stderr, line);
    return outcomes;
  } finally {
    journal.close(isFinished);
  }
}

function summary(jobs: readonly Job[], options: CommonOptions, many: ManyFiles): string[] {
  const bytes = jobs.reduce((sum, { file }) => sum + sizeOf(file), 0);
  const { subject, notAfter, fingerprint } = options.provider.certificate;
  return [
    `${jobs.length} files, ${(bytes / 1e6).toFixed(1)} MB, to be signed at ${options.level ?? 'B-B'} into ${many.folder}`,
    `with ${subject.toString()}, until ${notAfter.toISOString().slice(0, 10)} (${fingerprint.slice(0, 16)}…)`,
    `when one is refused: ${many.stopOnError ? 'stop' : 'go on'}${many.resume ? '; a run that was broken off is taken up' : ''}`,
  ];
}

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

async function mustAgree({ stdin, stderr }: CommandIo): Promise<void> {
  const lines = createInterface({ input: stdin, output: stderr });
  try {
    const answer = await lines.question('Go on? [y/N] ');
    if (!/^(y|yes|c|có)$/i.test(answer.trim())) throw new UsageError('nothing was signed');
  } finally {
    lines.close();
  }
}

/** How many were signed, and for each reason how many were not. */
function table(outcomes: readonly Outcome[]): string[] {
  const groups = Map.groupBy(outcomes, ({ line }) => line.code ?? 'signed');
  const width = Math.max(...[...groups.keys()].map((code) => code.length));
  return [...groups]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([code, of]) => `${code.padEnd(width)}  ${String(of.length).padStart(6)}`);
}
