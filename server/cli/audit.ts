import { type Command, exitCodes, UsageError } from './command.ts';
import { parseOptions } from './parse-options.ts';
import { printJson, printLine } from './print.ts';

export const command: Command = {
  name: 'audit',
  summary: 'verify the hash chain of the audit log',
  usage: `anso audit verify [--json]

Recomputes the hash of every entry. Prints how many there are and the hash of the last one: note it somewhere else, and
a log that was rewritten as a whole is recognised too.

Exit codes: 0 the chain holds, 1 it is broken.`,

  run: async (argv, io) => {
    const { values, positionals } = parseOptions(argv, { json: { type: 'boolean' } });
    if (positionals.length !== 1 || positionals[0] !== 'verify') throw new UsageError('say: audit verify');
    const { store } = await io.openServices();
    await store.dispatch();
    const result = await store.audit.verify();
    if (values.json) printJson(io.stdout, result);
    else if (result.brokenAt === undefined) {
      printLine(io.stdout, `the audit chain holds: ${result.entries} entries, head ${result.head}`);
    } else printLine(io.stdout, `the audit chain is broken at entry ${result.brokenAt} of ${result.entries}`);
    return result.brokenAt === undefined ? exitCodes.ok : exitCodes.failed;
  },
};
