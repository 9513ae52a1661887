import { type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import type { SigningHash } from '../cms/build-signed-data.ts';
import { cryptoHash } from '../pki/algorithm.ts';
import type { Certificate } from '../pki/certificate.ts';
import type { SigningAlgorithm } from './choose-algorithm.ts';
import { SigningError } from './errors.ts';
import { type KeyInput, keyInput } from './key-input.ts';
import { KeyProvider } from './key-provider.ts';

const signOnPool = promisify<string | null, Uint8Array, KeyInput, Buffer>(sign);

/** Signatures that are wanted of the keys of this process at this moment. */
let wanted = 0;

/** RSA keys up to this size sign within three milliseconds, which the event loop can spare. */
const QUICK_BITS = 3072;

/**
 * A private key in memory. Several signatures at once are made on other threads, so that every core works and the event
 * loop goes on; one alone is made here, since the way to another thread and back takes a tenth of a millisecond.
 */
export class PrivateKeyProvider extends KeyProvider {
  readonly certificate: Certificate;
  readonly chain: readonly Certificate[];
  readonly #privateKey: KeyObject;
  readonly #isQuick: boolean;

  constructor(privateKey: KeyObject, certificate: Certificate, chain: readonly Certificate[]) {
    super();
    this.#privateKey = privateKey;
    this.#isQuick = (privateKey.asymmetricKeyDetails?.modulusLength ?? 0) <= QUICK_BITS;
    this.certificate = certificate;
    this.chain = chain;
  }

  async signature(toBeSigned: Uint8Array, algorithm: SigningAlgorithm): Promise<Uint8Array> {
    const { scheme, digestAlgorithm } = algorithm;
    const hash = scheme === 'eddsa' ? null : nodeHash(digestAlgorithm);
    wanted += 1;
    try {
      const key = keyInput(this.#privateKey, algorithm);
      // A turn of the event loop lets others come in, and shows who else wants to sign.
      await new Promise((resolve) => setImmediate(resolve));
      const isAlone = wanted === 1 && this.#isQuick;
      return isAlone ? sign(hash, toBeSigned, key) : await signOnPool(hash, toBeSigned, key);
    } catch (cause) {
      throw new SigningError('signing.key_failed', 'the private key failed', { cause });
    } finally {
      wanted -= 1;
    }
  }

  /** PKCS#8, for sealing only. */
  exportPrivateKey(): Buffer {
    return this.#privateKey.export({ type: 'pkcs8', format: 'der' });
  }
}

function nodeHash(hash: SigningHash): string {
  return cryptoHash(hash) ?? hash;
}
