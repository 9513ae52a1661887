import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { peopleDirectory } from '../accounts/directory.ts';
import { agencyByCode } from '../accounts/first-administrator.ts';
import { openAccounts } from '../accounts/repository.ts';
import { ProcessesError, processesErrors } from '../processes/errors.ts';
import { importFiles } from '../processes/import-definitions.ts';
import type { Finding } from '../processes/lint/finding.ts';
import { hasErrors, lintValue } from '../processes/lint-definition.ts';
import { effectiveCodes, exportVersion } from '../processes/list-versions.ts';
import { publishedSchema } from '../processes/published-schema.ts';
import { definitionFiles, readDefinition, shippedFolder } from '../processes/read-definitions.ts';
import { openProcesses, type ProcessesDeps } from '../processes/repository.ts';
import { type Command, type CommandIo, exitCodes, UsageError } from './command.ts';
import { parseOptions } from './parse-options.ts';
import { printJson, printLine } from './print.ts';

const options = {
  agency: { type: 'string' },
  code: { type: 'string' },
  version: { type: 'string' },
  out: { type: 'string' },
  json: { type: 'boolean' },
} as const;
type Values = ReturnType<typeof parseOptions<typeof options>>['values'];

export const command: Command = {
  name: 'processes',
  summary: 'check, import and export ISO process definitions',
  usage: `anso processes lint [FILE|FOLDER...] [--json]
anso processes import --agency CODE [FILE|FOLDER...] [--json]
anso processes export --agency CODE [--code CODE [--version NUMBER]] --out FOLDER [--json]
anso processes schema

lint     says what is wrong with definitions, each finding with its place in the file.
import   keeps definitions as drafts of the agency; what is there already stays as it is.
export   writes FOLDER/<code>/<version>.json: one version, or without --version what is in effect now.
schema   prints the JSON Schema of a definition.

Without FILE or FOLDER lint and import take the definitions that ship with the program. A folder is searched for
<number>.json. With --json: one line for each file.

Exit codes: 0 done (warnings allowed), 1 errors found or a file refused, 64 wrong command line, 66 no such file.`,

  run: async (argv, io) => {
    const { values, positionals } = parseOptions(argv, options);
    const [verb, ...paths] = positionals;
    const run = verb !== undefined && Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
    if (run === undefined) throw new UsageError('say: processes lint, import, export or schema');
    try {
      return await run(paths, values, io);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
      printLine(io.stderr, `anso processes: ${error.message}`);
      return exitCodes.noInput;
    }
  },
};

type Verb = (paths: readonly string[], values: Values, io: CommandIo) => Promise<number>;

const verbs: Readonly<Record<string, Verb>> = {
  lint,
  import: importAll,
  export: exportAll,
  schema: async (_paths, _values, io) => {
    io.stdout.write(publishedSchema());
    return exitCodes.ok;
  },
};

const filesOf = (paths: readonly string[]): Promise<string[]> =>
  definitionFiles(paths.length > 0 ? paths : [shippedFolder]);

async function lint(paths: readonly string[], { json }: Values, io: CommandIo): Promise<number> {
  let failed = false;
  for (const file of await filesOf(paths)) {
    const findings = await findingsOf(file);
    failed ||= hasErrors(findings);
    if (json) printJson(io.stdout, { file, ok: !hasErrors(findings), findings });
    else printFindings(file, findings, io);
  }
  return failed ? exitCodes.failed : exitCodes.ok;
}

async function findingsOf(file: string): Promise<readonly Finding[]> {
  try {
    return lintValue((await readDefinition(file)).value);
  } catch (error) {
    if (!(error instanceof ProcessesError)) throw error;
    const { vi, en } = processesErrors[error.code];
    return [{ rule: error.code, severity: 'error', path: '/', vi, en }];
  }
}

function printFindings(file: string, findings: readonly Finding[], io: CommandIo): void {
  printLine(
    io.stdout,
    `${file}: ${findings.length === 0 ? 'nothing to say' : `${findings.length} finding${findings.length === 1 ? '' : 's'}`}`,
  );
  for (const { severity, path, vi, en, rule } of findings) {
    printLine(io.stdout, `  ${severity} ${path}: ${vi} (${en}) [${rule}]`);
  }
}

async function importAll(paths: readonly string[], values: Values, io: CommandIo): Promise<number> {
  const files = await filesOf(paths);
  const { deps, agencyId } = await open(values, io);
  const results = await importFiles(deps, { accountId: 'system', agencyId }, files);
  for (const result of results) {
    if (values.json) printJson(io.stdout, result);
    else printLine(io.stdout, `${result.file}: ${result.outcome}${result.error ? ` (${result.error})` : ''}`);
  }
  return results.some(({ outcome }) => outcome === 'refused') ? exitCodes.failed : exitCodes.ok;
}

async function exportAll(_paths: readonly string[], values: Values, io: CommandIo): Promise<number> {
  const { code, out } = values;
  const version = values.version === undefined ? undefined : Number(values.version);
  if (out === undefined) throw new UsageError('--out is needed');
  if (version !== undefined && (code === undefined || !Number.isSafeInteger(version))) {
    throw new UsageError('--version is a number and goes with --code');
  }
  const { deps, agencyId } = await open(values, io);
  const codes = code === undefined ? await effectiveCodes(deps, agencyId) : [code];
  for (const each of codes) {
    const exported = await exportVersion(deps, agencyId, {
      code: each,
      ...(version === undefined ? {} : { version }),
    });
    const file = join(out, exported.code, `${exported.version}.json`);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, exported.text);
    if (values.json) printJson(io.stdout, { file, code: exported.code, version: exported.version });
    else printLine(io.stdout, `${exported.code} ${exported.version}: ${file}`);
  }
  return exitCodes.ok;
}

async function open({ agency }: Values, io: CommandIo): Promise<{ deps: ProcessesDeps; agencyId: string }> {
  if (agency === undefined) throw new UsageError('--agency is needed');
  const services = await io.openServices();
  const accounts = await openAccounts(services, nobodySignsIn);
  const found = await agencyByCode(accounts, agency);
  if (found === undefined) throw new UsageError(`no agency has the code ${agency}`);
  return { deps: await openProcesses(services, peopleDirectory(accounts)), agencyId: found.id };
}

const nobodySignsIn = {
  sessionIdleMinutes: 1,
  sessionHours: 1,
  signInFailures: 1,
  signInLockMinutes: 1,
  idleAccountDays: 1,
};
