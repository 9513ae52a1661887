import { StorageError } from '../storage/errors.ts';
import type { Aggregate, Collection, CollectionSpec } from '../storage/ports.ts';
import { SigningError } from './errors.ts';
import type { TokenName } from './pkcs11/messages.ts';
import type { SealedKey } from './seal-key.ts';

/** Wrong PINs in a row after which a key is locked. */
export const MAX_WRONG_PINS = 5;

/** One key of the key store: its certificate in the open, its private key sealed or on a token of this server. */
export interface StoredKey extends Aggregate {
  /** Account of the holder, or of the custodian of an organization's certificate. */
  readonly owner: string;
  readonly agencyId: string;
  /** SHA-256 of the certificate's DER, lower-case hex. */
  readonly fingerprint: string;
  /** DER in base64. */
  readonly certificate: string;
  readonly chain: readonly string[];
  readonly sealed?: SealedKey;
  /** Where the private key is, when it is not sealed here. The token keeps the PIN as well. */
  readonly token?: TokenName;
  /** Wrong PINs since the last right one. */
  readonly wrongPins: number;
  /** When it was locked; only an administrator unlocks it. */
  readonly lockedAt?: string;
  readonly importedAt: string;
}

export const storedKeys: CollectionSpec = {
  name: 'signing_keys',
  indexes: {
    fingerprint: { fields: ['fingerprint'], unique: true },
    owner: { fields: ['owner'] },
  },
};

/** @throws SigningError `signing.key_not_found` */
export async function readKey(keys: Collection<StoredKey>, id: string): Promise<StoredKey> {
  const row = await keys.get(id);
  if (!row) throw new SigningError('signing.key_not_found', `no key ${id}`);
  return row;
}

/**
 * Changes a row, again and again from its newest state when others change it at the same time.
 * @throws SigningError `signing.key_not_found`; whatever `change` throws.
 */
export async function changeKey(
  keys: Collection<StoredKey>,
  id: string,
  change: (row: StoredKey) => StoredKey,
): Promise<StoredKey> {
  for (;;) {
    const row = await readKey(keys, id);
    const changed = change(row);
    if (changed === row) return row;
    try {
      return await keys.replace(changed);
    } catch (error) {
      if (!(error instanceof StorageError && error.code === 'storage.conflict')) throw error;
    }
  }
}

/** What may be told of a stored key. */
export interface KeyInfo {
  readonly id: string;
  readonly owner: string;
  readonly agencyId: string;
  readonly fingerprint: string;
  readonly importedAt: string;
  readonly locked: boolean;
  /** Tries left before it is locked. */
  readonly triesLeft: number;
  /** Label of the token that keeps it. */
  readonly token?: string;
}

export function presentKey(key: StoredKey): KeyInfo {
  const { id, owner, agencyId, fingerprint, importedAt, lockedAt, wrongPins } = key;
  const triesLeft = Math.max(0, MAX_WRONG_PINS - wrongPins);
  const locked = lockedAt !== undefined;
  const token = key.token && { token: key.token.label };
  return { id, owner, agencyId, fingerprint, importedAt, locked, triesLeft, ...token };
}

/** @throws SigningError `signing.pin_unfit` */
export function checkNewPin(pin: string): void {
  const characters = [...pin.normalize('NFC')];
  if (characters.length < 6 || characters.length > 16 || new Set(characters).size < 2) {
    throw new SigningError('signing.pin_unfit', 'a PIN has 6 to 16 characters, not all the same');
  }
}
