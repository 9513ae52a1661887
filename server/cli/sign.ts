import { mkdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { CodedError } from '../errors/coded-error.ts';
import { systemClock } from '../platform/clock.ts';
import type { KeyProvider } from '../signing/key-provider.ts';
import { MeteredKeyProvider } from '../signing/metered-key-provider.ts';
import { openPkcs12 } from '../signing/open-pkcs12.ts';
import { UsageMeter } from '../signing/usage-meter.ts';
import { APPEARANCE_HELP, APPEARANCE_OPTIONS, readAppearance } from './appearance-options.ts';
import { type Command, type CommandIo, exitCodes, UsageError } from './command.ts';
import { parseOptions } from './parse-options.ts';
import { printJson, printLine } from './print.ts';
import { readInput } from './read-input.ts';
import { secretOf } from './secret-of.ts';
import { COMPLETE_HELP, complete } from './sign-complete.ts';
import { type CommonOptions, type Job, signAll } from './sign-files.ts';
import { PREPARE_HELP, prepare } from './sign-prepare.ts';
import { signatureTerms, TERMS_HELP, TERMS_OPTIONS } from './signature-terms.ts';
import { usageSink } from './usage-sink.ts';

const OPTIONS = {
  p12: { type: 'string' },
  'pin-env': { type: 'string' },
  'pin-file': { type: 'string' },
  certificate: { type: 'string' },
  ...TERMS_OPTIONS,
  ...APPEARANCE_OPTIONS,
  'out-dir': { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;
type Values = ReturnType<typeof parseOptions<typeof OPTIONS>>['values'];

export const command: Command = {
  name: 'sign',
  summary: 'sign PDF files with a PKCS#12 key',
  usage: `anso sign IN OUT --p12 FILE (--pin-env NAME | --pin-file FILE) [options] [--json]
anso sign FILE... --out-dir DIR --p12 FILE (--pin-env NAME | --pin-file FILE) [options]
anso sign prepare IN --certificate FILE --out STATE [options]
anso sign complete STATE --signature FILE --out OUT [options]

Adds a PAdES signature as an incremental update: every byte of IN stays. OUT appears whole or not at all, and may be IN.
With --out-dir each file is signed under its own name in DIR. The passphrase of the key is read from the environment
variable NAME or from a file; it is never an argument, where others could see it.

  --certificate HEX   which certificate, by the SHA-256 of its DER, when FILE holds several keys
${TERMS_HELP}
${APPEARANCE_HELP}
  --json              one line of JSON a file: {"file","out","code","level"}; code is null when it was signed.
                      Always so with --out-dir.

The certificate must be in its period, meant for signing, and in no revocation list of ANSO_CRL_DIR. Every attempt is one
line of the usage log when ANSO_USAGE_LOG names a file.

${PREPARE_HELP}

${COMPLETE_HELP}

Exit codes: 0 every file signed, 1 any refused, 64 wrong command line.`,

  run: async (argv, io) => {
    const [verb, ...rest] = argv;
    if (verb === 'prepare') return prepare(rest, io);
    if (verb === 'complete') return complete(rest, io);
    const { values, positionals } = parseOptions(argv, OPTIONS);
    const jobs = await planJobs(values, positionals);
    const passphrase = await readPin(values, io);
    const asJson = values.json || values['out-dir'] !== undefined;
    const outcomes = await signAll(jobs, await commonOptions(values, passphrase, io), (done) => {
      if (io.isTTY && jobs.length > 1)
        io.stderr.write(`\r${done}/${jobs.length}${done < jobs.length ? '' : '\n'}`);
    });
    for (const { line, why } of outcomes) {
      for (const { en, details } of line.warnings ?? []) {
        printLine(io.stderr, `${line.file}: warning: ${en} ${JSON.stringify(details)}`);
      }
      if (asJson) printJson(io.stdout, line);
      else if (line.code === null) printLine(io.stdout, `${line.file} -> ${line.out}: signed, ${line.level}`);
      else printLine(io.stderr, `${line.file}: refused: ${why} (${line.code})`);
    }
    return outcomes.every(({ line }) => line.code === null) ? exitCodes.ok : exitCodes.failed;
  },
};

async function planJobs(values: Values, positionals: readonly string[]): Promise<Job[]> {
  const folder = values['out-dir'];
  if (folder === undefined) {
    const [file, out, ...more] = positionals;
    if (!file || !out || more.length > 0)
      throw new UsageError('say: sign IN OUT, or sign FILE... --out-dir DIR');
    return [{ file, out, taken: false }];
  }
  if (positionals.length === 0) throw new UsageError('no files are named');
  await mkdir(folder, { recursive: true });
  const outs = new Set<string>();
  return positionals.map((file) => {
    const out = join(folder, basename(file));
    const taken = outs.has(resolve(out));
    outs.add(resolve(out));
    return { file, out, taken };
  });
}

/** @throws UsageError; the message never holds the PIN. */
async function readPin(values: Values, io: CommandIo): Promise<string> {
  const { 'pin-env': name, 'pin-file': file } = values;
  if ((name === undefined) === (file === undefined)) throw new UsageError('give --pin-env or --pin-file');
  if (name !== undefined) return secretOf(name, io);
  return (await readInput(file ?? '')).toString('utf8').replace(/\r?\n$/, '');
}

/** What all files have in common, or the code by which all of them are refused. */
async function commonOptions(
  values: Values,
  passphrase: string,
  io: CommandIo,
): Promise<CommonOptions | CodedError> {
  if (values.p12 === undefined) throw new UsageError('give the key: --p12 FILE');
  const terms = await signatureTerms(values, io);
  const provider = await openKey(await readInput(values.p12), passphrase, values.certificate, io);
  const appearance = await readAppearance(values);
  if (provider instanceof CodedError) return provider;
  if (appearance instanceof CodedError) return appearance;
  return { ...terms, provider, ...(appearance && { appearance }) };
}

async function openKey(
  p12: Uint8Array,
  passphrase: string,
  fingerprint: string | undefined,
  io: CommandIo,
): Promise<KeyProvider | CodedError> {
  const meter = new UsageMeter({ sink: usageSink(io), context: { channel: 'cli' }, clock: systemClock });
  try {
    const key = await openPkcs12(
      p12,
      passphrase,
      fingerprint ? { fingerprint: fingerprint.toLowerCase() } : {},
    );
    return new MeteredKeyProvider(key, meter);
  } catch (error) {
    if (error instanceof CodedError) return error;
    throw error;
  }
}
