import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PkiError } from '../pki/errors.ts';
import { certificateLabels, crlLabels, readPemOrDer } from '../pki/pem.ts';
import { systemClock } from '../platform/clock.ts';
import { withFileSource } from '../platform/file-source.ts';
import { verificationErrors } from '../verification/errors.ts';
import { unreadableReport } from '../verification/file-report.ts';
import { jsonLine } from '../verification/json-line.ts';
import { printReport } from '../verification/print-report.ts';
import type { FileVerdict, VerificationReport } from '../verification/report.ts';
import { type TrustStore, trustStore } from '../verification/trust-store.ts';
import { type VerifyOptions, verifyPdf } from '../verification/verify-pdf.ts';
import { type Command, type CommandIo, exitCodes, UsageError } from './command.ts';
import { parseOptions } from './parse-options.ts';
import { printLine } from './print.ts';
import { secretOf } from './secret-of.ts';

const OPTIONS = {
  json: { type: 'boolean', default: false },
  report: { type: 'boolean', default: false },
  trust: { type: 'string', multiple: true, default: [] as string[] },
  crl: { type: 'string', multiple: true, default: [] as string[] },
  at: { type: 'string' },
  'password-env': { type: 'string' },
  lang: { type: 'string', default: 'vi' },
} as const;

export const command: Command = {
  name: 'verify',
  summary: 'judge the signatures of PDF files',
  usage: `anso verify FILE... [--json] [--trust FILE]... [--crl FILE]... [--at TIME] [--password-env NAME]

Judges every signature of every file; a folder stands for all .pdf files below it. Trusts the roots of the configured
folder and those of --trust.

  --trust FILE   a root certificate to trust, or a file of several, PEM or DER; may be repeated
  --crl FILE     a revocation list, PEM or DER; may be repeated
  --at TIME      judge for that moment instead of now (ISO 8601, for example 2026-03-01T00:00:00Z)
  --password-env NAME
                 the environment variable with the password of encrypted files; without one the empty password is tried
  --json         one line of JSON a file
  --report       with --json: the whole report instead of its stable part
  --lang vi|en   language of the report for people; default vi

Exit codes: 0 all valid, 1 any not valid, 2 otherwise not enough evidence for some, 3 any unreadable or unsigned,
64 wrong command line.`,

  run: async (argv, io) => {
    const { values, positionals } = parseOptions(argv, OPTIONS);
    if (positionals.length === 0) throw new UsageError('name the files to verify');
    if (values.lang !== 'vi' && values.lang !== 'en') throw new UsageError('--lang is vi or en');
    const { lang } = values;
    const at = values.at === undefined ? systemClock.now() : momentOf(values.at);
    const trust = await readTrust(values.trust, values.crl, io);
    const variable = values['password-env'];
    const password = variable === undefined ? undefined : secretOf(variable, io);
    const files = (await Promise.all(positionals.map(listFiles))).flat();
    const verdicts = new Set<FileVerdict>();
    for (const [index, file] of files.entries()) {
      const report = await verifyFile(file, { trust, at, ...(password !== undefined && { password }) });
      verdicts.add(report.verdict);
      if (values.json)
        printLine(io.stdout, values.report ? JSON.stringify({ file, ...report }) : jsonLine(file, report));
      else printLine(io.stdout, printReport(file, report, lang));
      if (io.isTTY && values.json && files.length > 1) io.stderr.write(`\r${index + 1}/${files.length}`);
    }
    return exitCode(verdicts);
  },
};

/** Unreadable and unsigned weigh most for a script that expects signed files, after what is plainly not valid. */
function exitCode(verdicts: ReadonlySet<FileVerdict>): number {
  if (verdicts.has('invalid')) return 1;
  if (verdicts.has('unreadable') || verdicts.has('unsigned')) return 3;
  return verdicts.has('indeterminate') ? 2 : exitCodes.ok;
}

function momentOf(text: string): Date {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) throw new UsageError(`--at is no time of ISO 8601: ${text}`);
  return at;
}

async function readTrust(
  anchors: readonly string[],
  crls: readonly string[],
  io: CommandIo,
): Promise<TrustStore> {
  const configured = await io.trust().current();
  const read = async (files: readonly string[], labels: readonly string[]) =>
    (await Promise.all(files.map((file) => readTrustFile(file, labels)))).flat();
  return trustStore({
    anchors: [...configured.anchors, ...(await read(anchors, certificateLabels))],
    intermediates: configured.intermediates,
    crls: [...configured.crls, ...(await read(crls, crlLabels))],
  });
}

async function readTrustFile(file: string, labels: readonly string[]): Promise<readonly Uint8Array[]> {
  try {
    return readPemOrDer(await readFile(file), labels);
  } catch (error) {
    if (error instanceof PkiError || isFileError(error)) throw new UsageError(`cannot read ${file}`);
    throw error;
  }
}

/** A folder's PDF files, in order of name; anything else as it stands. */
async function listFiles(path: string): Promise<readonly string[]> {
  const isFolder = await stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );
  if (!isFolder) return [path];
  const names = await readdir(path, { recursive: true });
  return names
    .filter((name) => /\.pdf$/i.test(name))
    .toSorted()
    .map((name) => join(path, name));
}

async function verifyFile(file: string, options: VerifyOptions): Promise<VerificationReport> {
  try {
    return await withFileSource(file, (source) => verifyPdf(source, options));
  } catch (error) {
    if (!isFileError(error)) throw error;
    const code = 'verification.file_unreadable';
    return unreadableReport(code, verificationErrors[code], options.at);
  }
}

const isFileError = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && 'syscall' in error;
