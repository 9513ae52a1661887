import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of its own for each test of the suite that calls this. */
export function scratchFolder(): { readonly path: string } {
  const folder = { path: '' };
  beforeEach(async () => {
    folder.path = await mkdtemp(join(tmpdir(), 'anso-storage-'));
  });
  afterEach(() => rm(folder.path, { recursive: true }));
  return folder;
}
