import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Command, exitCodes } from './command.ts';

const SCRIPT = join(import.meta.dirname, '../../scripts/demo/main.ts');

/** A process of its own: the demonstration starts a real server and talks to it as any client does. */
export const command: Command = {
  name: 'demo',
  summary: 'show the whole product on real data, in a throw-away folder',
  usage: `anso demo [--once] [--out DIR] [--port N]
anso demo --scenario ca-mau [--json]

Makes an agency with people and certificates in a throw-away data folder and drives a document through the HTTP API of a
real server: define, review, approve, draft, return, sign, number, seal, release, verify, tamper, count. It stays up until
Ctrl-C; with --once it ends. --out leaves signed.pdf, report.json, usage.json, root.pem and crls.pem in DIR; without it
they are in the throw-away folder for as long as the server stays up.

The scenario ca-mau registers 967 certificates with their uses and reports how many are in regular use.

Exit codes: 0 all went well, 1 something did not, 64 wrong command line.`,

  run: async (argv) => {
    const child = spawn(process.execPath, [SCRIPT, ...argv], { stdio: 'inherit' });
    // Ctrl-C reaches the child by itself; this process waits for it to tidy up.
    const wait = (): void => {};
    const forward = (): boolean => child.kill('SIGTERM');
    process.on('SIGINT', wait).on('SIGTERM', forward);
    try {
      const [code] = await once(child, 'exit');
      return typeof code === 'number' ? code : exitCodes.failed;
    } finally {
      process.off('SIGINT', wait).off('SIGTERM', forward);
    }
  },
};
