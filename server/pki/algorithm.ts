import { createHash, type Hash } from 'node:crypto';
import { type Node, readDer, readInteger, readOid } from '../asn1/read.ts';
import { contextTag, Tag } from '../asn1/tag.ts';

/** RFC 5280 4.1.1.2; `parameters` is DER, absent when missing or NULL. */
export interface AlgorithmIdentifier {
  readonly oid: string;
  readonly parameters?: Uint8Array;
  readonly der: Uint8Array;
}

/** @throws Asn1Error */
export function readAlgorithmIdentifier(node: Node): AlgorithmIdentifier {
  const parameters = node.children[1];
  return {
    oid: readOid(node.at(0)),
    ...(parameters && parameters.tag !== Tag.null && { parameters: parameters.bytes }),
    der: node.bytes,
  };
}

/** Names of hashes as FIPS 180 and 202 write them; the dated algorithm table uses them too. */
export type HashName =
  | 'MD2'
  | 'MD5'
  | 'SHA-1'
  | 'RIPEMD-160'
  | 'SHA-224'
  | 'SHA-256'
  | 'SHA-384'
  | 'SHA-512'
  | 'SHA-512/224'
  | 'SHA-512/256'
  | 'SHA3-224'
  | 'SHA3-256'
  | 'SHA3-384'
  | 'SHA3-512'
  | 'SHAKE128'
  | 'SHAKE256';

const HASHES: Readonly<Record<string, HashName>> = {
  '1.2.840.113549.2.2': 'MD2',
  '1.2.840.113549.2.5': 'MD5',
  '1.3.14.3.2.26': 'SHA-1',
  '1.3.36.3.2.1': 'RIPEMD-160',
  '2.16.840.1.101.3.4.2.4': 'SHA-224',
  '2.16.840.1.101.3.4.2.1': 'SHA-256',
  '2.16.840.1.101.3.4.2.2': 'SHA-384',
  '2.16.840.1.101.3.4.2.3': 'SHA-512',
  '2.16.840.1.101.3.4.2.5': 'SHA-512/224',
  '2.16.840.1.101.3.4.2.6': 'SHA-512/256',
  '2.16.840.1.101.3.4.2.7': 'SHA3-224',
  '2.16.840.1.101.3.4.2.8': 'SHA3-256',
  '2.16.840.1.101.3.4.2.9': 'SHA3-384',
  '2.16.840.1.101.3.4.2.10': 'SHA3-512',
  '2.16.840.1.101.3.4.2.11': 'SHAKE128',
  '2.16.840.1.101.3.4.2.12': 'SHAKE256',
};

/** The hash an algorithm identifier names, or undefined for one we do not know. */
export const hashByOid = (oid: string): HashName | undefined => HASHES[oid];

const OIDS = new Map(Object.entries(HASHES).map(([oid, hash]) => [hash, oid]));

/** Its object identifier. */
export function hashOid(hash: HashName): string {
  const oid = OIDS.get(hash);
  if (oid === undefined) throw new RangeError(`no object identifier for ${hash}`);
  return oid;
}

/** Octets of the digests that new signatures and time stamps use. */
export const digestLengths = {
  'SHA-256': 32,
  'SHA-384': 48,
  'SHA-512': 64,
  'SHA3-256': 32,
  'SHA3-384': 48,
  'SHA3-512': 64,
} as const;

/** The object identifier of a hash. */
export const oidOfHash = (hash: HashName): string =>
  Object.entries(HASHES).find(([, name]) => name === hash)?.[0] ?? '';

/** What node:crypto calls a hash; undefined when OpenSSL 3 has none (MD2). */
export const cryptoHash = (hash: HashName): string | undefined => CRYPTO_NAMES.get(hash);

const CRYPTO_NAMES = new Map(Object.values(HASHES).map((hash) => [hash, cryptoName(hash)]));

function cryptoName(hash: HashName): string | undefined {
  switch (hash) {
    case 'MD2':
      return undefined;
    case 'RIPEMD-160':
      return 'ripemd160';
    default:
      return hash.startsWith('SHA-') ? hash.replace('SHA-', 'sha').replace('/', '-') : hash.toLowerCase();
  }
}

/** The hash that node:crypto, and therefore people on a command line, call so. */
export const hashByCryptoName = (name: string): HashName | undefined =>
  Object.values(HASHES).find((hash) => cryptoHash(hash) === name.toLowerCase());

/** A hasher; undefined when OpenSSL 3 has none. SHAKE gives twice its strength in bits (RFC 8702 3.1). */
export function hasher(hash: HashName): Hash | undefined {
  const name = cryptoHash(hash);
  if (name === undefined) return undefined;
  return hash.startsWith('SHAKE')
    ? createHash(name, { outputLength: hash === 'SHAKE256' ? 64 : 32 })
    : createHash(name);
}

/** How a signature was made, apart from the key. */
export type SignatureScheme =
  | { readonly kind: 'rsa-pkcs1' | 'ecdsa' | 'dsa'; readonly hash: HashName }
  | {
      readonly kind: 'rsa-pss';
      readonly hash: HashName;
      readonly mgfHash: HashName;
      readonly saltLength: number;
      readonly parameters: Uint8Array;
    }
  | { readonly kind: 'eddsa' };

const SIGNATURES: Readonly<Record<string, SignatureScheme>> = {
  '1.2.840.113549.1.1.2': { kind: 'rsa-pkcs1', hash: 'MD2' },
  '1.2.840.113549.1.1.4': { kind: 'rsa-pkcs1', hash: 'MD5' },
  '1.2.840.113549.1.1.5': { kind: 'rsa-pkcs1', hash: 'SHA-1' },
  '1.3.14.3.2.29': { kind: 'rsa-pkcs1', hash: 'SHA-1' },
  '1.3.36.3.3.1.2': { kind: 'rsa-pkcs1', hash: 'RIPEMD-160' },
  '1.2.840.113549.1.1.14': { kind: 'rsa-pkcs1', hash: 'SHA-224' },
  '1.2.840.113549.1.1.11': { kind: 'rsa-pkcs1', hash: 'SHA-256' },
  '1.2.840.113549.1.1.12': { kind: 'rsa-pkcs1', hash: 'SHA-384' },
  '1.2.840.113549.1.1.13': { kind: 'rsa-pkcs1', hash: 'SHA-512' },
  '1.2.840.113549.1.1.15': { kind: 'rsa-pkcs1', hash: 'SHA-512/224' },
  '1.2.840.113549.1.1.16': { kind: 'rsa-pkcs1', hash: 'SHA-512/256' },
  '2.16.840.1.101.3.4.3.13': { kind: 'rsa-pkcs1', hash: 'SHA3-224' },
  '2.16.840.1.101.3.4.3.14': { kind: 'rsa-pkcs1', hash: 'SHA3-256' },
  '2.16.840.1.101.3.4.3.15': { kind: 'rsa-pkcs1', hash: 'SHA3-384' },
  '2.16.840.1.101.3.4.3.16': { kind: 'rsa-pkcs1', hash: 'SHA3-512' },
  '1.2.840.10045.4.1': { kind: 'ecdsa', hash: 'SHA-1' },
  '1.2.840.10045.4.3.1': { kind: 'ecdsa', hash: 'SHA-224' },
  '1.2.840.10045.4.3.2': { kind: 'ecdsa', hash: 'SHA-256' },
  '1.2.840.10045.4.3.3': { kind: 'ecdsa', hash: 'SHA-384' },
  '1.2.840.10045.4.3.4': { kind: 'ecdsa', hash: 'SHA-512' },
  '2.16.840.1.101.3.4.3.9': { kind: 'ecdsa', hash: 'SHA3-224' },
  '2.16.840.1.101.3.4.3.10': { kind: 'ecdsa', hash: 'SHA3-256' },
  '2.16.840.1.101.3.4.3.11': { kind: 'ecdsa', hash: 'SHA3-384' },
  '2.16.840.1.101.3.4.3.12': { kind: 'ecdsa', hash: 'SHA3-512' },
  '1.2.840.10040.4.3': { kind: 'dsa', hash: 'SHA-1' },
  '2.16.840.1.101.3.4.3.1': { kind: 'dsa', hash: 'SHA-224' },
  '2.16.840.1.101.3.4.3.2': { kind: 'dsa', hash: 'SHA-256' },
  '1.3.101.112': { kind: 'eddsa' },
  '1.3.101.113': { kind: 'eddsa' },
};

const RSASSA_PSS = '1.2.840.113549.1.1.10';
const MGF1 = '1.2.840.113549.1.1.8';

/**
 * The scheme a signature algorithm identifier names, or undefined for one we do not know.
 * (In CMS an identifier may also name only the key, `rsaEncryption`: that is the caller's case.)
 * @throws Asn1Error on malformed PSS parameters
 */
export function signatureScheme(algorithm: AlgorithmIdentifier): SignatureScheme | undefined {
  return algorithm.oid === RSASSA_PSS ? pssScheme(algorithm.parameters) : SIGNATURES[algorithm.oid];
}

/** RSASSA-PSS-params (RFC 4055 3.1) with their defaults: SHA-1, MGF1 with SHA-1, 20 octets of salt, trailer 1. */
function pssScheme(parameters: Uint8Array | undefined): SignatureScheme | undefined {
  if (!parameters) return undefined;
  const parts = readDer(parameters).expect(Tag.sequence).children;
  const field = (number: number): Node | undefined =>
    parts.find((part) => part.tag === contextTag(number))?.at(0);
  const hashField = field(0);
  const mgfField = field(1);
  const saltField = field(2);
  const trailer = field(3);
  const hash = hashField ? hashByOid(readOid(hashField.at(0))) : 'SHA-1';
  if (mgfField && readOid(mgfField.at(0)) !== MGF1) return undefined;
  const mgfHash = mgfField ? hashByOid(readOid(mgfField.at(1).at(0))) : 'SHA-1';
  const saltLength = saltField ? Number(readInteger(saltField)) : 20;
  if (trailer && readInteger(trailer) !== 1n) return undefined;
  if (!hash || !mgfHash || !(saltLength >= 0 && saltLength <= 1024)) return undefined;
  return { kind: 'rsa-pss', hash, mgfHash, saltLength, parameters };
}
