import { CodedError } from '../errors/coded-error.ts';
import { SettingsError } from '../platform/settings.ts';
import { type Command, type CommandIo, exitCodes, UsageError } from './command.ts';
import { printLine } from './print.ts';

/** A command is loaded only when it is called: most of what this program can do is not needed for `--version`. */
export interface CommandEntry {
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

export type CommandTable = Readonly<Record<string, CommandEntry>>;

/** Finds the command, runs it and says what went wrong in one line. Resolves to the exit code. */
export async function runCli(
  commands: CommandTable,
  argv: readonly string[],
  io: CommandIo,
  version: string,
): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    printLine(name === undefined ? io.stderr : io.stdout, help(commands));
    return name === undefined ? exitCodes.usage : exitCodes.ok;
  }
  if (name === '--version' || name === '-V') {
    printLine(io.stdout, version);
    return exitCodes.ok;
  }
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (entry === undefined) {
    printLine(io.stderr, `anso: there is no command ${JSON.stringify(name)}; see anso --help`);
    return exitCodes.usage;
  }
  return runCommand(name, entry, rest, io);
}

async function runCommand(
  name: string,
  entry: CommandEntry,
  argv: readonly string[],
  io: CommandIo,
): Promise<number> {
  try {
    const command = await entry.load();
    if (argv.includes('--help') || argv.includes('-h')) {
      printLine(io.stdout, command.usage);
      return exitCodes.ok;
    }
    return await command.run(argv, io);
  } catch (error) {
    return explain(name, error, io);
  }
}

function explain(name: string, error: unknown, io: CommandIo): number {
  if (error instanceof UsageError) {
    printLine(io.stderr, `anso ${name}: ${error.message}; see anso ${name} --help`);
    return exitCodes.usage;
  }
  if (error instanceof SettingsError) {
    printLine(io.stderr, `anso ${name}: the configuration is wrong`);
    for (const problem of error.problems) printLine(io.stderr, `  ${problem}`);
    return exitCodes.config;
  }
  if (error instanceof CodedError) {
    printLine(io.stderr, `anso ${name}: ${error.message} (${error.code})`);
    return CONFIGURATION_FAULTS.has(error.code) ? exitCodes.config : exitCodes.failed;
  }
  printLine(
    io.stderr,
    `anso ${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
  return exitCodes.software;
}

/** What whoever set up the machine must mend. */
const CONFIGURATION_FAULTS = new Set([
  'platform.key_file_open',
  'platform.bad_server_key',
  'certificates.development_anchor',
]);

function help(commands: CommandTable): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return [
    'anso: digital signatures and electronic ISO processes for public agencies',
    '',
    'usage: anso COMMAND [ARGUMENTS]   anso COMMAND --help   anso --version',
    '',
    ...lines,
    '',
    'Exit codes of every command: 0 done, 1 refused or failed, 64 wrong command line, 66 no such file,',
    '70 a fault of this program, 78 wrong configuration. A command says when it has others.',
  ].join('\n');
}
