import { CmsError } from '../cms/errors.ts';
import type { SignedContent } from '../cms/verify-signer-info.ts';
import { type ByteSource, transientWindows, windows } from '../pdf/byte-source.ts';
import { type HashName, hasher } from '../pki/algorithm.ts';

/** Stretches that one /ByteRange may name; two are usual. */
const MAX_STRETCHES = 64;

/**
 * The bytes a /ByteRange names, hashed in windows so that a large file is never held in memory, each digest once.
 * Undefined when the range leaves the file.
 */
export function signedBytes(
  source: ByteSource,
  byteRange: readonly number[] | undefined,
): SignedContent | undefined {
  if (!byteRange || byteRange.length === 0 || byteRange.length % 2 !== 0) return undefined;
  if (byteRange.length > MAX_STRETCHES * 2) return undefined;
  const stretches: { start: number; end: number }[] = [];
  for (let i = 0; i < byteRange.length; i += 2) {
    const start = byteRange[i] ?? -1;
    const end = start + (byteRange[i + 1] ?? -1);
    if (start < 0 || end < start || end > source.length) return undefined;
    stretches.push({ start, end });
  }
  const digests = new Map<HashName, Uint8Array>();
  function* each(cut: typeof windows): Generator<Uint8Array> {
    for (const { start, end } of stretches) yield* cut(source, start, end);
  }
  const digest = (hash: HashName): Uint8Array => {
    const known = digests.get(hash);
    if (known) return known;
    const running = hasher(hash);
    if (!running) throw new CmsError('cms.unsupported_algorithm', `digest ${hash}`);
    for (const chunk of each(transientWindows)) running.update(chunk);
    const fresh = running.digest();
    digests.set(hash, fresh);
    return fresh;
  };
  return { digest, chunks: () => each(windows) };
}
