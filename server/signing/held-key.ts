import type { Certificate } from '../pki/certificate.ts';
import type { Clock } from '../platform/clock.ts';
import type { SigningAlgorithm } from './choose-algorithm.ts';
import { SigningError } from './errors.ts';
import { KeyProvider } from './key-provider.ts';
import { MeteredKeyProvider } from './metered-key-provider.ts';
import { type UsageContext, UsageMeter, type UsageSink } from './usage-meter.ts';

/**
 * A key that a PIN has opened once for many signatures, in memory only. Each signature takes it through a meter of its own;
 * released, it signs nothing more.
 */
export class HeldKey {
  readonly certificate: Certificate;
  readonly chain: readonly Certificate[];
  readonly #clock: Clock;
  #key: KeyProvider | undefined;

  constructor(key: KeyProvider, clock: Clock) {
    this.#key = key;
    this.#clock = clock;
    this.certificate = key.certificate;
    this.chain = key.chain;
  }

  /** For one signature; closing it leaves the key open. */
  metered({
    sink,
    context,
  }: {
    readonly sink: UsageSink;
    readonly context: UsageContext;
  }): MeteredKeyProvider {
    const meter = new UsageMeter({ sink, context, clock: this.#clock });
    return new MeteredKeyProvider(new Lent(this, () => this.#key), meter);
  }

  release(): void {
    this.#key?.close();
    this.#key = undefined;
  }
}

/** The key as one signature sees it. */
class Lent extends KeyProvider {
  readonly certificate: Certificate;
  readonly chain: readonly Certificate[];
  readonly #key: () => KeyProvider | undefined;

  constructor({ certificate, chain }: HeldKey, key: () => KeyProvider | undefined) {
    super();
    this.certificate = certificate;
    this.chain = chain;
    this.#key = key;
  }

  async signature(toBeSigned: Uint8Array, algorithm: SigningAlgorithm): Promise<Uint8Array> {
    const key = this.#key();
    if (!key) throw new SigningError('signing.key_failed', 'the key has been released');
    return key.signature(toBeSigned, algorithm);
  }
}
