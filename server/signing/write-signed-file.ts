import { type FileHandle, link, lstat, open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type ByteSource, transientWindows } from '../pdf/byte-source.ts';
import { newId } from '../platform/ids.ts';
import { SigningError } from './errors.ts';
import { forget, removeWhenInterrupted } from './unfinished-files.ts';

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
 * A new file under a temporary name in the folder of `path`, which takes that name when it is complete and on the disk.
 * Whatever fails before, `path` is as it was; {@link discard} then leaves nothing else.
 */
export class OutputFile {
  readonly #path: string;
  readonly #temporary: string;
  readonly #files: FileSystem;
  #handle: Awaited<ReturnType<FileSystem['open']>> | undefined;
  #length = 0;

  constructor(path: string, files: FileSystem = { open, rename, unlink }) {
    this.#path = path;
    this.#temporary = join(dirname(path), `.${basename(path)}.${newId()}.tmp`);
    this.#files = files;
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  /** @throws SigningError `signing.disk_full`, `signing.write_failed` */
  write(bytes: Uint8Array): Promise<void> {
    return this.#coded(async () => {
      this.#handle ??= await this.#open();
      for (let at = 0; at < bytes.length; ) {
        const { bytesWritten } = await this.#handle.write(bytes, at, bytes.length - at);
        if (bytesWritten <= 0) throw new Error('nothing more is written');
        at += bytesWritten;
      }
      this.#length += bytes.length;
    });
  }

  /** @throws as {@link write}; with {@link onlyNewNames} `signing.output_exists` */
  async complete(): Promise<void> {
    await this.#coded(async () => {
      await this.#handle?.sync();
      await this.#close();
      await this.#files.rename(this.#temporary, this.#path);
      forget(this.#temporary);
    });
    await syncFolder(dirname(this.#path), this.#files);
  }

  /** Takes back what was written, if anything was. */
  async discard(): Promise<void> {
    await this.#close().catch(() => {});
    await this.#files.unlink(this.#temporary).catch(() => {});
    forget(this.#temporary);
  }

  #open(): ReturnType<FileSystem['open']> {
    removeWhenInterrupted(this.#temporary);
    return this.#files.open(this.#temporary, 'wx', 0o644);
  }

  async #close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  async #coded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (cause) {
      const code = codeOf(cause);
      if (code === 'EEXIST' && this.#files === onlyNewNames) {
        throw new SigningError('signing.output_exists', 'there is a file of that name', { cause });
      }
      const full = code === 'ENOSPC' || code === 'EDQUOT';
      throw new SigningError(full ? 'signing.disk_full' : 'signing.write_failed', `writing failed: ${code}`, {
        cause,
      });
    }
  }
}

/**
 * Writes `source` and what is appended to it as a new file. Whatever fails, `path` is as it was and nothing else is left;
 * the source may be `path` itself.
 * @throws SigningError as {@link OutputFile}; whatever reading the source throws
 */
export async function writeSignedFile(
  path: string,
  source: ByteSource,
  appended: Uint8Array,
  files?: FileSystem,
): Promise<void> {
  const output = new OutputFile(path, files);
  try {
    await finishOutput(output, source, appended);
  } catch (error) {
    await output.discard();
    throw error;
  }
}

/** Completes a file that may hold the beginning of the source already. */
export async function finishOutput(
  output: OutputFile,
  source: ByteSource,
  appended: Uint8Array,
): Promise<void> {
  for (const window of transientWindows(source, output.length)) await output.write(window);
  await output.write(appended);
  await output.complete();
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
