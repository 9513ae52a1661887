import type { Certificate } from '../../pki/certificate.ts';
import type { SigningAlgorithm } from '../choose-algorithm.ts';
import { SigningError } from '../errors.ts';
import { KeyProvider } from '../key-provider.ts';
import type { TokenName } from './messages.ts';
import type { Pkcs11Module } from './pkcs11-module.ts';

export interface Pkcs11KeyOptions {
  readonly module: Pick<Pkcs11Module, 'open' | 'sign'>;
  readonly token: TokenName;
  readonly certificate: Certificate;
  readonly chain: readonly Certificate[];
  /** Empty when it is typed at the reader. */
  readonly pin: string;
  readonly allowFinalTry?: boolean;
}

/** A key that never leaves its token. It logs in again by itself when the token was away; {@link close} forgets the PIN. */
export class Pkcs11KeyProvider extends KeyProvider {
  readonly certificate: Certificate;
  readonly chain: readonly Certificate[];
  readonly #module: Pick<Pkcs11Module, 'open' | 'sign'>;
  readonly token: TokenName;
  readonly #pin: Buffer;
  readonly #allowFinalTry: boolean;
  /** Why the PIN must not be tried again: a batch would lock the token with it. */
  #refusal: SigningError | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor({ module, token, certificate, chain, pin, allowFinalTry = false }: Pkcs11KeyOptions) {
    super();
    this.certificate = certificate;
    this.chain = chain;
    this.#module = module;
    this.token = token;
    this.#pin = Buffer.from(pin, 'utf8');
    this.#allowFinalTry = allowFinalTry;
  }

  /** Tries the PIN and looks for the key. @throws as `TokenAccess.open` */
  async open(): Promise<void> {
    await this.#once(() => this.#module.open(this.#request()));
  }

  /** @throws as `TokenAccess.sign` */
  signature(toBeSigned: Uint8Array, algorithm: SigningAlgorithm): Promise<Uint8Array> {
    const { scheme, digestAlgorithm } = algorithm;
    return this.#once(() =>
      this.#module.sign({ ...this.#request(), algorithm: { scheme, digestAlgorithm }, toBeSigned }),
    );
  }

  /** Overwrites the PIN; the key signs no more. */
  override close(): void {
    this.#pin.fill(0);
    this.#refusal ??= new SigningError('signing.key_failed', 'the key was closed');
  }

  /** One after another, so that of many waiting uses only the first tries a PIN that has become wrong. */
  #once<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(async () => {
      if (this.#refusal) throw this.#refusal;
      return work();
    });
    this.#turn = turn.catch((error: unknown) => {
      const isFinal =
        error instanceof SigningError && ['signing.wrong_pin', 'signing.pin_locked'].includes(error.code);
      if (isFinal) this.#refusal ??= error;
    });
    return turn;
  }

  #request() {
    return {
      token: this.token,
      certificate: this.certificate.der,
      pin: Uint8Array.from(this.#pin),
      allowFinalTry: this.#allowFinalTry,
    };
  }
}
