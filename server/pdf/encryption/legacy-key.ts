import { createHash } from 'node:crypto';
import type { StandardEncryption } from './encryption-dictionary.ts';
import { rc4 } from './rc4.ts';

/** ISO 32000-2 7.6.4.3.2, step a. */
const PADDING = Buffer.from('28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a', 'hex');

/** Rounds from revision 3 on. */
const HASH_ROUNDS = 50;
const CIPHER_ROUNDS = 20;

const md5 = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

const padded = (password: Uint8Array): Buffer => Buffer.concat([password, PADDING]).subarray(0, 32);

/**
 * The file encryption key of revisions 2 to 4 when it is the user password (7.6.4.4.6, algorithm 6), else undefined.
 * `id` is the first part of the file identifier.
 */
export function legacyUserKey(
  encryption: StandardEncryption,
  id: Uint8Array,
  password: Uint8Array,
): Buffer | undefined {
  const key = fileKey(encryption, id, password);
  if (encryption.revision === 2) return rc4(key, PADDING).equals(encryption.user) ? key : undefined;
  const expected = eachRound(key).reduce((value, roundKey) => rc4(roundKey, value), md5(PADDING, id));
  // Algorithm 5: the other 16 bytes are arbitrary.
  return expected.equals(encryption.user.subarray(0, 16)) ? key : undefined;
}

/** The same when it is the owner password (7.6.4.4.7, algorithm 7), from which the user password is found. */
export function legacyOwnerKey(
  encryption: StandardEncryption,
  id: Uint8Array,
  password: Uint8Array,
): Buffer | undefined {
  const { revision, keyLength, owner } = encryption;
  let hash = md5(padded(password));
  if (revision >= 3) for (let i = 0; i < HASH_ROUNDS; i++) hash = md5(hash);
  const key = hash.subarray(0, keyLength);
  const keys = revision === 2 ? [key] : eachRound(key).toReversed();
  const user = keys.reduce((value: Uint8Array, roundKey) => rc4(roundKey, value), owner);
  return legacyUserKey(encryption, id, user);
}

/** Algorithm 2 (7.6.4.3.2). */
function fileKey(encryption: StandardEncryption, id: Uint8Array, password: Uint8Array): Buffer {
  const { revision, keyLength, owner, permissions, encryptMetadata } = encryption;
  const flags = Buffer.alloc(4);
  flags.writeInt32LE(permissions);
  const metadata = Buffer.alloc(revision >= 4 && !encryptMetadata ? 4 : 0, 0xff);
  let key = md5(padded(password), owner, flags, id, metadata).subarray(0, keyLength);
  if (revision >= 3) for (let i = 0; i < HASH_ROUNDS; i++) key = md5(key).subarray(0, keyLength);
  return key;
}

/** The key with each byte changed by the number of the round (algorithm 3, step g). */
const eachRound = (key: Buffer): Buffer[] =>
  Array.from({ length: CIPHER_ROUNDS }, (_, round) => key.map((byte) => byte ^ round) as Buffer);
