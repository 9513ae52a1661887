import { Asn1Error } from '../asn1/errors.ts';
import {
  type Node,
  readBitString,
  readBoolean,
  readDer,
  readInteger,
  readOctetString,
  readOid,
} from '../asn1/read.ts';
import { contextTag, Tag } from '../asn1/tag.ts';
import { type GeneralName, readGeneralName, readGeneralNames } from './general-name.ts';
import { type Attribute, readRdn } from './name.ts';
import { AccessMethod } from './oids.ts';

/** One Extension of RFC 5280 4.1; `value` is the DER inside the OCTET STRING. */
export interface Extension {
  readonly type: string;
  readonly critical: boolean;
  readonly value: Uint8Array;
}

const MAX_EXTENSIONS = 256;

/**
 * Reads Extensions into a map by type.
 * @throws Asn1Error also when a type stands twice (RFC 5280 4.2 forbids it; readers would disagree which one counts).
 */
export function readExtensions(node: Node): ReadonlyMap<string, Extension> {
  const extensions = new Map<string, Extension>();
  if (node.children.length > MAX_EXTENSIONS) throw new Asn1Error('asn1.unexpected', 'too many extensions');
  for (const child of node.expect(Tag.sequence).children) {
    const type = readOid(child.at(0));
    if (extensions.has(type)) throw new Asn1Error('asn1.unexpected', `extension ${type} stands twice`);
    const second = child.at(1);
    const critical = second.tag === Tag.boolean && readBoolean(second);
    const value = readOctetString(second.tag === Tag.boolean ? child.at(2) : second);
    extensions.set(type, { type, critical, value });
  }
  return extensions;
}

/** Names of the bits of KeyUsage, bit 0 first (RFC 5280 4.2.1.3). */
const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;
export type KeyUsage = (typeof KEY_USAGES)[number];

export function readKeyUsage(value: Uint8Array): ReadonlySet<KeyUsage> {
  return new Set(KEY_USAGES.filter((_, bit) => hasBit(readBitString(readDer(value)).bytes, bit)));
}

export interface BasicConstraints {
  readonly ca: boolean;
  readonly pathLength?: number;
}

export function readBasicConstraints(value: Uint8Array): BasicConstraints {
  const parts = readDer(value).expect(Tag.sequence).children;
  const ca = parts.find((part) => part.tag === Tag.boolean);
  const length = parts.find((part) => part.tag === Tag.integer);
  return {
    ca: ca !== undefined && readBoolean(ca),
    ...(length && { pathLength: readCount(length) }),
  };
}

export const readKeyIdentifier = (value: Uint8Array): Uint8Array => readOctetString(readDer(value));

/** The keyIdentifier of AuthorityKeyIdentifier (RFC 5280 4.2.1.1); issuer and serial are only hints and not kept. */
export function readAuthorityKeyIdentifier(value: Uint8Array): Uint8Array | undefined {
  return readDer(value).children.find((part) => part.tag === contextTag(0, false))?.content;
}

export const readExtendedKeyUsage = (value: Uint8Array): readonly string[] =>
  readDer(value).expect(Tag.sequence).children.map(readOid);

export interface CertificatePolicy {
  readonly id: string;
  /** DER of the PolicyQualifierInfos, untouched. */
  readonly qualifiers?: Uint8Array;
}

export const readCertificatePolicies = (value: Uint8Array): readonly CertificatePolicy[] =>
  readDer(value)
    .expect(Tag.sequence)
    .children.map((policy) => ({
      id: readOid(policy.at(0)),
      ...(policy.children[1] && { qualifiers: policy.children[1].bytes }),
    }));

export interface PolicyMapping {
  readonly issuerDomain: string;
  readonly subjectDomain: string;
}

export const readPolicyMappings = (value: Uint8Array): readonly PolicyMapping[] =>
  readDer(value)
    .expect(Tag.sequence)
    .children.map((pair) => ({ issuerDomain: readOid(pair.at(0)), subjectDomain: readOid(pair.at(1)) }));

export interface PolicyConstraints {
  readonly requireExplicitPolicy?: number;
  readonly inhibitPolicyMapping?: number;
}

export function readPolicyConstraints(value: Uint8Array): PolicyConstraints {
  const parts = readDer(value).expect(Tag.sequence).children;
  const require = parts.find((part) => part.tag === contextTag(0, false));
  const inhibit = parts.find((part) => part.tag === contextTag(1, false));
  return {
    ...(require && { requireExplicitPolicy: readImplicitCount(require) }),
    ...(inhibit && { inhibitPolicyMapping: readImplicitCount(inhibit) }),
  };
}

export const readInhibitAnyPolicy = (value: Uint8Array): number => readCount(readDer(value));

export interface NameConstraints {
  readonly permitted: readonly GeneralName[];
  readonly excluded: readonly GeneralName[];
  /** A subtree with minimum or maximum, which RFC 5280 4.2.1.10 does not allow and nobody implements. */
  readonly unsupported: boolean;
}

const MAX_SUBTREES = 1024;

export function readNameConstraints(value: Uint8Array): NameConstraints {
  const parts = readDer(value).expect(Tag.sequence).children;
  const subtrees = (tag: number): readonly Node[] => parts.find((part) => part.tag === tag)?.children ?? [];
  const permitted = subtrees(contextTag(0));
  const excluded = subtrees(contextTag(1));
  if (permitted.length + excluded.length > MAX_SUBTREES) {
    throw new Asn1Error('asn1.unexpected', 'too many subtrees');
  }
  return {
    permitted: permitted.map((subtree) => readGeneralName(subtree.at(0))),
    excluded: excluded.map((subtree) => readGeneralName(subtree.at(0))),
    unsupported: [...permitted, ...excluded].some((subtree) => subtree.children.length > 1),
  };
}

/** Where a CRL is published: full names, or one RDN relative to the CRL issuer (RFC 5280 4.2.1.13). */
export type DistributionPointName =
  | { readonly kind: 'full'; readonly names: readonly GeneralName[] }
  | { readonly kind: 'relative'; readonly rdn: readonly Attribute[] };

/** Bits 1 to 8 of ReasonFlags by name. */
export const reasonFlags = [
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  'privilegeWithdrawn',
  'aACompromise',
] as const;
export type ReasonFlag = (typeof reasonFlags)[number];

export interface DistributionPoint {
  readonly name?: DistributionPointName;
  readonly reasons?: ReadonlySet<ReasonFlag>;
  readonly crlIssuer?: readonly GeneralName[];
}

const MAX_POINTS = 64;

export function readDistributionPoints(value: Uint8Array): readonly DistributionPoint[] {
  const points = readDer(value).expect(Tag.sequence).children;
  if (points.length > MAX_POINTS) throw new Asn1Error('asn1.unexpected', 'too many distribution points');
  return points.map((point) => {
    const name = point.children.find((part) => part.tag === contextTag(0));
    const reasons = point.children.find((part) => part.tag === contextTag(1, false));
    const crlIssuer = point.children.find((part) => part.tag === contextTag(2));
    return {
      ...(name && { name: readDistributionPointName(name.at(0)) }),
      ...(reasons && { reasons: readReasons(reasons) }),
      ...(crlIssuer && { crlIssuer: readGeneralNames(crlIssuer) }),
    };
  });
}

export function readDistributionPointName(node: Node): DistributionPointName {
  if (node.tag === contextTag(0)) return { kind: 'full', names: readGeneralNames(node) };
  return { kind: 'relative', rdn: readRdn(node.expect(contextTag(1))) };
}

/** ReasonFlags under an implicit tag. */
export function readReasons(node: Node): ReadonlySet<ReasonFlag> {
  const bits = node.content.subarray(1);
  return new Set(reasonFlags.filter((_, index) => hasBit(bits, index + 1)));
}

export interface AuthorityInfoAccess {
  readonly ocsp: readonly string[];
  readonly caIssuers: readonly string[];
}

export function readAuthorityInfoAccess(value: Uint8Array): AuthorityInfoAccess {
  const entries = readDer(value)
    .expect(Tag.sequence)
    .children.map((entry) => ({ method: readOid(entry.at(0)), location: readGeneralName(entry.at(1)) }));
  const uris = (method: string): readonly string[] =>
    entries.flatMap((entry) =>
      entry.method === method && entry.location.kind === 'uri' ? [entry.location.value] : [],
    );
  return { ocsp: uris(AccessMethod.ocsp), caIssuers: uris(AccessMethod.caIssuers) };
}

function hasBit(bytes: Uint8Array, bit: number): boolean {
  return ((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0;
}

/** A non-negative INTEGER as a number; a count past 2^31 means the same as 2^31 for any real path. */
function readCount(node: Node): number {
  const value = readInteger(node);
  if (value < 0n) throw new Asn1Error('asn1.unexpected', 'a negative count');
  return Number(value > 0x7fffffffn ? 0x7fffffffn : value);
}

function readImplicitCount(node: Node): number {
  return readCount(readDer(Buffer.concat([Uint8Array.of(Tag.integer, node.content.length), node.content])));
}
