import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SigningHash } from '../cms/build-signed-data.ts';
import { type ByteSource, transientWindows } from '../pdf/byte-source.ts';
import type { PreparedSignature } from '../pdf/signatures/prepare-signature.ts';
import { cryptoHash } from '../pki/algorithm.ts';

/** Windows of 1 MiB hashed between two turns of the event loop. */
const WINDOWS_A_TURN = 4;

/** Takes a window of the source, which is good until the promise is kept. */
export type CopyWindow = (window: Uint8Array) => Promise<void>;

/**
 * Hashes source and update without the gap of /Contents, once, and lets others work in between. With `copy` every window
 * of the source is written elsewhere while it is hashed, so that it is read once for both.
 */
export async function digestByteRange(
  source: ByteSource,
  { appended, byteRange }: Pick<PreparedSignature, 'appended' | 'byteRange'>,
  digestAlgorithm: SigningHash,
  copy?: CopyWindow,
): Promise<Uint8Array> {
  const hash = createHash(cryptoHash(digestAlgorithm) ?? digestAlgorithm);
  let hashed = 0;
  for (const window of transientWindows(source)) {
    const copied = copy?.(window);
    hash.update(window);
    hashed += 1;
    if (copied) await copied;
    else if (hashed % WINDOWS_A_TURN === 0) await nextTurn();
  }
  const [, gapStart, gapEnd] = byteRange;
  hash.update(appended.subarray(0, gapStart - source.length));
  return hash.update(appended.subarray(gapEnd - source.length)).digest();
}
