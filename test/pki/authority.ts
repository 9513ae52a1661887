import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { contextTag, Tag } from '../../server/asn1/tag.ts';
import * as der from '../../server/asn1/write.ts';
import { type Certificate, parseCertificate } from '../../server/pki/certificate.ts';
import { type Crl, parseCrl } from '../../server/pki/crl.ts';
import { anyPolicy, ExtensionType as E } from '../../server/pki/oids.ts';
import { type KeyKind, keysOf, signatureOf } from '../signing/identities.ts';

/** A test PKI by hand-written DER, so that it can say what no sane issuer would. Keys are P-256 unless `kind` says otherwise, made once. */
export interface Party {
  readonly certificate: Certificate;
  readonly privateKey: KeyObject;
  readonly name: der.Der;
}

export type Attributes = readonly (readonly [type: string, value: string | der.Der])[];

export const at = new Date('2026-06-01T00:00:00Z');
const CN = '2.5.4.3';

const keys: { publicKey: KeyObject; privateKey: KeyObject }[] = [];
export function keyPair(index: number): { publicKey: KeyObject; privateKey: KeyObject } {
  while (keys.length <= index) keys.push(generateKeyPairSync('ec', { namedCurve: 'P-256' }));
  return keys[index] ?? generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

export function nameOf(attributes: Attributes | string): der.Der {
  const list: Attributes = typeof attributes === 'string' ? [[CN, attributes]] : attributes;
  const value = (text: string | der.Der) => (typeof text === 'string' ? der.utf8String(text) : text);
  return der.sequence(...list.map(([type, text]) => der.setOf([der.sequence(der.oid(type), value(text))])));
}

export interface CertificateParts {
  readonly subject?: Attributes | string;
  readonly issuer?: Party;
  /** Written instead of the issuer's subject. */
  readonly issuerName?: der.Der;
  /** Which of the shared keys; parties with one key are one. */
  readonly key?: number;
  /** The one shared key of another kind instead. */
  readonly kind?: KeyKind;
  readonly serial?: number | bigint;
  readonly from?: string;
  readonly to?: string;
  readonly ca?: boolean;
  readonly pathLength?: number;
  readonly keyUsage?: number;
  readonly version?: number;
  readonly extensions?: readonly der.Der[];
  /** Written instead of the public key. */
  readonly spki?: der.Der;
}

let nextKey = 0;
let nextSerial = 1000;

export function certify(parts: CertificateParts = {}): Party {
  const { publicKey, privateKey } = parts.kind ? keysOf(parts.kind) : keyPair(parts.key ?? nextKey++ % 6);
  const signer = parts.issuer?.privateKey ?? privateKey;
  const name = nameOf(parts.subject ?? 'Nguyễn Văn A');
  const extensions = [
    ...(parts.ca === undefined ? [] : [basicConstraints(parts.ca, parts.pathLength)]),
    ...(parts.keyUsage === undefined ? [] : [keyUsage(parts.keyUsage)]),
    ...(parts.extensions ?? []),
  ];
  const tbs = der.sequence(
    ...(parts.version === 0 ? [] : [der.tlv(contextTag(0), der.integer(parts.version ?? 2))]),
    der.integer(parts.serial ?? nextSerial++),
    signatureOf(signer).identifier,
    parts.issuerName ?? parts.issuer?.name ?? name,
    der.sequence(
      der.time(new Date(parts.from ?? '2025-01-01T00:00:00Z')),
      der.time(new Date(parts.to ?? '2035-01-01T00:00:00Z')),
    ),
    name,
    parts.spki ?? publicKey.export({ type: 'spki', format: 'der' }),
    ...(extensions.length > 0 ? [der.tlv(contextTag(3), der.sequence(...extensions))] : []),
  );
  const bytes = signed(tbs, signer);
  return { certificate: parseCertificate(bytes), privateKey, name };
}

export const authority = (subject: string, parts: CertificateParts = {}): Party =>
  certify({ subject, ca: true, keyUsage: 0x06, ...parts });

export interface CrlEntry {
  readonly serial: string | number;
  readonly date?: string;
  readonly reason?: number;
  /** An indirect CRL's certificate issuer. */
  readonly issuer?: der.Der;
  readonly extensions?: readonly der.Der[];
}

export interface CrlParts {
  readonly entries?: readonly CrlEntry[];
  readonly thisUpdate?: string;
  readonly nextUpdate?: string | null;
  readonly number?: number;
  readonly extensions?: readonly der.Der[];
  /** Another name than the signer's. */
  readonly issuerName?: der.Der;
}

export function revoke(issuer: Party, parts: CrlParts = {}): Crl {
  const entries = (parts.entries ?? []).map(entryOf);
  const nextUpdate = parts.nextUpdate === undefined ? '2026-12-01T00:00:00Z' : parts.nextUpdate;
  const extensions = [
    ...(parts.number === undefined ? [] : [extension(E.crlNumber, der.integer(parts.number))]),
    ...(parts.extensions ?? []),
  ];
  const tbs = der.sequence(
    der.integer(1),
    signatureOf(issuer.privateKey).identifier,
    parts.issuerName ?? issuer.name,
    der.time(new Date(parts.thisUpdate ?? '2026-05-01T00:00:00Z')),
    ...(nextUpdate === null ? [] : [der.time(new Date(nextUpdate))]),
    ...(entries.length > 0 ? [der.sequence(Buffer.concat(entries))] : []),
    ...(extensions.length > 0 ? [der.tlv(contextTag(0), der.sequence(...extensions))] : []),
  );
  return parseCrl(signed(tbs, issuer.privateKey));
}

function entryOf(entry: CrlEntry): der.Der {
  const extensions = [
    ...(entry.reason === undefined
      ? []
      : [extension(E.reasonCode, der.tlv(Tag.enumerated, Uint8Array.of(entry.reason)))]),
    ...(entry.issuer
      ? [extension(E.certificateIssuer, der.sequence(directoryName(entry.issuer)), true)]
      : []),
    ...(entry.extensions ?? []),
  ];
  return der.sequence(
    der.integer(typeof entry.serial === 'number' ? entry.serial : BigInt(`0x${entry.serial}`)),
    der.time(new Date(entry.date ?? '2026-04-01T00:00:00Z')),
    ...(extensions.length > 0 ? [der.sequence(...extensions)] : []),
  );
}

function signed(tbs: der.Der, key: KeyObject): der.Der {
  const { identifier, digest } = signatureOf(key);
  return der.sequence(tbs, identifier, der.bitString(sign(digest, tbs, { key, saltLength: 32 })));
}

export const extension = (type: string, value: der.Der, critical = false): der.Der =>
  der.sequence(der.oid(type), ...(critical ? [der.boolean(true)] : []), der.octetString(value));

export const basicConstraints = (ca: boolean, pathLength?: number): der.Der =>
  extension(
    E.basicConstraints,
    der.sequence(
      ...(ca ? [der.boolean(true)] : []),
      ...(pathLength === undefined ? [] : [der.integer(pathLength)]),
    ),
    true,
  );

/** First octet of the bits: 0x80 digitalSignature, 0x40 nonRepudiation, 0x04 keyCertSign, 0x02 cRLSign. */
export const keyUsage = (bits: number): der.Der =>
  extension(E.keyUsage, der.bitString(Uint8Array.of(bits)), true);

export const policies = (...ids: readonly string[]): der.Der =>
  extension(
    E.certificatePolicies,
    der.sequence(...ids.map((id) => der.sequence(der.oid(id === 'any' ? anyPolicy : id)))),
  );

export const mappings = (...pairs: readonly (readonly [string, string])[]): der.Der =>
  extension(
    E.policyMappings,
    der.sequence(...pairs.map(([issuer, subject]) => der.sequence(der.oid(issuer), der.oid(subject)))),
    true,
  );

export const policyConstraints = (requireExplicit?: number, inhibitMapping?: number): der.Der =>
  extension(
    E.policyConstraints,
    der.sequence(
      ...(requireExplicit === undefined
        ? []
        : [der.tlv(contextTag(0, false), Uint8Array.of(requireExplicit))]),
      ...(inhibitMapping === undefined ? [] : [der.tlv(contextTag(1, false), Uint8Array.of(inhibitMapping))]),
    ),
    true,
  );

export const inhibitAnyPolicy = (skip: number): der.Der =>
  extension(E.inhibitAnyPolicy, der.integer(skip), true);

export const directoryName = (name: der.Der): der.Der => der.tlv(contextTag(4), name);
const ia5 = (number: number, text: string): der.Der =>
  der.tlv(contextTag(number, false), Buffer.from(text, 'latin1'));
export const email = (text: string): der.Der => ia5(1, text);
export const dns = (text: string): der.Der => ia5(2, text);
export const uri = (text: string): der.Der => ia5(6, text);
export const ip = (...octets: readonly number[]): der.Der =>
  der.tlv(contextTag(7, false), Uint8Array.from(octets));

export const altNames = (...names: readonly der.Der[]): der.Der =>
  extension(E.subjectAltName, der.sequence(...names));

export function nameConstraints(parts: {
  permitted?: readonly der.Der[];
  excluded?: readonly der.Der[];
}): der.Der {
  const subtrees = (tag: number, names: readonly der.Der[] | undefined): der.Der[] =>
    names ? [der.tlv(contextTag(tag), ...names.map((name) => der.sequence(name)))] : [];
  return extension(
    E.nameConstraints,
    der.sequence(...subtrees(0, parts.permitted), ...subtrees(1, parts.excluded)),
    true,
  );
}

/** A DistributionPointName holding full names. */
export const fullName = (...names: readonly der.Der[]): der.Der =>
  der.tlv(contextTag(0), der.tlv(contextTag(0), ...names));

export interface PointParts {
  readonly name?: der.Der;
  readonly reasons?: number;
  readonly crlIssuer?: der.Der;
}

export const distributionPoints = (...points: readonly PointParts[]): der.Der =>
  extension(
    E.crlDistributionPoints,
    der.sequence(
      ...points.map(({ name, reasons, crlIssuer }) =>
        der.sequence(
          ...(name ? [name] : []),
          ...(reasons === undefined ? [] : [der.tlv(contextTag(1, false), Uint8Array.of(0, reasons))]),
          ...(crlIssuer ? [der.tlv(contextTag(2), directoryName(crlIssuer))] : []),
        ),
      ),
    ),
  );

export interface IdpParts {
  readonly name?: der.Der;
  readonly flags?: readonly number[];
  readonly reasons?: number;
}

/** `flags` are the numbers of the BOOLEAN fields that are true: 1 user, 2 CA, 4 indirect, 5 attribute certificates. */
export const issuingDistributionPoint = ({ name, flags = [], reasons }: IdpParts): der.Der => {
  const flag = (number: number): der.Der[] =>
    flags.includes(number) ? [der.tlv(contextTag(number, false), Uint8Array.of(0xff))] : [];
  return extension(
    E.issuingDistributionPoint,
    der.sequence(
      ...(name ? [name] : []),
      ...flag(1),
      ...flag(2),
      ...(reasons === undefined ? [] : [der.tlv(contextTag(3, false), Uint8Array.of(0, reasons))]),
      ...flag(4),
      ...flag(5),
    ),
    true,
  );
};

export const deltaIndicator = (base: number): der.Der =>
  extension(E.deltaCrlIndicator, der.integer(base), true);
