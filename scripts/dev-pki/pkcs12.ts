import { createHash, createHmac, randomBytes } from 'node:crypto';
import { contextTag, Tag } from '../../server/asn1/tag.ts';
import {
  type Der,
  integer,
  nullValue,
  octetString,
  oid,
  sequence,
  setOf,
  tlv,
} from '../../server/asn1/write.ts';

export interface Pkcs12Content {
  /** PKCS#8 (RFC 5958) of any algorithm. */
  readonly privateKey: Uint8Array;
  /** DER, the holder's certificate first. */
  readonly certificates: readonly Uint8Array[];
  readonly friendlyName: string;
  readonly passphrase: string;
}

export interface Encrypted {
  readonly algorithm: Der;
  readonly bytes: Uint8Array;
}

/** How a file is protected: the two schemes are `modernProtection` and `legacyProtection`. */
export interface Pkcs12Protection {
  encryptKey(plain: Uint8Array, passphrase: string): Promise<Encrypted>;
  encryptCertificates(plain: Uint8Array, passphrase: string): Promise<Encrypted>;
  readonly macHash: { readonly name: 'sha1' | 'sha256'; readonly oid: string };
  readonly macIterations: number;
}

const oids = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certBag: '1.2.840.113549.1.12.10.1.3',
  x509Certificate: '1.2.840.113549.1.9.22.1',
  friendlyName: '1.2.840.113549.1.9.20',
  localKeyId: '1.2.840.113549.1.9.21',
} as const;

/** A PKCS#12 file (RFC 7292 section 4): the certificates in one encrypted part, the key in another, a MAC over both. */
export async function writePkcs12(content: Pkcs12Content, protection: Pkcs12Protection): Promise<Uint8Array> {
  const { privateKey, certificates, friendlyName, passphrase } = content;
  const [leaf = new Uint8Array()] = certificates;
  const attributes = setOf([
    sequence(oid(oids.friendlyName), setOf([tlv(Tag.bmpString, bmp(friendlyName))])),
    sequence(oid(oids.localKeyId), setOf([octetString(createHash('sha1').update(leaf).digest())])),
  ]);
  const certificateBags = certificates.map((der, index) => {
    const value = sequence(oid(oids.x509Certificate), explicit(octetString(der)));
    return bag(oids.certBag, value, ...(index === 0 ? [attributes] : []));
  });
  const [hiddenCertificates, hiddenKey] = await Promise.all([
    protection.encryptCertificates(sequence(...certificateBags), passphrase),
    protection.encryptKey(privateKey, passphrase),
  ]);
  const keyValue = sequence(hiddenKey.algorithm, octetString(hiddenKey.bytes));
  const authenticatedSafe = sequence(
    encryptedContent(hiddenCertificates),
    dataContent(sequence(bag(oids.shroudedKeyBag, keyValue, attributes))),
  );
  return sequence(
    integer(3),
    dataContent(authenticatedSafe),
    macData(authenticatedSafe, passphrase, protection),
  );
}

const explicit = (value: Der): Der => tlv(contextTag(0), value);

const bag = (type: string, value: Der, ...attributes: readonly Der[]): Der =>
  sequence(oid(type), explicit(value), ...attributes);

const dataContent = (value: Der): Der => sequence(oid(oids.data), explicit(octetString(value)));

function encryptedContent({ algorithm, bytes }: Encrypted): Der {
  const info = sequence(oid(oids.data), algorithm, tlv(contextTag(0, false), bytes));
  return sequence(oid(oids.encryptedData), explicit(sequence(integer(0), info)));
}

function macData(authenticatedSafe: Uint8Array, passphrase: string, protection: Pkcs12Protection): Der {
  const { macHash, macIterations } = protection;
  const salt = randomBytes(16);
  const key = deriveMacKey(passphrase, salt, macHash.name, macIterations);
  const mac = createHmac(macHash.name, key).update(authenticatedSafe).digest();
  return sequence(
    sequence(sequence(oid(macHash.oid), nullValue()), octetString(mac)),
    octetString(salt),
    integer(macIterations),
  );
}

/** RFC 7292 appendix B.2 with purpose 3; a MAC key is one hash long, so a single block does. */
function deriveMacKey(passphrase: string, salt: Uint8Array, hash: string, iterations: number): Buffer {
  const block = 64;
  const stretched = (bytes: Uint8Array): Buffer =>
    Buffer.alloc(Math.ceil(bytes.length / block) * block, bytes);
  const password = Buffer.concat([bmp(passphrase), Buffer.alloc(2)]);
  let key = Buffer.concat([Buffer.alloc(block, 3), stretched(salt), stretched(password)]);
  for (let round = 0; round < iterations; round++) key = createHash(hash).update(key).digest();
  return key;
}

/** BMPString octets: UTF-16BE. */
const bmp = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
