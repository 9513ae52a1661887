import { createHmac, timingSafeEqual } from 'node:crypto';
import { Asn1Error } from '../../asn1/errors.ts';
import { type Node, readDer, readDerPrefix, readInteger, readOctetString, readOid } from '../../asn1/read.ts';
import { contextTag, Tag } from '../../asn1/tag.ts';
import { cryptoHash, hashByOid } from '../../pki/algorithm.ts';
import { SigningError } from '../errors.ts';
import { decrypt, derivePbkdf2 } from './decrypt.ts';
import { KeyDerivation } from './key-derivation.ts';

const MAX_BYTES = 1024 * 1024;
const MAX_BAGS = 200;
const MAX_NESTING = 4;
const BER = { ber: true } as const;
const Oid = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  pbmac1: '1.2.840.113549.1.5.14',
  keyBag: '1.2.840.113549.1.12.10.1.1',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certBag: '1.2.840.113549.1.12.10.1.3',
  safeContentsBag: '1.2.840.113549.1.12.10.1.6',
  x509Certificate: '1.2.840.113549.1.9.22.1',
} as const;

/** What a PKCS#12 file holds, in its order. */
export interface Pkcs12Content {
  /** PKCS#8 PrivateKeyInfo, DER. */
  readonly keys: readonly Uint8Array[];
  /** X.509, DER. */
  readonly certificates: readonly Uint8Array[];
}

/**
 * Opens a PFX protected by a passphrase (RFC 7292), old and new encryption alike, also one with PBMAC1 (RFC 9579).
 * @throws SigningError `signing.p12_unreadable`, `signing.p12_wrong_passphrase`, `signing.p12_damaged`,
 *   `signing.p12_unsupported`, `signing.p12_too_expensive`. No error carries the passphrase.
 */
export async function readPkcs12(bytes: Uint8Array, passphrase: string): Promise<Pkcs12Content> {
  if (bytes.length > MAX_BYTES) throw new SigningError('signing.p12_unreadable', `${bytes.length} bytes`);
  try {
    return await readPfx(readDerPrefix(bytes, BER), passphrase);
  } catch (cause) {
    if (!(cause instanceof Asn1Error)) throw cause;
    throw new SigningError('signing.p12_unreadable', cause.message, { cause });
  }
}

async function readPfx(pfx: Node, passphrase: string): Promise<Pkcs12Content> {
  pfx.expect(Tag.sequence).at(0).expect(Tag.integer);
  const authSafe = pfx.at(1);
  if (readOid(authSafe.at(0)) !== Oid.data) {
    throw new SigningError('signing.p12_unsupported', 'a PFX protected by public keys');
  }
  const content = readOctetString(authSafe.at(1).expect(contextTag(0)).at(0));
  const parts = bounded(readDer(content, BER).expect(Tag.sequence));
  const keys = await authenticate(pfx.children[2], content, parts, passphrase);
  try {
    return await readParts(parts, keys);
  } catch (cause) {
    if (!isUndecipherable(cause)) throw cause;
    throw new SigningError('signing.p12_damaged', 'the passphrase is right, the content is not', { cause });
  }
}

async function readParts(parts: readonly Node[], keys: KeyDerivation): Promise<Pkcs12Content> {
  const found = { keys: [] as Uint8Array[], certificates: [] as Uint8Array[] };
  for (const contentInfo of parts) await readBags(await openContent(contentInfo, keys), keys, found, 0);
  return found;
}

/**
 * Finds out by the MAC (RFC 7292 4), or without one by decrypting, in which form the passphrase is right. When no MAC matches
 * and yet something decrypts to DER, it is the file that is wrong.
 */
async function authenticate(
  macData: Node | undefined,
  content: Uint8Array,
  parts: readonly Node[],
  passphrase: string,
): Promise<KeyDerivation> {
  const candidates = derivations(passphrase);
  for (const keys of candidates) {
    if (await (macData ? macMatches(macData, content, keys) : decrypts(parts, keys, true))) return keys;
  }
  for (const keys of macData ? candidates : []) {
    if (await decrypts(parts, keys, false).catch(() => false)) {
      throw new SigningError('signing.p12_damaged', 'the passphrase is right, the MAC does not match');
    }
  }
  throw new SigningError('signing.p12_wrong_passphrase', 'the passphrase opens nothing');
}

/** An empty passphrase may stand for none, and OpenSSL before 1.1 took the octets of UTF-8 for characters. */
function derivations(passphrase: string): readonly KeyDerivation[] {
  const octets = Buffer.from(passphrase, 'utf8').toString('latin1');
  return [
    new KeyDerivation(passphrase),
    ...(passphrase === '' ? [new KeyDerivation('', '')] : []),
    ...(octets === passphrase ? [] : [new KeyDerivation(passphrase, `${octets}\0`)]),
  ];
}

/** Whether any encrypted part decrypts to DER; `otherwise` when no part is encrypted. */
async function decrypts(parts: readonly Node[], keys: KeyDerivation, otherwise: boolean): Promise<boolean> {
  let tried = false;
  for (const contentInfo of parts) {
    const type = readOid(contentInfo.at(0));
    const isShrouded = ({ children: [kind] }: Node): boolean =>
      kind?.tag === Tag.oid && readOid(kind) === Oid.shroudedKeyBag;
    try {
      const safeContents = await openContent(contentInfo, keys);
      if (type === Oid.encryptedData) return true;
      const bag = bounded(safeContents).find(isShrouded);
      if (!bag) continue;
      tried = true;
      const shrouded = bag.at(1).expect(contextTag(0)).at(0);
      readDer(await decrypt(shrouded.at(0), readOctetString(shrouded.at(1)), keys));
      return true;
    } catch (error) {
      if (!isUndecipherable(error)) throw error;
      tried = true;
    }
  }
  return tried ? false : otherwise;
}

/** Bad padding, or good padding by chance and no DER behind it. */
const isUndecipherable = (error: unknown): boolean =>
  error instanceof Asn1Error ||
  (error instanceof SigningError && error.code === 'signing.p12_wrong_passphrase');

async function macMatches(macData: Node, content: Uint8Array, keys: KeyDerivation): Promise<boolean> {
  const [algorithm, expected] = macData.at(0).children;
  if (!algorithm || !expected) throw new SigningError('signing.p12_unreadable', 'an incomplete MAC');
  const name = readOid(algorithm.at(0));
  const mac =
    name === Oid.pbmac1
      ? await pbmac1(algorithm.at(1), content, keys)
      : await pkcs12Mac(name, macData, content, keys);
  const stated = readOctetString(expected);
  return mac.length === stated.length && timingSafeEqual(mac, stated);
}

async function pkcs12Mac(
  name: string,
  macData: Node,
  content: Uint8Array,
  keys: KeyDerivation,
): Promise<Buffer> {
  const hash = hashByOid(name);
  const digest = hash?.startsWith('SHA-') ? cryptoHash(hash) : undefined;
  if (!digest) throw new SigningError('signing.p12_unsupported', `MAC digest ${name}`);
  const rounds = macData.children[2] ? Number(readInteger(macData.at(2))) : 1;
  const length = createHmac(digest, '').digest().length;
  const key = await keys.pkcs12(3, readOctetString(macData.at(1)), rounds, length, digest);
  return createHmac(digest, key).update(content).digest();
}

async function pbmac1(parameters: Node, content: Uint8Array, keys: KeyDerivation): Promise<Buffer> {
  const schemes: Readonly<Record<string, string>> = {
    '1.2.840.113549.2.9': 'sha256',
    '1.2.840.113549.2.10': 'sha384',
    '1.2.840.113549.2.11': 'sha512',
  };
  const digest = schemes[readOid(parameters.at(1).at(0))];
  if (!digest) throw new SigningError('signing.p12_unsupported', 'the scheme of PBMAC1');
  const stated = parameters.at(0).at(1).children[2];
  const length =
    stated?.tag === Tag.integer ? Number(readInteger(stated)) : createHmac(digest, '').digest().length;
  if (!(length > 0 && length <= 64))
    throw new SigningError('signing.p12_unreadable', 'a MAC key of no length');
  const key = await derivePbkdf2(parameters.at(0), length, keys);
  return createHmac(digest, key).update(content).digest();
}

async function openContent(contentInfo: Node, keys: KeyDerivation): Promise<Node> {
  const type = readOid(contentInfo.at(0));
  const value = contentInfo.at(1).expect(contextTag(0)).at(0);
  if (type === Oid.data) return readDer(readOctetString(value), BER);
  if (type !== Oid.encryptedData) throw new SigningError('signing.p12_unsupported', `content ${type}`);
  const encrypted = value.at(1);
  const octets = encrypted.at(2);
  const bytes = octets.constructed ? Buffer.concat(octets.children.map(readOctetString)) : octets.content;
  return readDer(await decrypt(encrypted.at(1), bytes, keys), BER);
}

async function readBags(
  safeContents: Node,
  keys: KeyDerivation,
  found: { keys: Uint8Array[]; certificates: Uint8Array[] },
  depth: number,
): Promise<void> {
  for (const bag of bounded(safeContents.expect(Tag.sequence))) {
    const type = readOid(bag.at(0));
    const value = bag.at(1).expect(contextTag(0)).at(0);
    if (type === Oid.keyBag) found.keys.push(value.bytes);
    else if (type === Oid.shroudedKeyBag) {
      found.keys.push(await decrypt(value.at(0), readOctetString(value.at(1)), keys));
    } else if (type === Oid.certBag && readOid(value.at(0)) === Oid.x509Certificate) {
      found.certificates.push(readOctetString(value.at(1).expect(contextTag(0)).at(0)));
    } else if (type === Oid.safeContentsBag && depth < MAX_NESTING) {
      await readBags(value, keys, found, depth + 1);
    }
  }
}

function bounded(sequence: Node): readonly Node[] {
  if (sequence.children.length > MAX_BAGS) throw new SigningError('signing.p12_unreadable', 'too many parts');
  return sequence.children;
}
