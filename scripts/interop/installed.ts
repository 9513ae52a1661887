import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A folder of the cache made once for exactly this list of pinned versions: another list is another folder, and one that
 * was only half made is made again.
 */
export async function installed(
  cache: string,
  name: string,
  pinned: string,
  install: (folder: string) => Promise<void>,
): Promise<string> {
  const digest = createHash('sha256')
    .update(await readFile(pinned))
    .digest('hex');
  const folder = join(cache, `${name}-${digest.slice(0, 12)}`);
  const done = join(folder, 'installed');
  if (existsSync(done)) return folder;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await install(folder);
  await writeFile(done, '');
  return folder;
}
