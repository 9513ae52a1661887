import { mkdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { CodedError } from '../errors/coded-error.ts';
import { APPEARANCE_HELP, APPEARANCE_OPTIONS, warningLine, wishedAppearance } from './appearance-flags.ts';
import { type Command, type CommandIo, exitCodes, UsageError } from './command.ts';
import { COMPLETE_HELP, PREPARE_HELP } from './deferred-help.ts';
import { KEY_HELP, KEY_OPTIONS, openKey } from './key-source.ts';
import { parseOptions } from './parse-options.ts';
import { printJson, printLine } from './print.ts';
import { type CommonOptions, type Job, type Line, signAll } from './sign-files.ts';
import { signatureTerms, TERMS_HELP, TERMS_OPTIONS } from './signature-terms.ts';

const OPTIONS = {
  ...KEY_OPTIONS,
  ...TERMS_OPTIONS,
  ...APPEARANCE_OPTIONS,
  'out-dir': { type: 'string' },
  resume: { type: 'boolean', default: false },
  yes: { type: 'boolean', default: false },
  'stop-on-error': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;
type Values = ReturnType<typeof parseOptions<typeof OPTIONS>>['values'];

export const command: Command = {
  name: 'sign',
  summary: 'sign PDF files with a key in a file, on a token or in an HSM',
  usage: `anso sign IN OUT KEY [options] [--json]
anso sign FILE... --out-dir DIR KEY [options]
anso sign prepare IN --certificate FILE --out STATE [options]
anso sign complete STATE --signature FILE --out OUT [options]

Adds a PAdES signature as an incremental update: every byte of IN stays. OUT appears whole or not at all, and may be IN.
With --out-dir each file is signed under its own name in DIR. KEY is --p12 or --pkcs11 with what belongs to it; the PIN is
read from the environment or a file and never an argument, where others could see it.

${KEY_HELP}
${TERMS_HELP}
${APPEARANCE_HELP}
  --resume            take up a run that was broken off: DIR holds its journal; no file is signed twice
  --yes               do not ask, at a terminal, whether what was summed up is to be done
  --stop-on-error     after a refused file begin no other one; without it, go on
  --json              one line of JSON a file: {"file","out","code","level"}; code is null when it was signed.
                      Always so with --out-dir.

A file without signatures whose structure is damaged is repaired in a revision of its own, when every object of it is
found; the line then says so, in JSON as "repaired": what was wrong. A damaged file that has a signature is refused.

The certificate must be in its period, meant for signing, and in no revocation list of ANSO_CRL_DIR. Every attempt is one
line of the usage log when ANSO_USAGE_LOG names a file.

${PREPARE_HELP}

${COMPLETE_HELP}

Exit codes: 0 every file signed, 1 any refused, 64 wrong command line.`,

  run: async (argv, io) => {
    const [verb, ...rest] = argv;
    if (verb === 'prepare') return (await import('./sign-prepare.ts')).prepare(rest, io);
    if (verb === 'complete') return (await import('./sign-complete.ts')).complete(rest, io);
    const { values, positionals } = parseOptions(argv, OPTIONS);
    const jobs = await planJobs(values, positionals);
    const asJson = values.json || values['out-dir'] !== undefined;
    const progress = (done: number): void => {
      if (io.isTTY && jobs.length > 1)
        io.stderr.write(`\r${done}/${jobs.length}${done < jobs.length ? '' : '\n'}`);
    };
    const { resume, yes, 'out-dir': folder, 'stop-on-error': stopOnError } = values;
    if (resume && folder === undefined) throw new UsageError('--resume belongs to --out-dir');
    const outcomes = await withKey(values, io, async (options) =>
      folder === undefined
        ? signAll(jobs, options, progress)
        : (await import('./many-files.ts')).signMany(
            jobs,
            options,
            { folder, resume, stopOnError, yes },
            io,
            progress,
          ),
    );
    for (const { line, why } of outcomes) {
      for (const warning of line.warnings ?? []) printLine(io.stderr, warningLine(line.file, warning));
      if (asJson) printJson(io.stdout, line);
      else if (line.code === null) printLine(io.stdout, signedLine(line));
      else printLine(io.stderr, `${line.file}: refused: ${why} (${line.code})`);
    }
    return outcomes.every(({ line }) => line.code === null) ? exitCodes.ok : exitCodes.failed;
  },
};

function signedLine({ file, out, level, repaired }: Line): string {
  const repair =
    repaired === undefined ? '' : `; its structure was damaged (${repaired}) and has been repaired`;
  return `${file} -> ${out}: signed, ${level}${repair}`;
}

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

/** Runs `work` with what all files have in common, or with the code by which all of them are refused. */
async function withKey<T>(
  values: Values,
  io: CommandIo,
  work: (options: CommonOptions | CodedError) => Promise<T>,
): Promise<T> {
  const terms = await signatureTerms(values, io);
  const appearance = await wishedAppearance(values);
  const key = await openKey(values, io);
  if (key instanceof CodedError) return work(key);
  try {
    if (appearance instanceof CodedError) return await work(appearance);
    return await work({
      ...terms,
      provider: key.provider,
      counted: key.counted,
      ...(appearance && { appearance }),
    });
  } finally {
    await key.close();
  }
}
