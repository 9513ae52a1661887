import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { StorageError } from '../errors.ts';
import type { BlobInfo, BlobStore } from '../ports.ts';
import { checkRange, isSha256, missing, pieces } from './content.ts';

/** Files under construction of this process: not stale, whatever their age. */
const underWay = new Set<string>();

/** Files under `folder`, `ab/cd/abcd…`; what a killed process left half done is removed first. */
export async function openDiskBlobs(folder: string): Promise<BlobStore> {
  const temporary = join(folder, 'tmp');
  await mkdir(temporary, { recursive: true, mode: 0o700 });
  await syncFolder(dirname(folder));
  await removeStale(temporary);
  return new DiskBlobs(folder, temporary);
}

class DiskBlobs implements BlobStore {
  readonly #folder: string;
  readonly #temporary: string;
  /** Folders known to be on stable storage. */
  readonly #durable = new Set<string>();

  constructor(folder: string, temporary: string) {
    this.#folder = folder;
    this.#temporary = temporary;
  }

  /**
   * Written beside, hashed on the way, on stable storage, and only then moved to its name, so that no name ever
   * stands for half a file.
   */
  async put(
    content: AsyncIterable<Uint8Array> | Uint8Array,
    options: { maxBytes?: number } = {},
  ): Promise<BlobInfo> {
    const path = join(this.#temporary, `${process.pid}-${randomUUID()}`);
    underWay.add(path);
    try {
      const info = await writeFile(path, content, options.maxBytes);
      const target = this.#path(info.sha256);
      await this.#makeFolder(dirname(target));
      await rename(path, target);
      await syncFolder(dirname(target));
      return info;
    } catch (error) {
      await rm(path, { force: true });
      throw translateError(error);
    } finally {
      underWay.delete(path);
    }
  }

  async stat(sha256: string): Promise<BlobInfo | undefined> {
    if (!isSha256(sha256)) return undefined;
    const found = await stat(this.#path(sha256)).catch(absent);
    return found && { sha256, size: found.size };
  }

  async read(sha256: string, range?: { start: number; end: number }): Promise<Readable> {
    const info = await this.stat(sha256);
    if (info === undefined) throw missing(sha256);
    const { start, end } = checkRange(info, range);
    return start === end ? Readable.from([]) : createReadStream(this.#path(sha256), { start, end: end - 1 });
  }

  /** A new folder must itself outlive a power cut, so the folders above are synced too, once in a process. */
  async #makeFolder(folder: string): Promise<void> {
    if (this.#durable.has(folder)) return;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await syncFolder(dirname(folder));
    await syncFolder(this.#folder);
    this.#durable.add(folder);
  }

  #path(sha256: string): string {
    return join(this.#folder, sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  }
}

async function writeFile(
  path: string,
  content: AsyncIterable<Uint8Array> | Uint8Array,
  maxBytes?: number,
): Promise<BlobInfo> {
  const hash = createHash('sha256');
  let size = 0;
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const piece of pieces(content, maxBytes)) {
      hash.update(piece);
      size += piece.length;
      await writeAll(file, piece);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { sha256: hash.digest('hex'), size };
}

async function writeAll(file: FileHandle, piece: Uint8Array): Promise<void> {
  for (let at = 0; at < piece.length; ) at += (await file.write(piece, at)).bytesWritten;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function removeStale(temporary: string): Promise<void> {
  for (const name of await readdir(temporary)) {
    const path = join(temporary, name);
    const owner = Number(name.split('-')[0]);
    if (owner === process.pid ? !underWay.has(path) : !isAlive(owner)) await rm(path, { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw translateError(error);
}

/** No room: on the disk, in the quota, or under the limit of file sizes. */
const FULL = ['ENOSPC', 'EDQUOT', 'EFBIG'];

function translateError(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return error;
  const code = FULL.includes(String(error.code)) ? 'storage.full' : 'storage.unavailable';
  return new StorageError(code, `${error.code} in the blob folder`, { cause: error });
}
