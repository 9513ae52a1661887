import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, exitCodes, UsageError } from './cli/command.ts';
import { parseOptions } from './cli/parse-options.ts';
import { printLine } from './cli/print.ts';
import { configurationPage, readConfig } from './config.ts';

const PAGE = 'docs/configuration.md';
const ROOT = join(import.meta.dirname, '..');

export const command: Command = {
  name: 'config',
  summary: 'check the configuration, or print every variable',
  usage: `anso config [check | --write]

Prints every environment variable with its meaning, type and default. \`check\` reads the present environment and lists all
problems at once. \`--write\` writes ${PAGE} (for those who change the code).

Exit codes: 0 fine, 78 wrong configuration.`,

  run: async (argv, io) => {
    const { values, positionals } = parseOptions(argv, { write: { type: 'boolean' } });
    if (positionals.length > (positionals[0] === 'check' ? 1 : 0)) {
      throw new UsageError('say: config, config check or config --write');
    }
    if (positionals[0] === 'check') {
      const { unknown } = readConfig(io.env);
      for (const variable of unknown) printLine(io.stderr, `${variable} is not known here`);
      printLine(io.stdout, 'the configuration is right');
    } else if (values.write) writeFileSync(join(ROOT, PAGE), configurationPage());
    else io.stdout.write(configurationPage());
    return exitCodes.ok;
  },
};

/** For `npm run check`: problems of the committed page, none when it is what the code says. */
export function checkConfigurationPage(root: string = ROOT): string[] {
  let committed = '';
  try {
    committed = readFileSync(join(root, PAGE), 'utf8');
  } catch {
    return [`${PAGE} is missing; write it with: npx anso config --write`];
  }
  return committed === configurationPage()
    ? []
    : [`${PAGE} is stale; write it with: npx anso config --write`];
}
