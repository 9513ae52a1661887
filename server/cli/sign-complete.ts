import { readFile, rename, stat, unlink } from 'node:fs/promises';
import { CodedError } from '../errors/coded-error.ts';
import type { ByteSource } from '../pdf/byte-source.ts';
import { completeDeferred, type DeferredCompletion } from '../signing/deferred/complete-deferred.ts';
import { type DeferredState, invalidState, MAX_STATE, readState } from '../signing/deferred/state.ts';
import { SigningError } from '../signing/errors.ts';
import type { SignedPdf } from '../signing/finish-signature.ts';
import { openSource } from '../signing/sign-file.ts';
import { onlyNewNames, writeSignedFile } from '../signing/write-signed-file.ts';
import { type CommandIo, exitCodes, UsageError } from './command.ts';
import { parseOptions } from './parse-options.ts';
import { printJson, printLine } from './print.ts';
import { readInput } from './read-input.ts';
import { signatureTerms, TERMS_OPTIONS } from './signature-terms.ts';
import { usageSink } from './usage-sink.ts';

const { rsa, tsa, 'password-env': passwordEnv } = TERMS_OPTIONS;
const OPTIONS = {
  'password-env': passwordEnv,
  tsa,
  signature: { type: 'string' },
  in: { type: 'string' },
  out: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

/** `anso sign complete`: see deferred-help.ts. */
export async function complete(argv: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseOptions(argv, OPTIONS);
  const [state, ...more] = positionals;
  const { signature, out } = values;
  if (state === undefined || more.length > 0 || signature === undefined || out === undefined) {
    throw new UsageError('say: sign complete STATE --signature FILE --out OUT');
  }
  const value = await readInput(signature);
  try {
    const told = await readStateFile(state);
    const terms = await signatureTerms({ ...values, level: told.level, rsa: rsa.default }, io);
    const request = {
      ...terms,
      state: told,
      value,
      sink: usageSink(io),
      context: { channel: 'deferred' },
    } as const;
    const signed = await completeFile(values.in ?? fileOf(told), out, state, request);
    if (values.json) printJson(io.stdout, { state, out, code: null, level: signed.level });
    else printLine(io.stdout, `${state} -> ${out}: signed, ${signed.level}`);
    return exitCodes.ok;
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    if (values.json) printJson(io.stdout, { state, out: null, code: error.code, level: null });
    else printLine(io.stderr, `${state}: refused: ${error.message} (${error.code})`);
    return exitCodes.failed;
  }
}

async function completeFile(
  file: string,
  out: string,
  state: string,
  request: Omit<DeferredCompletion, 'source'>,
): Promise<SignedPdf> {
  const source = openSource(file);
  try {
    const signed = await completeDeferred({ ...request, source });
    await writeOnce(state, out, source, signed);
    return signed;
  } finally {
    source.close();
  }
}

/** Whoever renames the state has completed it; whoever comes later takes the output back. */
async function writeOnce(
  state: string,
  out: string,
  source: ByteSource,
  { appended }: SignedPdf,
): Promise<void> {
  await writeSignedFile(out, source, appended, onlyNewNames);
  try {
    await rename(state, completedName(state));
  } catch (cause) {
    await unlink(out);
    throw await whyGone(state, cause);
  }
}

export const completedName = (state: string): string => `${state}.completed`;

async function readStateFile(path: string): Promise<DeferredState> {
  try {
    if (await isThere(completedName(path))) throw completedBefore();
    if ((await stat(path)).size > MAX_STATE) throw invalidState('too long');
    return readState(await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof CodedError) throw error;
    throw await whyGone(path, error);
  }
}

async function whyGone(state: string, cause: unknown): Promise<Error> {
  if (await isThere(completedName(state))) return completedBefore(cause);
  return new UsageError(`${state} cannot be read (${(cause as NodeJS.ErrnoException).code})`);
}

const completedBefore = (cause?: unknown): SigningError =>
  new SigningError('signing.deferred_completed', 'completed before', { cause });

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

function fileOf({ file }: DeferredState): string {
  if (file === undefined) throw new UsageError('the state does not say where the document is: give --in IN');
  return file;
}
