import { type FileHandle, link, lstat, open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type ByteSource, transientWindows } from '../pdf/byte-source.ts';
import { newId } from '../platform/ids.ts';
import { SigningError } from './errors.ts';

/** What is asked of the file system; tests give one that fails. */
export interface FileSystem {
  open(path: string, flags: string, mode?: number): Promise<Pick<FileHandle, 'write' | 'sync' | 'close'>>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
}

/** Writes under a name only when nothing has it, whoever tries at the same moment. */
export const onlyNewNames: FileSystem = {
  open,
  unlink,
  rename: async (from, to) => {
    try {
      await link(from, to);
    } catch (error) {
      // File systems of memory sticks have no links; there a look must do.
      if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP'].includes(codeOf(error) ?? '')) throw error;
      const there = await lstat(to).catch(() => undefined);
      if (there) throw Object.assign(new Error('there already'), { code: 'EEXIST' });
      return rename(from, to);
    }
    await unlink(from);
  },
};

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/**
 * Writes `source` and what is appended to it as a new file: under a temporary name in the same folder, synced to the
 * disk, then renamed over `path`. Whatever fails, `path` is as it was and nothing else is left; the source may be
 * `path` itself.
 * @throws SigningError `signing.disk_full`, `signing.write_failed`; with {@link onlyNewNames} `signing.output_exists`
 */
export async function writeSignedFile(
  path: string,
  source: ByteSource,
  appended: Uint8Array,
  files: FileSystem = { open, rename, unlink },
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${newId()}.tmp`);
  try {
    await writeWhole(temporary, source, appended, files);
    await files.rename(temporary, path);
  } catch (cause) {
    await files.unlink(temporary).catch(() => {});
    const code = codeOf(cause);
    if (code === 'EEXIST' && files === onlyNewNames) {
      throw new SigningError('signing.output_exists', 'there is a file of that name', { cause });
    }
    const full = code === 'ENOSPC' || code === 'EDQUOT';
    throw new SigningError(full ? 'signing.disk_full' : 'signing.write_failed', `writing failed: ${code}`, {
      cause,
    });
  }
  await syncFolder(dirname(path), files);
}

async function writeWhole(
  path: string,
  source: ByteSource,
  appended: Uint8Array,
  files: FileSystem,
): Promise<void> {
  const handle = await files.open(path, 'wx', 0o644);
  try {
    for (const window of transientWindows(source)) await writeFully(handle, window);
    await writeFully(handle, appended);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeFully(handle: Pick<FileHandle, 'write'>, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    at += (await handle.write(bytes, at, bytes.length - at)).bytesWritten;
  }
}

/** Makes the new name itself durable; some file systems cannot, and the file is complete all the same. */
async function syncFolder(folder: string, files: FileSystem): Promise<void> {
  try {
    const handle = await files.open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch {
    // Not every platform opens folders.
  }
}
