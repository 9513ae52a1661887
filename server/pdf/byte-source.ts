/**
 * A file read through windows, so that it need not be in memory. Synchronous: reading is a `subarray` or a `pread`.
 */
export interface ByteSource {
  readonly length: number;
  /** The whole content, where it is in memory already. */
  readonly bytes?: Uint8Array;
  /** The bytes from `start` to before `end`, both inside the source; the caller does not write into them. */
  read(start: number, end: number): Uint8Array;
  /** Fills `target` with the bytes from `start` on, where that is cheaper than {@link read}. */
  readInto?(target: Uint8Array, start: number): void;
}

export function bytesSource(bytes: Uint8Array): ByteSource {
  return { length: bytes.length, bytes, read: (start, end) => bytes.subarray(start, end) };
}

/** `first` with `appended` behind it: a file and its incremental update, without copying the file. */
export function joinedSource(first: ByteSource, appended: Uint8Array): ByteSource {
  const read = (start: number, end: number): Uint8Array => {
    if (end <= first.length) return first.read(start, end);
    if (start >= first.length) return appended.subarray(start - first.length, end - first.length);
    return Buffer.concat([first.read(start, first.length), appended.subarray(0, end - first.length)]);
  };
  const readInto = (target: Uint8Array, start: number): void => {
    const own = Math.max(0, Math.min(target.length, first.length - start));
    const head = target.subarray(0, own);
    if (own > 0 && first.readInto) first.readInto(head, start);
    else if (own > 0) head.set(first.read(start, start + own));
    const from = start + own - first.length;
    target.set(appended.subarray(from, from + target.length - own), own);
  };
  return { length: first.length + appended.length, read, ...(first.readInto && { readInto }) };
}

const WINDOW = 2 ** 20;

/** `[start, end)` in windows of 1 MiB, for copying without holding a large file in memory. */
export function* windows(source: ByteSource, start = 0, end = source.length): Generator<Uint8Array> {
  for (let at = start; at < end; at += WINDOW) yield source.read(at, Math.min(end, at + WINDOW));
}

/**
 * The same where each window is done with before the next is asked for, as in hashing: one buffer serves for all, so
 * that memory does not grow while the collector waits.
 */
export function* transientWindows(source: ByteSource, start = 0, end = source.length): Generator<Uint8Array> {
  if (!source.readInto) {
    yield* windows(source, start, end);
    return;
  }
  const buffer = new Uint8Array(Math.min(WINDOW, Math.max(0, end - start)));
  for (let at = start; at < end; at += WINDOW) {
    const window = buffer.subarray(0, Math.min(WINDOW, end - at));
    source.readInto(window, at);
    yield window;
  }
}
