import type { Hash } from 'node:crypto';
import { CmsError } from '../cms/errors.ts';
import type { SignedContent } from '../cms/verify-signer-info.ts';
import { type ByteSource, transientWindows, windows } from '../pdf/byte-source.ts';
import type { Span } from '../pdf/parser.ts';
import { type HashName, hasher } from '../pki/algorithm.ts';
import type { Effort } from '../pki/effort.ts';

/** Stretches that one /ByteRange may name; two are usual. */
const MAX_STRETCHES = 64;
/** Hashing that much costs as much as checking a signature. */
const BYTES_PER_CHECK = 2 ** 17;

/** How far a file was hashed from its beginning. */
interface Progress {
  readonly end: number;
  readonly state: Hash;
}

/**
 * The bytes that the /ByteRanges of one file name, hashed in windows so that a large file is never held in memory. The
 * signatures of a file cover the same beginning, one a little more than the one before: that is hashed once.
 */
export class SignedBytes {
  readonly #source: ByteSource;
  readonly #effort: Effort;
  readonly #progress = new Map<HashName, Progress>();

  constructor(source: ByteSource, effort: Effort) {
    this.#source = source;
    this.#effort = effort;
  }

  /** Undefined when the range is none or leaves the file. Reading the content throws PkiError `pki.too_complex`. */
  of(byteRange: readonly number[] | undefined): SignedContent | undefined {
    const stretches = byteRange && this.#stretches(byteRange);
    if (!stretches) return undefined;
    const digests = new Map<HashName, Uint8Array>();
    const digest = (hash: HashName): Uint8Array => {
      const known = digests.get(hash) ?? this.#digest(hash, stretches);
      digests.set(hash, known);
      return known;
    };
    return { digest, chunks: () => this.#chunks(stretches) };
  }

  #stretches(byteRange: readonly number[]): readonly Span[] | undefined {
    if (byteRange.length === 0 || byteRange.length % 2 !== 0) return undefined;
    if (byteRange.length > MAX_STRETCHES * 2) return undefined;
    const stretches: Span[] = [];
    for (let i = 0; i < byteRange.length; i += 2) {
      const start = byteRange[i] ?? -1;
      const end = start + (byteRange[i + 1] ?? -1);
      if (start < 0 || end < start || end > this.#source.length) return undefined;
      stretches.push({ start, end });
    }
    return stretches;
  }

  *#chunks(stretches: readonly Span[]): Generator<Uint8Array> {
    for (const { start, end } of stretches) {
      this.#effort.spend((end - start) / BYTES_PER_CHECK);
      yield* windows(this.#source, start, end);
    }
  }

  #digest(hash: HashName, [first, ...rest]: readonly Span[]): Uint8Array {
    const running = first ? this.#begin(hash, first) : fresh(hash);
    for (const stretch of rest) this.#feed(running, stretch);
    return running.digest();
  }

  #begin(hash: HashName, { start, end }: Span): Hash {
    const done = this.#progress.get(hash);
    const goesOn = done !== undefined && start === 0 && done.end <= end;
    const running = goesOn ? done.state.copy() : fresh(hash);
    this.#feed(running, { start: goesOn ? done.end : start, end });
    // A copy of SHAKE would forget how much it is to give.
    if (start === 0 && !hash.startsWith('SHAKE')) this.#progress.set(hash, { end, state: running.copy() });
    return running;
  }

  #feed(running: Hash, { start, end }: Span): void {
    this.#effort.spend((end - start) / BYTES_PER_CHECK);
    for (const chunk of transientWindows(this.#source, start, end)) running.update(chunk);
  }
}

function fresh(hash: HashName): Hash {
  const running = hasher(hash);
  if (!running) throw new CmsError('cms.unsupported_algorithm', `digest ${hash}`);
  return running;
}
