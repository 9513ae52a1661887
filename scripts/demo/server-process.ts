import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('../../server/anso.js', import.meta.url));

export interface ServerProcess {
  /** For example `http://127.0.0.1:41234`. */
  readonly origin: string;
  /** Token of the one-time link, when the server printed one before it was ready. */
  readonly setupToken: Promise<string>;
  /** Ends it in order and resolves to its exit code. */
  stop(): Promise<number>;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
}

export interface StartOptions {
  readonly dataFolder: string;
  /** 0 (the default) takes a free port. */
  readonly port?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Starts the real server as a process of its own and waits until it listens.
 * @throws Error with what the server said when it ends before that.
 */
export async function startServer({ dataFolder, port = 0, env = {} }: StartOptions): Promise<ServerProcess> {
  const child = spawn(process.execPath, [entry, 'start'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ANSO_DATA_DIR: dataFolder,
      ANSO_PORT: String(port),
      ANSO_LOG_LEVEL: 'warn',
      // Its certificates are made by the development PKI.
      ANSO_PROFILE: 'demo',
      ...env,
    },
  });
  const said: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => said.push(line));
  const lines = createInterface({ input: child.stdout });
  const gone = once(child, 'exit');

  const setupToken = new Promise<string>((resolve) => {
    lines.on('line', (line) => {
      const token = /\/setup#(?:token=)?([\w-]+)/.exec(line)?.[1];
      if (token !== undefined) resolve(token);
    });
  });
  const origin = await Promise.race([
    new Promise<string>((resolve) => {
      lines.on('line', (line) => {
        const found = /listens on (http\S+)/.exec(line)?.[1];
        if (found !== undefined) resolve(found);
      });
    }),
    gone.then(([code]) => {
      throw new Error(`the server ended with ${code} before it listened:\n${said.join('\n')}`);
    }),
  ]);
  return { origin, setupToken, stop: () => stop(child, gone), kill: () => kill(child, gone) };
}

async function stop(child: ChildProcess, gone: Promise<unknown[]>): Promise<number> {
  child.kill('SIGTERM');
  const [code] = await gone;
  return typeof code === 'number' ? code : 1;
}

async function kill(child: ChildProcess, gone: Promise<unknown[]>): Promise<void> {
  child.kill('SIGKILL');
  await gone;
}
