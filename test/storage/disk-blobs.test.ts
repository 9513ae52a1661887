import { execFile } from 'node:child_process';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { openDiskBlobs } from '../../server/storage/blobs/disk.ts';
import { scratchFolder } from './scratch.ts';

describe('blobs on disk', () => {
  const folder = scratchFolder();

  it('stand two folders deep under their hash, for the owner only', async () => {
    const blobs = await openDiskBlobs(folder.path);
    const { sha256 } = await blobs.put(Buffer.from('abc'));
    expect(sha256.slice(0, 4)).to.equal('ba78');
    const found = await stat(join(folder.path, 'ba', '78', sha256));
    expect(found.mode & 0o077).to.equal(0);
  });

  it('keep what another living process is writing, and what this one is', async () => {
    const blobs = await openDiskBlobs(folder.path);
    await writeFile(join(folder.path, 'tmp', `${process.ppid}-theirs`), '');
    async function* content() {
      yield Buffer.from('a');
      await openDiskBlobs(folder.path);
      yield Buffer.from('b');
    }
    expect((await blobs.put(content())).size).to.equal(2);
    expect(await readdir(join(folder.path, 'tmp'))).to.deep.equal([`${process.ppid}-theirs`]);
  });

  it('say that the disk is full and leave nothing of what did not fit', async () => {
    // A limit of the shell on the size of files stands for the disk: 64 blocks of 512 bytes (POSIX) or of 1024 (dash).
    const script = `
      import { openDiskBlobs } from ${JSON.stringify(new URL('../../server/storage/blobs/disk.ts', import.meta.url).href)};
      const blobs = await openDiskBlobs(${JSON.stringify(folder.path)});
      await blobs.put(Buffer.alloc(1_000_000)).catch((error) => console.log(error.code));
    `;
    const command = `ulimit -f 64; exec "${process.execPath}" --input-type=module-typescript -e "$SCRIPT"`;
    const { stdout } = await promisify(execFile)('sh', ['-c', command], {
      env: { ...process.env, SCRIPT: script },
    });
    expect(stdout.trim()).to.equal('storage.full');
    expect(await readdir(folder.path)).to.deep.equal(['tmp']);
    expect(await readdir(join(folder.path, 'tmp'))).to.deep.equal([]);
  });
});
