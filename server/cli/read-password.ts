import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { type CommandIo, UsageError } from './command.ts';

/** From the named variable, the file, or the terminal without echo. @throws UsageError */
export async function readPassword(
  io: CommandIo,
  source: { readonly env?: string | undefined; readonly file?: string | undefined },
): Promise<string> {
  if (source.env !== undefined && source.file !== undefined) {
    throw new UsageError('give the password in one way, not two');
  }
  if (source.env !== undefined) {
    const value = io.env[source.env];
    if (!value) throw new UsageError(`the environment variable ${source.env} is empty`);
    return value;
  }
  if (source.file !== undefined) {
    try {
      return (await readFile(source.file, 'utf8')).replace(/\r?\n$/, '');
    } catch (error) {
      throw new UsageError(
        `${source.file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'})`,
      );
    }
  }
  if (!io.isTTY) throw new UsageError('no terminal to ask on: give --password-env or --password-file');
  const first = await ask(io, 'Password: ');
  if (first !== (await ask(io, 'Again: '))) throw new UsageError('the two passwords differ');
  return first;
}

function ask(io: CommandIo, question: string): Promise<string> {
  io.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: io.stdin, output: silent, terminal: true });
  return new Promise((resolve, reject) => {
    lines.once('SIGINT', () => reject(new UsageError('cancelled')));
    lines.question('', resolve);
  }).finally(() => {
    lines.close();
    io.stderr.write('\n');
  }) as Promise<string>;
}
