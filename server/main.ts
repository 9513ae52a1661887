import packageJson from '../package.json' with { type: 'json' };
import type { CommandIo } from './cli/command.ts';
import { runCli } from './cli/main.ts';
import { commandServices } from './command-services.ts';
import { commands } from './commands.ts';

/** The program. server/anso.js has seen to it that this Node can read TypeScript. */
const services = commandServices(process.env, process.stderr);
const io: CommandIo = {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  env: process.env,
  isTTY: process.stderr.isTTY === true,
  openServices: services.open,
  trust: services.trust,
  evidence: services.evidence,
  usageLog: services.usageLog,
};

// `anso … | head` is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    const time = new Date().toISOString();
    process.stderr.write(
      `${JSON.stringify({ level: 'fatal', time, error: { message, stack }, msg: event })}\n`,
    );
    process.exit(1);
  });
}

process.exitCode = await runCli(commands, process.argv.slice(2), io, packageJson.version);
await services.close();
// Nothing should be left; whatever is must not keep a finished command alive.
setTimeout(() => process.exit(), 2000).unref();
