import { CodedError } from '../errors/coded-error.ts';
import type { AppearanceWish } from '../signing/appearance/plan-appearance.ts';
import type { Warning } from '../signing/appearance/warnings.ts';
import { SigningError, type SigningErrorCode } from '../signing/errors.ts';
import type { KeyProvider } from '../signing/key-provider.ts';
import { openSource, signFile } from '../signing/sign-file.ts';
import type { SignPdfOptions } from '../signing/sign-pdf.ts';
import type { SignJournal } from './sign-journal.ts';

export interface CommonOptions extends Omit<SignPdfOptions, 'source' | 'visible'> {
  /** How the signatures show; without it they do not. */
  readonly appearance?: AppearanceWish;
  /** The key for one use that is counted under that id, however often it is repeated. */
  readonly counted?: (eventId: string) => KeyProvider;
  /** Written on the way, so that a run that is killed can go on. */
  readonly journal?: SignJournal;
}

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
  /** What whoever signs should see, though nothing forbids it; absent when there is nothing. */
  readonly warnings?: readonly Warning[];
  /** What was wrong with the structure of a file that was repaired to be signed. */
  readonly repaired?: string;
  /** The field of the earlier signature that forbids this one. */
  readonly by?: string;
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
  stopOnError = false,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let next = 0;
  let done = 0;
  let stopped = false;
  const worker = async (): Promise<void> => {
    for (let index = next++; ; index = next++) {
      const job = jobs[index];
      if (!job) return;
      const outcome = stopped ? notTried(job) : await signOne(job, options);
      stopped ||= stopOnError && outcome.line.code !== null;
      outcomes[index] = outcome;
      progress(++done);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return outcomes;
}

const notTried = ({ file }: Job): Outcome => ({
  line: { file, out: null, code: 'signing.not_tried' satisfies SigningErrorCode, level: null },
  why: 'an earlier file was refused',
});

async function signOne({ file, out, taken }: Job, options: CommonOptions | CodedError): Promise<Outcome> {
  try {
    if (options instanceof CodedError) throw options;
    if (taken) throw new SigningError('signing.output_taken', 'another file of this run has that name');
    const { journal } = options;
    const earlier = journal && (await signedEarlier({ file, out }, options, journal));
    if (earlier) return { line: earlier };
    const outcome = await signBegun({ file, out }, options);
    journal?.end(outcome.line);
    return outcome;
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return refused(file, error);
  }
}

/** What the journal says of a file, or what its output does when the run was killed before it could say. */
async function signedEarlier(
  { file, out }: Omit<Job, 'taken'>,
  { provider, password, level = 'B-B' }: CommonOptions,
  journal: SignJournal,
): Promise<Line | undefined> {
  const known = journal.signed(file);
  const size = journal.begun(file);
  if (known || size === undefined) return known;
  const { signedBefore } = await import('./signed-before.ts');
  const { fingerprint } = provider.certificate;
  const how = { fingerprint, ...(password !== undefined && { password }) };
  return signedBefore({ file, out, size }, how) ? { file, out, code: null, level } : undefined;
}

async function signBegun({ file, out }: Omit<Job, 'taken'>, options: CommonOptions): Promise<Outcome> {
  const { appearance, journal, counted, ...common } = options;
  try {
    journal?.begin(file, sizeOf(file));
    const provider = journal && counted ? counted(journal.usageId(file)) : common.provider;
    const terms = { ...common, provider };
    const { visible, warnings } = appearance ? await planned(file, appearance, terms) : invisible;
    const { level, repaired } = await signFile(file, out, { ...terms, ...(visible && { visible }) });
    const told = { ...(warnings.length > 0 && { warnings }), ...(repaired && { repaired }) };
    return { line: { file, out, code: null, level, ...told } };
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return refused(file, error);
  }
}

function refused(file: string, { code, message, details: { by } }: CodedError): Outcome {
  const line = { file, out: null, code, level: null, ...(typeof by === 'string' && { by }) };
  return { line, why: message };
}

function sizeOf(file: string): number {
  const source = openSource(file);
  source.close();
  return source.length;
}

const invisible = { visible: undefined, warnings: [] };

async function planned(file: string, wish: AppearanceWish, terms: Omit<CommonOptions, 'appearance'>) {
  const { planAppearance } = await import('../signing/appearance/plan-appearance.ts');
  const source = openSource(file);
  try {
    return await planAppearance(wish, { ...terms, source, certificate: terms.provider.certificate });
  } finally {
    source.close();
  }
}
