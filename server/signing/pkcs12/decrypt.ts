import { createDecipheriv } from 'node:crypto';
import { type Node, readInteger, readOctetString, readOid } from '../../asn1/read.ts';
import { Tag } from '../../asn1/tag.ts';
import { SigningError } from '../errors.ts';
import type { KeyDerivation } from './key-derivation.ts';

const PBES2 = '1.2.840.113549.1.5.13';
const PBKDF2 = '1.2.840.113549.1.5.12';

/** Pseudo-random functions of PBKDF2 (RFC 8018 B.1.2). */
const PRFS: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.8': 'sha224',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};

const CIPHERS: Readonly<Record<string, { readonly name: string; readonly keyLength: number }>> = {
  '1.2.840.113549.3.7': { name: 'des-ede3-cbc', keyLength: 24 },
  '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', keyLength: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', keyLength: 24 },
  '2.16.840.1.101.3.4.1.42': { name: 'aes-256-cbc', keyLength: 32 },
};

/** The old schemes of RFC 7292 appendix C, all with SHA-1. */
const LEGACY: Readonly<Record<string, { readonly keyLength: number; readonly rc2: boolean }>> = {
  '1.2.840.113549.1.12.1.3': { keyLength: 24, rc2: false },
  '1.2.840.113549.1.12.1.4': { keyLength: 16, rc2: false },
  '1.2.840.113549.1.12.1.5': { keyLength: 16, rc2: true },
  '1.2.840.113549.1.12.1.6': { keyLength: 5, rc2: true },
};

/**
 * Decrypts what an AlgorithmIdentifier says is encrypted under the passphrase.
 * @throws SigningError `signing.p12_wrong_passphrase` (bad padding), `signing.p12_unsupported`, `signing.p12_too_expensive`; Asn1Error.
 */
export async function decrypt(
  algorithm: Node,
  encrypted: Uint8Array,
  keys: KeyDerivation,
): Promise<Uint8Array> {
  const name = readOid(algorithm.at(0));
  if (name === PBES2) return decryptPbes2(algorithm.at(1), encrypted, keys);
  const legacy = LEGACY[name];
  if (!legacy) throw new SigningError('signing.p12_unsupported', `encryption ${name}`);
  const salt = readOctetString(algorithm.at(1).at(0));
  const rounds = Number(readInteger(algorithm.at(1).at(1)));
  const key = await keys.pkcs12(1, salt, rounds, legacy.keyLength, 'sha1');
  const iv = await keys.pkcs12(2, salt, rounds, 8, 'sha1');
  if (legacy.rc2) return decryptRc2(key, iv, encrypted);
  // Two-key triple DES uses its first key again as the third.
  const full = key.length === 16 ? Buffer.concat([key, key.subarray(0, 8)]) : key;
  return decipher('des-ede3-cbc', full, iv, encrypted);
}

async function decryptPbes2(
  parameters: Node,
  encrypted: Uint8Array,
  keys: KeyDerivation,
): Promise<Uint8Array> {
  const cipherOid = readOid(parameters.at(1).at(0));
  const cipher = CIPHERS[cipherOid];
  if (!cipher) throw new SigningError('signing.p12_unsupported', `encryption ${cipherOid}`);
  const key = await derivePbkdf2(parameters.at(0), cipher.keyLength, keys);
  return decipher(cipher.name, key, readOctetString(parameters.at(1).at(1)), encrypted);
}

/** A key from a PBKDF2 AlgorithmIdentifier (RFC 8018 A.2). */
export function derivePbkdf2(algorithm: Node, length: number, keys: KeyDerivation): Promise<Buffer> {
  const name = readOid(algorithm.at(0));
  if (name !== PBKDF2) throw new SigningError('signing.p12_unsupported', `key derivation ${name}`);
  const [salt, rounds, ...optional] = algorithm.at(1).expect(Tag.sequence).children;
  if (!salt || !rounds) throw new SigningError('signing.p12_unreadable', 'incomplete PBKDF2 parameters');
  const prf = optional.find(({ tag }) => tag === Tag.sequence);
  const digest = prf ? PRFS[readOid(prf.at(0))] : 'sha1';
  if (!digest) throw new SigningError('signing.p12_unsupported', 'pseudo-random function of PBKDF2');
  return keys.pbkdf2(readOctetString(salt), Number(readInteger(rounds)), length, digest);
}

function decipher(name: string, key: Uint8Array, iv: Uint8Array, encrypted: Uint8Array): Uint8Array {
  try {
    const cipher = createDecipheriv(name, key, iv);
    return Buffer.concat([cipher.update(encrypted), cipher.final()]);
  } catch (cause) {
    throw new SigningError('signing.p12_wrong_passphrase', 'the content does not decrypt', { cause });
  }
}

/** RC2 is in no provider that node:crypto loads; what has it instead is loaded only for old files. */
async function decryptRc2(key: Buffer, iv: Buffer, encrypted: Uint8Array): Promise<Uint8Array> {
  const { default: forge } = await import('node-forge');
  const cipher = forge.rc2.createDecryptionCipher(key.toString('latin1'), key.length * 8);
  cipher.start(iv.toString('latin1'));
  cipher.update(forge.util.createBuffer(Buffer.from(encrypted).toString('latin1')));
  if (!cipher.finish()) {
    throw new SigningError('signing.p12_wrong_passphrase', 'the content does not decrypt');
  }
  return Buffer.from(cipher.output.getBytes(), 'latin1');
}
