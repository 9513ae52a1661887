import { StorageError } from '../errors.ts';
import type { BlobInfo } from '../ports.ts';

export function isSha256(name: string): boolean {
  return /^[0-9a-f]{64}$/.test(name);
}

/** The content piece by piece. @throws StorageError `storage.too_large` as soon as it passes `maxBytes`. */
export async function* pieces(
  content: AsyncIterable<Uint8Array> | Uint8Array,
  maxBytes: number = Number.MAX_SAFE_INTEGER,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const piece of content instanceof Uint8Array ? [content] : content) {
    size += piece.length;
    if (size > maxBytes) {
      throw new StorageError('storage.too_large', `the content is over ${maxBytes} bytes`, {
        details: { maxBytes },
      });
    }
    yield piece;
  }
}

/** The bytes asked for, cut at the end of the blob. @throws StorageError `storage.bad_query`. */
export function checkRange(
  info: BlobInfo,
  range: { start: number; end: number } = { start: 0, end: info.size },
) {
  const { start, end } = range;
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end < start) {
    throw new StorageError('storage.bad_query', 'the range is not valid');
  }
  return { start: Math.min(start, info.size), end: Math.min(end, info.size) };
}

export function missing(sha256: string): StorageError {
  return new StorageError('storage.not_found', `no blob ${sha256.slice(0, 64)}`);
}
