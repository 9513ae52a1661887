import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { contextTag } from '../../server/asn1/tag.ts';
import {
  bitString,
  boolean,
  type Der,
  integer,
  nullValue,
  octetString,
  oid,
  sequence,
  setOf,
  time,
  tlv,
  utf8String,
} from '../../server/asn1/write.ts';

export type KeyKind =
  | 'rsa-1024'
  | 'rsa-2048'
  | 'rsa-3072'
  | 'rsa-4096'
  | 'rsa-pss-2048'
  | 'p-256'
  | 'p-384'
  | 'p-521'
  | 'ed25519';

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** A certificate with its private key. */
export interface Identity extends KeyPair {
  readonly der: Uint8Array;
  readonly pem: string;
  /** PKCS#8 */
  readonly keyPem: string;
  readonly subject: string;
}

export interface IdentityOptions {
  readonly keys?: KeyPair;
  /** Common name. */
  readonly subject?: string;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  /** First octet of the keyUsage bits (RFC 5280 4.2.1.3); null leaves the extension out. */
  readonly keyUsage?: number | null;
  readonly ca?: boolean;
  readonly issuer?: Identity;
  readonly serial?: number;
}

/** Bits of the first octet of keyUsage. */
export const KeyUsage = {
  digitalSignature: 0x80,
  nonRepudiation: 0x40,
  keyEncipherment: 0x20,
  keyCertSign: 0x04,
  crlSign: 0x02,
} as const;

const pairs = new Map<KeyKind, KeyPair>();

/** One key pair of each kind for the whole run, since making RSA keys is slow. */
export function keysOf(kind: KeyKind): KeyPair {
  const pair = pairs.get(kind) ?? freshKeys(kind);
  pairs.set(kind, pair);
  return pair;
}

/** A pair nobody else has. */
export function freshKeys(kind: KeyKind): KeyPair {
  if (kind === 'ed25519') return generateKeyPairSync('ed25519');
  if (kind === 'rsa-pss-2048') return generateKeyPairSync('rsa-pss', { modulusLength: 2048 });
  const [family, size] = kind.split('-');
  return family === 'rsa'
    ? generateKeyPairSync('rsa', { modulusLength: Number(size) })
    : generateKeyPairSync('ec', { namedCurve: `P-${size}` });
}

/** A certificate in its period from 2020 to 2050 that may sign documents, self-signed unless `issuer` is given. */
export function makeIdentity(kind: KeyKind, options: IdentityOptions = {}): Identity {
  const { publicKey, privateKey } = options.keys ?? keysOf(kind);
  const { subject = 'Nguyễn Văn A', issuer, ca = false } = options;
  const signer = issuer?.privateKey ?? privateKey;
  const { identifier, digest } = signatureOf(signer);
  const tbs = sequence(
    tlv(contextTag(0), integer(2)),
    integer(options.serial ?? 0x1234),
    identifier,
    nameOf(issuer?.subject ?? subject),
    sequence(
      time(options.notBefore ?? new Date('2020-01-01')),
      time(options.notAfter ?? new Date('2050-01-01')),
    ),
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(contextTag(3), sequence(...extensions(publicKey, ca, options.keyUsage))),
  );
  const der = sequence(tbs, identifier, bitString(sign(digest, tbs, { key: signer, saltLength: 32 })));
  const base64 = Buffer.from(der)
    .toString('base64')
    .replace(/(.{64})/g, '$1\n')
    .trimEnd();
  return {
    privateKey,
    publicKey,
    der,
    subject,
    pem: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

const nameOf = (commonName: string): Der =>
  sequence(
    ...[['2.5.4.10', 'UBND tỉnh Cà Mau'] as const, ['2.5.4.3', commonName] as const].map(([type, value]) =>
      setOf([sequence(oid(type), utf8String(value))]),
    ),
  );

/** How a key signs: the AlgorithmIdentifier, and the digest as node:crypto wants it. */
export function signatureOf(key: KeyObject): { identifier: Der; digest: string | null } {
  if (key.asymmetricKeyType === 'ed25519') return { identifier: sequence(oid('1.3.101.112')), digest: null };
  if (key.asymmetricKeyType === 'rsa-pss') {
    const sha256 = sequence(oid('2.16.840.1.101.3.4.2.1'), nullValue());
    const mask = sequence(oid('1.2.840.113549.1.1.8'), sha256);
    const salt = tlv(contextTag(2), integer(32));
    const parameters = sequence(tlv(contextTag(0), sha256), tlv(contextTag(1), mask), salt);
    return { identifier: sequence(oid('1.2.840.113549.1.1.10'), parameters), digest: 'sha256' };
  }
  return key.asymmetricKeyType === 'rsa'
    ? { identifier: sequence(oid('1.2.840.113549.1.1.11'), nullValue()), digest: 'sha256' }
    : { identifier: sequence(oid('1.2.840.10045.4.3.2')), digest: 'sha256' };
}

export const keyIdentifierOf = (publicKey: KeyObject): Uint8Array =>
  createHash('sha1')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest();

function extensions(publicKey: KeyObject, ca: boolean, keyUsage: number | null | undefined): Der[] {
  const usage =
    keyUsage ??
    (ca ? KeyUsage.keyCertSign | KeyUsage.crlSign : KeyUsage.digitalSignature | KeyUsage.nonRepudiation);
  return [
    sequence(oid('2.5.29.19'), boolean(true), octetString(sequence(...(ca ? [boolean(true)] : [])))),
    ...(keyUsage === null
      ? []
      : [sequence(oid('2.5.29.15'), boolean(true), octetString(bitString(Uint8Array.of(usage), 1)))]),
    sequence(oid('2.5.29.14'), octetString(octetString(keyIdentifierOf(publicKey)))),
  ];
}
