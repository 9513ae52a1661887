import { createPrivateKey } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Certificate, parseCertificate } from '../pki/certificate.ts';
import type { Clock } from '../platform/clock.ts';
import { newId } from '../platform/ids.ts';
import { StorageError } from '../storage/errors.ts';
import type { Collection, DomainEvent, Store } from '../storage/ports.ts';
import { checkSignatureValue } from './check-signature-value.ts';
import { chooseAlgorithm } from './choose-algorithm.ts';
import { SigningError } from './errors.ts';
import { HeldKey } from './held-key.ts';
import type { KeyProvider } from './key-provider.ts';
import { MeteredKeyProvider } from './metered-key-provider.ts';
import { openPkcs12 } from './open-pkcs12.ts';
import { PinGuard } from './pin-guard.ts';
import type { TokenName } from './pkcs11/messages.ts';
import type { ServerTokens } from './pkcs11/server-tokens.ts';
import { PrivateKeyProvider } from './private-key-provider.ts';
import { defaultCost, type ScryptCost, type SealContext, sealKey, unsealKey } from './seal-key.ts';
import {
  changeKey,
  checkNewPin,
  type KeyInfo,
  presentKey,
  readKey,
  type StoredKey,
  storedKeys,
} from './stored-key.ts';
import { type MeterOptions, type UsageContext, UsageMeter, type UsageSink } from './usage-meter.ts';

export interface KeyStoreOptions {
  readonly store: Pick<Store, 'collection'>;
  /** 32 bytes. */
  readonly serverKey: Uint8Array;
  readonly clock: Clock;
  /** How a wrong PIN is made to wait. Default: a timer. */
  readonly wait?: (milliseconds: number) => Promise<unknown>;
  readonly cost?: ScryptCost;
  /** Tokens attached to this server. */
  readonly tokens?: Pick<ServerTokens, 'find' | 'open'>;
}

export interface ImportKey {
  readonly p12: Uint8Array;
  readonly passphrase: string;
  /** The PIN that opens the key from now on; the passphrase is forgotten. */
  readonly pin: string;
  /** Account of the holder or custodian. */
  readonly owner: string;
  readonly agencyId: string;
  /** Account that does it. */
  readonly actor: string;
  /** Which certificate, for files with several keys. */
  readonly fingerprint?: string;
}

export interface AttachKey extends Pick<ImportKey, 'owner' | 'agencyId' | 'actor'> {
  readonly certificate: Certificate;
  /** Of the token. It is tried once and not kept. */
  readonly pin: string;
  /** Label or serial number of the token, when several are attached and none holds the certificate. */
  readonly token?: string;
}

export interface OpenKey {
  readonly sink: UsageSink;
  readonly context: UsageContext;
}

/** What a key on a token signs to prove itself; nothing anybody could take for a document. */
const PROOF = Buffer.from('anso: this key was attached');

/** Opens the key store of an installation. */
export async function openKeyStore(options: KeyStoreOptions): Promise<KeyStore> {
  return new KeyStore(await options.store.collection<StoredKey>(storedKeys), options);
}

/**
 * Private keys at rest, one row each, sealed under the server key and the holder's PIN, or kept by a token. A key comes out only as a
 * {@link MeteredKeyProvider}, so no use goes uncounted; no error, event or row tells a PIN or a key.
 */
export class KeyStore {
  readonly #keys: Collection<StoredKey>;
  readonly #guard: PinGuard;
  readonly #serverKey: Uint8Array;
  readonly #clock: Clock;
  readonly #cost: ScryptCost;
  readonly #tokens: KeyStoreOptions['tokens'];

  constructor(keys: Collection<StoredKey>, options: Omit<KeyStoreOptions, 'store'>) {
    this.#keys = keys;
    this.#serverKey = options.serverKey;
    this.#clock = options.clock;
    this.#cost = options.cost ?? defaultCost;
    this.#tokens = options.tokens;
    this.#guard = new PinGuard(keys, options.clock, options.wait ?? delay);
  }

  /**
   * Takes the key of a PKCS#12 file under a PIN of its own.
   * @throws SigningError `signing.pin_unfit`, `signing.p12_*`, `signing.key_unsupported`, `signing.key_exists`
   */
  async import(request: ImportKey): Promise<KeyInfo> {
    checkNewPin(request.pin);
    const { fingerprint } = request;
    const provider = await openPkcs12(request.p12, request.passphrase, fingerprint ? { fingerprint } : {});
    const now = this.#clock.now();
    const id = newId(now);
    const { certificate } = provider;
    const pkcs8 = provider.exportPrivateKey();
    const sealed = await sealKey(pkcs8, this.#context(id, certificate.fingerprint, request.pin), this.#cost);
    pkcs8.fill(0);
    return this.#insert(id, now, request, provider, { sealed });
  }

  /**
   * Takes down where the key of a certificate is: on a token attached to this server, which keeps it and its PIN. The key signs
   * once here, to prove that it is the certificate's.
   * @throws as `ServerTokens.find`; SigningError `signing.self_check_failed`, `signing.key_exists`
   */
  async attach(request: AttachKey): Promise<KeyInfo> {
    const { certificate, pin, token } = request;
    const tokens = this.#mustHaveTokens();
    const provider = await tokens.find(certificate, { pin, ...(token !== undefined && { token }) });
    try {
      // PKCS#1 v1.5 is what every token can.
      const isBound = certificate.publicKey.asymmetricKeyType !== 'rsa';
      const algorithm = chooseAlgorithm(certificate, isBound ? {} : { rsa: 'pkcs1' });
      const value = await provider.signature(PROOF, algorithm);
      await checkSignatureValue(certificate, algorithm, PROOF, value);
    } finally {
      provider.close();
    }
    const now = this.#clock.now();
    return this.#insert(newId(now), now, request, provider, { token: provider.token });
  }

  async #insert(
    id: string,
    now: Date,
    { owner, agencyId, actor }: Pick<ImportKey, 'owner' | 'agencyId' | 'actor'>,
    { certificate, chain }: KeyProvider,
    kept: Pick<StoredKey, 'sealed' | 'token'>,
  ): Promise<KeyInfo> {
    const { fingerprint } = certificate;
    try {
      const row = await this.#keys.insert({
        ...{ id, owner, agencyId, fingerprint },
        certificate: base64(certificate),
        chain: chain.map(base64),
        ...kept,
        wrongPins: 0,
        importedAt: now.toISOString(),
        outbox: [this.#event('key.imported', actor, id, fingerprint)],
      });
      return presentKey(row);
    } catch (error) {
      if (!(error instanceof StorageError && error.code === 'storage.duplicate')) throw error;
      throw new SigningError('signing.key_exists', 'the certificate has a key here already', {
        details: { fingerprint },
      });
    }
  }

  /**
   * Opens a key for signing. A refusal is one usage event in the sink, as is every attempt with the provider afterwards.
   * @throws SigningError `signing.key_not_found`, `signing.wrong_pin` (details: `triesLeft`), `signing.pin_locked`,
   *   `signing.server_key_mismatch`; as `ServerTokens.open`
   */
  async open(id: string, pin: string, how: OpenKey): Promise<MeteredKeyProvider> {
    return new MeteredKeyProvider(await this.#opened(id, pin, how), new UsageMeter(this.#metering(how)));
  }

  /**
   * Opens a key once for many signatures; a refusal to open it is one usage event in the sink.
   * @throws as {@link open}
   */
  async hold(id: string, pin: string, how: OpenKey): Promise<HeldKey> {
    return new HeldKey(await this.#opened(id, pin, how), this.#clock);
  }

  #metering(how: OpenKey): MeterOptions {
    return { ...how, clock: this.#clock };
  }

  async #opened(id: string, pin: string, how: OpenKey): Promise<KeyProvider> {
    const { fingerprint } = await readKey(this.#keys, id);
    try {
      const { opened } = await this.#guard.check(id, (row) => this.#provider(row, pin));
      return opened;
    } catch (error) {
      await new UsageMeter(this.#metering(how)).failed(fingerprint, error);
      throw error;
    }
  }

  /** The key of a row; undefined when the PIN is wrong. */
  async #provider(row: StoredKey, pin: string): Promise<KeyProvider | undefined> {
    const [certificate, chain] = [parse(row.certificate), row.chain.map(parse)];
    if (row.token) return this.#onToken(row.token, certificate, chain, pin);
    const opened = await this.#unseal(row, pin);
    if (!opened) return undefined;
    const privateKey = createPrivateKey({ key: opened, format: 'der', type: 'pkcs8' });
    opened.fill(0);
    return new PrivateKeyProvider(privateKey, certificate, chain);
  }

  async #onToken(
    token: TokenName,
    certificate: Certificate,
    chain: readonly Certificate[],
    pin: string,
  ): Promise<KeyProvider | undefined> {
    try {
      return await this.#mustHaveTokens().open(token, certificate, chain, pin);
    } catch (error) {
      if (error instanceof SigningError && error.code === 'signing.wrong_pin') return undefined;
      throw error;
    }
  }

  #mustHaveTokens(): NonNullable<KeyStoreOptions['tokens']> {
    if (!this.#tokens) throw new SigningError('signing.token_not_found', 'no PKCS#11 module is configured');
    return this.#tokens;
  }

  /** Seals the key again under another PIN. @throws as {@link open}; SigningError `signing.pin_unfit`, `signing.pin_kept_by_token` */
  async changePin(id: string, pins: { old: string; new: string }, actor: string): Promise<KeyInfo> {
    checkNewPin(pins.new);
    const { row, opened } = await this.#guard.check(id, (current) => this.#unseal(current, pins.old));
    const sealed = await sealKey(opened, this.#context(id, row.fingerprint, pins.new), this.#cost);
    opened.fill(0);
    return this.#change(id, 'key.pin_changed', actor, (current) => ({ ...current, sealed }));
  }

  /** Lets a locked key be tried again; the caller has made sure that `actor` is an administrator. */
  async unlock(id: string, actor: string): Promise<KeyInfo> {
    return this.#change(id, 'key.unlocked', actor, ({ lockedAt: _, ...row }) => ({ ...row, wrongPins: 0 }));
  }

  /** @throws SigningError `signing.key_not_found` */
  async info(id: string): Promise<KeyInfo> {
    return presentKey(await readKey(this.#keys, id));
  }

  /** Keys an account holds or keeps, at most 1,000. */
  async byOwner(owner: string): Promise<readonly KeyInfo[]> {
    const { items } = await this.#keys.find('owner', { prefix: [owner], limit: 1000 });
    return items.map(presentKey);
  }

  async byFingerprint(fingerprint: string): Promise<KeyInfo | undefined> {
    const { items } = await this.#keys.find('fingerprint', { prefix: [fingerprint], limit: 1 });
    return items.map(presentKey)[0];
  }

  async #unseal({ id, fingerprint, sealed }: StoredKey, pin: string): Promise<Buffer | undefined> {
    if (!sealed) throw new SigningError('signing.pin_kept_by_token', 'the key is on a token');
    return unsealKey(sealed, this.#context(id, fingerprint, pin));
  }

  #context(id: string, fingerprint: string, pin: string): SealContext {
    return { serverKey: this.#serverKey, pin, binding: `${id}\n${fingerprint}` };
  }

  async #change(
    id: string,
    type: string,
    actor: string,
    change: (row: StoredKey) => StoredKey,
  ): Promise<KeyInfo> {
    const changed = await changeKey(this.#keys, id, (row) => {
      const event = this.#event(type, actor, id, row.fingerprint);
      return { ...change(row), outbox: [...(row.outbox ?? []), event] };
    });
    return presentKey(changed);
  }

  #event(type: string, actor: string, id: string, fingerprint: string): DomainEvent {
    const now = this.#clock.now();
    const subject = { type: 'key', id };
    return { id: newId(now), time: now.toISOString(), type, actor, subject, data: { fingerprint } };
  }
}

const base64 = ({ der }: Certificate): string => Buffer.from(der).toString('base64');
const parse = (text: string): Certificate => parseCertificate(Buffer.from(text, 'base64'));
