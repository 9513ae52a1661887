import { type Command, exitCodes } from './cli/command.ts';
import { readConfig } from './config.ts';
import { start } from './start.ts';

export const command: Command = {
  name: 'start',
  summary: 'run the server',
  usage: `anso start

Runs the server until SIGTERM or SIGINT; a second signal stops it at once. All settings are environment variables (see
anso config). With none set, data is kept in ./data and the server listens on http://127.0.0.1:8080.

Exit codes: 0 stopped in order, 1 stopped in disorder or could not start, 78 wrong configuration.`,

  run: async (_argv, io) => {
    const server = await start(readConfig(io.env), io);
    const clean = await new Promise<boolean>((resolve, reject) => {
      const stop = (reason: string): void => {
        server.stop(reason).then(resolve, reject);
      };
      for (const signal of ['SIGTERM', 'SIGINT'] as const) {
        process.once(signal, () => {
          process.once(signal, () => process.exit(exitCodes.failed));
          stop(signal);
        });
      }
    });
    return clean ? exitCodes.ok : exitCodes.failed;
  },
};
