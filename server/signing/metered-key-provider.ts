import type { Certificate } from '../pki/certificate.ts';
import type { SigningAlgorithm } from './choose-algorithm.ts';
import { SigningError } from './errors.ts';
import { KeyProvider } from './key-provider.ts';
import type { UsageMeter } from './usage-meter.ts';

/**
 * The only form in which a key leaves the key store: whatever is done with it, each attempt is one usage event. A bare
 * signature value and `sign` of @signpdf are attempts too.
 */
export class MeteredKeyProvider extends KeyProvider {
  readonly certificate: Certificate;
  readonly chain: readonly Certificate[];
  readonly #key: KeyProvider;
  readonly #meter: UsageMeter;

  constructor(key: KeyProvider, meter: UsageMeter) {
    super();
    this.#key = key;
    this.#meter = meter;
    this.certificate = key.certificate;
    this.chain = key.chain;
  }

  signature(toBeSigned: Uint8Array, algorithm: SigningAlgorithm): Promise<Uint8Array> {
    return this.attempt((key) => key.signature(toBeSigned, algorithm));
  }

  override close(): void {
    this.#key.close();
  }

  override attempt<T>(work: (key: KeyProvider) => Promise<T>): Promise<T> {
    return this.#meter.attempt(this.certificate.fingerprint, async () => {
      const once = new SingleUse(this.#key);
      try {
        return await work(once);
      } finally {
        once.end();
      }
    });
  }
}

/** What an attempt gets to work with: good for one signature, and for nothing after the attempt. */
class SingleUse extends KeyProvider {
  readonly certificate: Certificate;
  readonly chain: readonly Certificate[];
  #key: KeyProvider | undefined;

  constructor(key: KeyProvider) {
    super();
    this.#key = key;
    this.certificate = key.certificate;
    this.chain = key.chain;
  }

  async signature(toBeSigned: Uint8Array, algorithm: SigningAlgorithm): Promise<Uint8Array> {
    const key = this.#key;
    this.#key = undefined;
    if (!key) throw new SigningError('signing.key_failed', 'an attempt makes one signature');
    return key.signature(toBeSigned, algorithm);
  }

  end(): void {
    this.#key = undefined;
  }
}
