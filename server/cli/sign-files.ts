import { CodedError } from '../errors/coded-error.ts';
import { SigningError } from '../signing/errors.ts';
import { signFile } from '../signing/sign-file.ts';
import type { SignPdfOptions } from '../signing/sign-pdf.ts';

export type CommonOptions = Omit<SignPdfOptions, 'source'>;

export interface Job {
  readonly file: string;
  readonly out: string;
  /** Another file of this run has the same output. */
  readonly taken: boolean;
}

/** One line of the answer; `code` is null when the file was signed. */
export interface Line {
  readonly file: string;
  readonly out: string | null;
  readonly code: string | null;
  readonly level: string | null;
}

/** A line, and for people why the file was refused. */
export interface Outcome {
  readonly line: Line;
  readonly why?: string;
}

/** Files signed at once: the key works on other threads while the next file is read. */
const AT_ONCE = 4;

/** Some files at a time; the outcomes are in the order of the jobs. */
export async function signAll(
  jobs: readonly Job[],
  options: CommonOptions | CodedError,
  progress: (done: number) => void,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let next = 0;
  let done = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; ; index = next++) {
      const job = jobs[index];
      if (!job) return;
      outcomes[index] = await signOne(job, options);
      progress(++done);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return outcomes;
}

async function signOne({ file, out, taken }: Job, options: CommonOptions | CodedError): Promise<Outcome> {
  try {
    if (options instanceof CodedError) throw options;
    if (taken) throw new SigningError('signing.output_taken', 'another file of this run has that name');
    const { level } = await signFile(file, out, options);
    return { line: { file, out, code: null, level } };
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return { line: { file, out: null, code: error.code, level: null }, why: error.message };
  }
}
