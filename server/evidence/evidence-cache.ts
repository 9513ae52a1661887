/** What is kept: an OCSP answer by certificate, a CRL or issuers by address, a failure by address. */
interface Entry<T> {
  readonly value: T;
  /** Octets it is counted as. */
  readonly size: number;
}

export interface CacheLimits {
  readonly entries: number;
  readonly bytes: number;
}

const DEFAULT_LIMITS: CacheLimits = { entries: 10_000, bytes: 128 * 1024 * 1024 };

/**
 * A bounded cache in memory; what was not asked for longest leaves first. Two that ask for the same at once wait for one
 * answer. Whether a value is still fresh is the caller's question, since only the caller knows the moment.
 */
export class EvidenceCache<T> {
  readonly #limits: CacheLimits;
  readonly #entries = new Map<string, Entry<T>>();
  readonly #pending = new Map<string, Promise<T>>();
  #bytes = 0;

  constructor(limits: Partial<CacheLimits> = {}) {
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
  }

  get size(): number {
    return this.#entries.size;
  }

  /**
   * The kept value when it `isGood`, else what `load` gives; that is kept when it has a size.
   * @throws whatever `load` throws; failures are not kept.
   */
  async get(key: string, isGood: (value: T) => boolean, load: () => Promise<Entry<T>>): Promise<T> {
    const known = this.#entries.get(key);
    if (known && isGood(known.value)) {
      this.#put(key, known);
      return known.value;
    }
    const waiting = this.#pending.get(key);
    if (waiting) {
      const value = await waiting;
      if (isGood(value)) return value;
    }
    const loading = load().then((entry) => {
      this.#put(key, entry);
      return entry.value;
    });
    this.#pending.set(key, loading);
    try {
      return await loading;
    } finally {
      if (this.#pending.get(key) === loading) this.#pending.delete(key);
    }
  }

  #put(key: string, entry: Entry<T>): void {
    this.#remove(key);
    if (entry.size > this.#limits.bytes) return;
    this.#entries.set(key, entry);
    this.#bytes += entry.size;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#limits.bytes && this.#entries.size <= this.#limits.entries) break;
      this.#remove(oldest);
    }
  }

  #remove(key: string): void {
    this.#bytes -= this.#entries.get(key)?.size ?? 0;
    this.#entries.delete(key);
  }
}
