import { readFile } from 'node:fs/promises';
import { UsageError } from './command.ts';

/** A file the command line names. @throws UsageError when it cannot be read. */
export async function readInput(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new UsageError(`${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}
