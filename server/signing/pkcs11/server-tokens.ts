import type { Certificate } from '../../pki/certificate.ts';
import { SigningError, type SigningErrorCode } from '../errors.ts';
import type { TokenName } from './messages.ts';
import { type OpenPkcs11, openPkcs11 } from './open-pkcs11.ts';
import { Pkcs11KeyProvider } from './pkcs11-key-provider.ts';
import { Pkcs11Module } from './pkcs11-module.ts';

/** What a module says that has nothing to do with the token asked for. */
const ABSENT: readonly SigningErrorCode[] = [
  'signing.token_removed',
  'signing.pkcs11_module_unusable',
  'signing.pkcs11_unavailable',
];

/** Who signs is somewhere else than a reader at the server, and a token that asks for no PIN would serve anybody. */
function mustBeGiven(pin: string): void {
  if (pin === '') throw new SigningError('signing.wrong_pin', 'no PIN');
}

/** The tokens attached to a server: those its configured modules see. A last try of a PIN is never made here. */
export class ServerTokens {
  readonly #modules: readonly Pkcs11Module[];

  constructor(modulePaths: readonly string[]) {
    this.#modules = modulePaths.map((path) => new Pkcs11Module(path));
  }

  /**
   * Finds the token that keeps the key of a certificate, and tries the PIN there.
   * @throws SigningError `signing.wrong_pin`; as `openPkcs11`
   */
  async find(
    certificate: Certificate,
    options: Pick<OpenPkcs11, 'pin' | 'token'>,
  ): Promise<Pkcs11KeyProvider> {
    mustBeGiven(options.pin);
    const { fingerprint } = certificate;
    return openPkcs11(this.#modules, { ...options, certificate, fingerprint });
  }

  /** Opens a key on the token where it was found before. @throws as `Pkcs11KeyProvider.open` */
  async open(
    token: TokenName,
    certificate: Certificate,
    chain: readonly Certificate[],
    pin: string,
  ): Promise<Pkcs11KeyProvider> {
    mustBeGiven(pin);
    const absences: SigningErrorCode[] = [];
    for (const module of this.#modules) {
      const provider = new Pkcs11KeyProvider({ module, token, certificate, chain, pin });
      try {
        await provider.open();
        return provider;
      } catch (error) {
        provider.close();
        // The token of one module is unknown to the others, which then try no PIN.
        if (!(error instanceof SigningError && ABSENT.includes(error.code))) throw error;
        absences.push(error.code);
      }
    }
    const code = absences.find((one) => one === 'signing.token_removed') ?? absences[0];
    const message = `no token ${token.label} (${token.serial}) is plugged in`;
    throw new SigningError(code ?? 'signing.token_removed', message);
  }

  async close(): Promise<void> {
    await Promise.all(this.#modules.map((module) => module.close()));
  }
}
