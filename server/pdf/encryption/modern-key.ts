import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import type { StandardEncryption } from './encryption-dictionary.ts';

/** Rounds that are always done, and bytes of the hash that the last byte is compared with (algorithm 2.B). */
const ROUNDS = 64;
const SLACK = 32;
/** How often password, hash and user entry are repeated in a round. */
const REPEATS = 64;

const NONE = Buffer.alloc(0);
const NO_VECTOR = Buffer.alloc(16);
const HASHES = ['sha256', 'sha384', 'sha512'] as const;

/** The file encryption key of revisions 5 and 6 when it is the user password (ISO 32000-2 algorithm 2.A), else undefined. */
export function modernUserKey(encryption: StandardEncryption, password: Uint8Array): Buffer | undefined {
  return open(encryption, password, encryption.user, encryption.userKey, NONE);
}

/** The same when it is the owner password: all of /U then goes into the hashes. */
export function modernOwnerKey(encryption: StandardEncryption, password: Uint8Array): Buffer | undefined {
  return open(encryption, password, encryption.owner, encryption.ownerKey, encryption.user);
}

/** `entry` is /U or /O: 32 bytes of hash, 8 of validation salt, 8 of key salt. */
function open(
  { revision }: StandardEncryption,
  password: Uint8Array,
  entry: Uint8Array,
  sealedKey: Uint8Array,
  user: Uint8Array,
): Buffer | undefined {
  const hash = (salt: Uint8Array): Buffer => {
    const first = createHash('sha256').update(password).update(salt).update(user).digest();
    return revision === 5 ? first : hardened(first, password, user);
  };
  if (!hash(entry.subarray(32, 40)).equals(entry.subarray(0, 32))) return undefined;
  const decipher = createDecipheriv('aes-256-cbc', hash(entry.subarray(40, 48)), NO_VECTOR).setAutoPadding(
    false,
  );
  return decipher.update(sealedKey);
}

/** Algorithm 2.B (7.6.4.3.4). It ends after 288 rounds at the latest, when no byte is above the bound. */
function hardened(first: Buffer, password: Uint8Array, user: Uint8Array): Buffer {
  let hash = first;
  for (let round = 1; ; round++) {
    const once = Buffer.concat([password, hash, user]);
    const repeated = Buffer.alloc(once.length * REPEATS, once);
    const cipher = createCipheriv('aes-128-cbc', hash.subarray(0, 16), hash.subarray(16, 32)).setAutoPadding(
      false,
    );
    const encrypted = cipher.update(repeated);
    // The first 16 bytes as a number modulo 3: 256 is 1 modulo 3, so it is the sum of the bytes.
    const remainder = encrypted.subarray(0, 16).reduce((sum, byte) => sum + byte, 0) % 3;
    hash = createHash(HASHES[remainder] ?? 'sha256')
      .update(encrypted)
      .digest();
    if (round >= ROUNDS && (encrypted.at(-1) ?? 0) <= round - SLACK) return hash.subarray(0, 32);
  }
}

/** Whether /Perms, which only holders of the key can make, says what /P and /EncryptMetadata say (algorithm 13). */
export function permissionsAreSealed(encryption: StandardEncryption, key: Uint8Array): boolean {
  const decipher = createDecipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  const plain = decipher.update(encryption.sealedPermissions);
  return (
    plain.readInt32LE(0) === encryption.permissions &&
    plain.toString('latin1', 8, 12) === `${encryption.encryptMetadata ? 'T' : 'F'}adb`
  );
}
