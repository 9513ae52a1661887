import { constants, type KeyObject, sign } from 'node:crypto';
import type { SigningHash } from '../cms/build-signed-data.ts';
import { cryptoHash } from '../pki/algorithm.ts';
import type { Certificate } from '../pki/certificate.ts';
import type { SigningAlgorithm } from './choose-algorithm.ts';
import { SigningError } from './errors.ts';
import { KeyProvider } from './key-provider.ts';

/** A private key in memory. node:crypto does the work on another thread, so the event loop goes on. */
export class PrivateKeyProvider extends KeyProvider {
  readonly certificate: Certificate;
  readonly chain: readonly Certificate[];
  readonly #privateKey: KeyObject;

  constructor(privateKey: KeyObject, certificate: Certificate, chain: readonly Certificate[]) {
    super();
    this.#privateKey = privateKey;
    this.certificate = certificate;
    this.chain = chain;
  }

  signature(toBeSigned: Uint8Array, { scheme, digestAlgorithm }: SigningAlgorithm): Promise<Uint8Array> {
    const hash = scheme === 'eddsa' ? null : nodeHash(digestAlgorithm);
    const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
    const key = scheme === 'rsa-pss' ? { key: this.#privateKey, ...pss } : this.#privateKey;
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
    const failed = (cause: unknown): void =>
      reject(new SigningError('signing.key_failed', 'the private key failed', { cause }));
    try {
      sign(hash, toBeSigned, key, (error, value) => (error ? failed(error) : resolve(value)));
    } catch (error) {
      failed(error);
    }
    return promise;
  }

  /** PKCS#8, for sealing only. */
  exportPrivateKey(): Buffer {
    return this.#privateKey.export({ type: 'pkcs8', format: 'der' });
  }
}

function nodeHash(hash: SigningHash): string {
  return cryptoHash(hash) ?? hash;
}
