import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { ByteSource } from '../pdf/byte-source.ts';

/** A file read by windows, however large it is. The descriptor stays open until {@link FileSource.close}. */
export interface FileSource extends ByteSource {
  readInto(target: Uint8Array, start: number): void;
  close(): void;
}

/** Opens a file for reading. @throws the error of node:fs when it cannot be opened, or is cut short while it is read. */
export function fileSource(path: string): FileSource {
  const descriptor = openSync(path, 'r');
  const length = fstatSync(descriptor).size;
  const readInto = (target: Uint8Array, start: number): void => {
    for (let at = 0; at < target.length; ) {
      const count = readSync(descriptor, target, at, target.length - at, start + at);
      if (count === 0) throw new Error(`the file ends before byte ${start + at}`);
      at += count;
    }
  };
  const read = (start: number, end: number): Uint8Array => {
    const bytes = Buffer.allocUnsafe(end - start);
    readInto(bytes, start);
    return bytes;
  };
  return { length, read, readInto, close: () => closeSync(descriptor) };
}

/** Opens a file for as long as `use` takes. */
export async function withFileSource<T>(
  path: string,
  use: (source: ByteSource) => Promise<T> | T,
): Promise<T> {
  const source = fileSource(path);
  try {
    return await use(source);
  } finally {
    source.close();
  }
}
