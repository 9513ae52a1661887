// This module alone: the package's index loads ten more.
import { Signer } from '@signpdf/utils/dist/Signer.js';
import { buildSignedData, type SignedDataOptions } from '../cms/build-signed-data.ts';
import { digestOf } from '../cms/digest.ts';
import type { Certificate } from '../pki/certificate.ts';
import { chooseAlgorithm, type SigningAlgorithm } from './choose-algorithm.ts';

/**
 * A private key with its certificate, wherever the key is kept. It is also a `Signer` of @signpdf, so that it works
 * inside anyone's pipeline of that library.
 */
export abstract class KeyProvider extends Signer {
  abstract readonly certificate: Certificate;
  /** Issuers of the certificate, nearest first, as far as they are known. */
  abstract readonly chain: readonly Certificate[];

  /**
   * The signature value over `toBeSigned` (which is hashed here), as CMS carries it: ECDSA as DER, RSA as long as the modulus.
   * @throws SigningError `signing.key_failed`
   */
  abstract signature(toBeSigned: Uint8Array, algorithm: SigningAlgorithm): Promise<Uint8Array>;

  /** Runs one attempt to sign, from its checks to its result; a metered provider counts it. */
  attempt<T>(work: (key: KeyProvider) => Promise<T>): Promise<T> {
    return work(this);
  }

  /** Forgets the secrets that opened the key, where there are any; afterwards it may not sign. */
  close(): void {}

  /**
   * What @signpdf asks of a signer: a detached CMS over the document without its placeholder. The signing time is not
   * written, since PAdES keeps it in the signature dictionary.
   */
  override sign(pdf: Buffer, _signingTime?: Date): Promise<Buffer> {
    return this.attempt(async (key) => {
      const algorithm = chooseAlgorithm(key.certificate);
      const options: SignedDataOptions = {
        ...algorithm,
        contentDigest: digestOf(algorithm.digestAlgorithm, pdf),
        certificate: key.certificate,
        chain: key.chain,
      };
      const sign = (toBeSigned: Uint8Array) => key.signature(toBeSigned, algorithm);
      return Buffer.from(await buildSignedData({ ...options, sign }));
    });
  }
}
