import { spawn, spawnSync } from 'node:child_process';

export interface ToolRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ToolOptions {
  readonly input?: string | Uint8Array;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds; after them the tool is killed and its status is null. */
  readonly timeout?: number;
}

/** Runs an outside program without a shell and collects what it says. @throws Error when it cannot be started. */
export function runTool(
  command: string,
  args: readonly string[],
  options: ToolOptions = {},
): Promise<ToolRun> {
  const { input = '', timeout = 120_000, ...rest } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...rest, timeout, stdio: 'pipe' });
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (part: Buffer) => stdout.push(part));
    child.stderr.on('data', (part: Buffer) => stderr.push(part));
    child.on('error', reject);
    child.on('close', (status) =>
      resolve({
        status,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      }),
    );
    // A tool that ends without reading is judged by its status.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

/** The same for a step that must not fail. @throws Error with what the tool said. */
export async function mustRun(
  command: string,
  args: readonly string[],
  options: ToolOptions = {},
): Promise<string> {
  const { status, stdout, stderr } = await runTool(command, args, options);
  if (status !== 0) {
    throw new Error(`${command} ${args.join(' ')}\nended with ${status}\n${stdout}${stderr}`.slice(0, 4000));
  }
  return stdout;
}

/** The first of the programs that is not here; undefined when all are. */
export const missingTool = (...commands: readonly string[]): string | undefined =>
  commands.find((command) => spawnSync(command, ['-h'], { stdio: 'ignore' }).error !== undefined);
