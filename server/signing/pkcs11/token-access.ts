import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Certificate, parseCertificate } from '../../pki/certificate.ts';
import { SigningError } from '../errors.ts';
import { Ck } from './constants.ts';
import { type Cryptoki, type Handle, initialise } from './cryptoki.ts';
import { alwaysAuthenticates, findCertificates, findPrivateKey } from './find-objects.ts';
import type { Login, OpenRequest, SignRequest, TokenContent, TokenName } from './messages.ts';
import { planSignature } from './plan-signature.ts';
import { readTokenState } from './token-state.ts';
import { cryptokiCode, isLost, translateError } from './translate-error.ts';

/** A session on one token, and what is known while it lasts. */
interface OpenToken {
  readonly slot: Handle;
  readonly session: Handle;
  readonly mechanisms: ReadonlySet<number>;
  /** Keys found, by certificate. */
  readonly keys: Map<string, { readonly handle: Handle; readonly alwaysAuthenticates: boolean }>;
  /** Keyed digest of the PIN under which the token is logged in. */
  login?: Buffer;
}

/**
 * All that is done with the tokens of one PKCS#11 module; every call blocks, so it belongs on a thread of its own.
 *
 * A login counts for the whole process (PKCS#11 2.40 5.6), so being logged in proves nothing about who asks: each request
 * brings its PIN, and one that differs from that of the login is tried at the token.
 */
export class TokenAccess {
  readonly #cryptoki: Cryptoki;
  readonly #open = new Map<string, OpenToken>();
  readonly #secret = randomBytes(32);

  /** @param cryptoki initialised. */
  constructor(cryptoki: Cryptoki) {
    this.#cryptoki = cryptoki;
  }

  /** Every token that is plugged in, with its certificates; a token that cannot be read is passed over. */
  list(): readonly TokenContent[] {
    return this.#mended(() => this.#cryptoki.C_GetSlotList(true).flatMap((slot) => this.#content(slot)));
  }

  /**
   * Tries the PIN at the token, whoever is logged in, and looks for the key of the certificate.
   * @throws SigningError `signing.wrong_pin` (details: `pinCountLow`, `pinFinalTry`), `signing.pin_locked`,
   *   `signing.pin_final_try`, `signing.pin_to_be_changed`, `signing.token_not_initialised`, `signing.token_removed`,
   *   `signing.token_no_key`, `signing.key_failed`
   */
  open(request: OpenRequest): void {
    this.#mended(() => {
      const token = this.#tokenOf(request.token);
      this.#logOut(token);
      this.#logIn(token, request);
      this.#keyOf(token, parseCertificate(request.certificate));
    });
  }

  /** @throws as {@link open}; SigningError `signing.mechanism_unsupported` */
  sign(request: SignRequest): Uint8Array {
    return this.#mended(() => {
      const certificate = parseCertificate(request.certificate);
      const token = this.#tokenOf(request.token);
      this.#logIn(token, request);
      const key = this.#keyOf(token, certificate);
      const { namedCurve } = certificate.publicKey.asymmetricKeyDetails ?? {};
      const plan = planSignature(request.algorithm, request.toBeSigned, namedCurve, token.mechanisms);
      try {
        this.#cryptoki.C_SignInit(token.session, plan.mechanism, key.handle);
        if (key.alwaysAuthenticates) this.#authenticate(token, Ck.contextSpecific, request);
        return plan.toValue(this.#cryptoki.C_Sign(token.session, plan.input, Buffer.alloc(plan.room)));
      } catch (error) {
        this.#drop(token);
        throw error;
      }
    });
  }

  close(): void {
    this.#open.clear();
    try {
      this.#cryptoki.C_Finalize();
    } catch {
      // Whoever ends it may have been here before.
    }
  }

  /** What a removed token, a closed session or a module ended by somebody else broke is tried once more from its beginning. */
  #mended<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!isLost(error)) throw translateError(error);
    }
    try {
      this.close();
      initialise(this.#cryptoki);
      return work();
    } catch (error) {
      throw translateError(error);
    }
  }

  #content(slot: Handle): TokenContent[] {
    try {
      const state = readTokenState(this.#cryptoki, slot);
      if (!state.initialised) return [{ ...state, certificates: [] }];
      const session = this.#cryptoki.C_OpenSession(slot, Ck.serialSession);
      try {
        return [{ ...state, certificates: findCertificates(this.#cryptoki, session) }];
      } finally {
        this.#cryptoki.C_CloseSession(session);
      }
    } catch (error) {
      const code = cryptokiCode(error);
      if (code === undefined || code === 'CKR_CRYPTOKI_NOT_INITIALIZED') throw error;
      return [];
    }
  }

  #tokenOf({ label, serial }: TokenName): OpenToken {
    const name = JSON.stringify([label, serial]);
    const known = this.#open.get(name);
    if (known) return known;
    const slot = this.#cryptoki.C_GetSlotList(true).find((candidate) => {
      const state = readTokenState(this.#cryptoki, candidate);
      return state.label === label && state.serial === serial;
    });
    if (!slot) throw new SigningError('signing.token_removed', `no token ${label} (${serial}) is plugged in`);
    const token: OpenToken = {
      slot,
      session: this.#cryptoki.C_OpenSession(slot, Ck.serialSession),
      mechanisms: new Set(this.#cryptoki.C_GetMechanismList(slot)),
      keys: new Map(),
    };
    this.#open.set(name, token);
    return token;
  }

  /** A signature that was begun and not made stays with its session. */
  #drop(token: OpenToken): void {
    for (const [name, open] of this.#open) if (open === token) this.#open.delete(name);
    try {
      this.#cryptoki.C_CloseSession(token.session);
    } catch {
      // The error that brought us here says more.
    }
  }

  #logIn(token: OpenToken, request: Login): void {
    const pin = createHmac('sha256', this.#secret).update(request.pin).digest();
    if (token.login && timingSafeEqual(token.login, pin)) return;
    // A PIN that is given must be right, also where the token would do without.
    if (request.pin.length === 0 && !readTokenState(this.#cryptoki, token.slot).loginRequired) return;
    this.#logOut(token);
    this.#authenticate(token, Ck.user, request);
    token.login = pin;
  }

  #logOut(token: OpenToken): void {
    // Handles of private objects end with the login (PKCS#11 2.40 5.6, C_Logout).
    token.keys.clear();
    delete token.login;
    try {
      this.#cryptoki.C_Logout(token.session);
    } catch (error) {
      if (cryptokiCode(error) !== 'CKR_USER_NOT_LOGGED_IN') throw error;
    }
  }

  /** One try of the PIN at the token, which may count against its holder: never made when the answer is known. */
  #authenticate(token: OpenToken, user: number, { pin, allowFinalTry }: Login): void {
    const state = readTokenState(this.#cryptoki, token.slot);
    const { initialised, pinSet, pinLocked, pinToBeChanged, pinFinalTry } = state;
    if (!initialised || !pinSet) throw new SigningError('signing.token_not_initialised', 'no PIN is set');
    if (pinLocked) throw new SigningError('signing.pin_locked', 'the token is locked');
    if (pinToBeChanged) throw new SigningError('signing.pin_to_be_changed', 'the PIN has expired');
    if (pinFinalTry && !allowFinalTry) throw new SigningError('signing.pin_final_try', 'one try is left');
    try {
      // pkcs11js takes text only; a string cannot be wiped, so it lives no longer than this call.
      this.#cryptoki.C_Login(
        token.session,
        user,
        state.protectedPath ? '' : Buffer.from(pin).toString('utf8'),
      );
    } catch (error) {
      const { code, message } = translateError(error);
      if (code !== 'signing.wrong_pin') throw error;
      const {
        pinCountLow,
        pinFinalTry: last,
        pinLocked: locked,
      } = readTokenState(this.#cryptoki, token.slot);
      if (locked) throw new SigningError('signing.pin_locked', 'this wrong PIN has locked the token');
      throw new SigningError(code, message, { details: { pinCountLow, pinFinalTry: last } });
    }
  }

  #keyOf(token: OpenToken, certificate: Certificate) {
    const known = token.keys.get(certificate.fingerprint);
    if (known) return known;
    const handle = findPrivateKey(this.#cryptoki, token.session, certificate);
    if (!handle) throw new SigningError('signing.token_no_key', 'no private key of this certificate');
    const key = { handle, alwaysAuthenticates: alwaysAuthenticates(this.#cryptoki, token.session, handle) };
    token.keys.set(certificate.fingerprint, key);
    return key;
  }
}
