import { type Command, exitCodes, UsageError } from './cli/command.ts';
import { parseOptions } from './cli/parse-options.ts';
import { readConfig } from './config.ts';

export const command: Command = {
  name: 'start',
  summary: 'run the server',
  usage: `anso start

Runs the server until SIGTERM or SIGINT; a second signal stops it at once. All settings are environment variables (see
anso config). With none set, data is kept in ./data and the server listens on http://127.0.0.1:8080.

Exit codes: 0 stopped in order, 1 stopped in disorder or could not start, 78 wrong configuration.`,

  run: async (argv, io) => {
    const { positionals } = parseOptions(argv, {});
    if (positionals.length > 0) throw new UsageError('start takes no arguments');
    const config = readConfig(io.env);
    const told = untilTold();
    // Loaded only now: a wrong configuration is told at once.
    const { start } = await import('./start.ts');
    const server = await start(config, io);
    return (await server.stop(await told)) ? exitCodes.ok : exitCodes.failed;
  },
};

/** Resolves to the first signal, also when it comes while the server still starts; the second one ends the process. */
function untilTold(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(exitCodes.failed));
        resolve(signal);
      });
    }
  });
}
