import { contextTag, Tag } from '../asn1/tag.ts';
import {
  type Der,
  integer,
  nullValue,
  octetString,
  oid,
  sequence,
  setOf,
  sortSetOf,
  tlv,
} from '../asn1/write.ts';
import { digestOf } from './digest.ts';
import { issuerAndSerial } from './issuer-and-serial.ts';
import { Oid } from './oids.ts';

/** Digests a new signature may use (Circular 15/2025/TT-BKHCN; SHA-1 never). */
export type SigningHash = 'SHA-256' | 'SHA-384' | 'SHA-512' | 'SHA3-256' | 'SHA3-384' | 'SHA3-512';
export type SigningScheme = 'rsa-pss' | 'rsa-pkcs1' | 'ecdsa' | 'eddsa';

export interface SignedDataOptions {
  /** Digest of the signed bytes, made with `digestAlgorithm`. */
  readonly contentDigest: Uint8Array;
  readonly digestAlgorithm: SigningHash;
  readonly scheme: SigningScheme;
  /** The signer's certificate. */
  readonly certificate: { readonly der: Uint8Array };
  /** Its issuers, in any order; embedded beside it. */
  readonly chain: readonly { readonly der: Uint8Array }[];
  /** Attributes outside the signature, DER each (a signature time stamp, say). */
  readonly unsignedAttributes?: readonly Der[];
}

/** Signs the octets given (it hashes them itself) and gives the signature value as CMS carries it. */
export type SignPrimitive = (toBeSigned: Uint8Array) => Promise<Uint8Array> | Uint8Array;

/**
 * A detached CMS signature at level B-B (EN 319 142-1 6.3): content type, message digest and signing-certificate-v2
 * are signed, and the algorithms too (RFC 6211); there is no signing-time, which PAdES forbids (the time is `M`).
 *
 * @returns DER of ContentInfo (RFC 5652 3).
 * @throws Asn1Error when a certificate is no DER; whatever `sign` throws.
 */
export async function buildSignedData(
  options: SignedDataOptions & { readonly sign: SignPrimitive },
): Promise<Der> {
  const attributes = signedAttributes(options);
  return assembleSignedData(options, attributes, await options.sign(attributes));
}

/** What a signer signs: DER of the signed attributes with the SET OF tag (RFC 5652 5.4). */
export function signedAttributes(options: SignedDataOptions): Der {
  return setOf([
    CONTENT_TYPE,
    attribute(MESSAGE_DIGEST, octetString(options.contentDigest)),
    partsOf(options.certificate.der).signingCertificate,
    attribute(
      ALGORITHM_PROTECTION,
      sequence(digestIdentifiers[options.digestAlgorithm], protectedSignatureAlgorithm(options)),
    ),
  ]);
}

/** Puts the signature value over {@link signedAttributes} into its CMS structure; apart so that a key may answer days later. */
export function assembleSignedData(
  options: SignedDataOptions,
  attributes: Uint8Array,
  signature: Uint8Array,
): Der {
  const digestIdentifier = digestIdentifiers[options.digestAlgorithm];
  const implicitAttributes = Buffer.from(attributes);
  implicitAttributes[0] = contextTag(0);
  const unsigned = options.unsignedAttributes ?? [];
  const signerInfo = sequence(
    VERSION_1,
    partsOf(options.certificate.der).issuerAndSerial,
    digestIdentifier,
    implicitAttributes,
    signatureIdentifier(options),
    octetString(signature),
    ...(unsigned.length > 0 ? [tlv(contextTag(1), ...sortSetOf(unsigned))] : []),
  );
  const certificates = [options.certificate, ...options.chain].map(({ der }) => der);
  return sequence(
    SIGNED_DATA,
    tlv(
      contextTag(0),
      sequence(
        VERSION_1,
        tlv(Tag.set, digestIdentifier),
        DETACHED,
        tlv(contextTag(0), ...sortSetOf(certificates)),
        tlv(Tag.set, signerInfo),
      ),
    ),
  );
}

const attribute = (type: Der, value: Der): Der => sequence(type, tlv(Tag.set, value));

/** What every signature with a certificate says of it. */
interface CertificateParts {
  /** IssuerAndSerialNumber (RFC 5652 10.2.4). */
  readonly issuerAndSerial: Der;
  /** The attribute signing-certificate-v2. */
  readonly signingCertificate: Der;
}

/** A key signs many documents with one certificate: it is read and hashed once. */
const knownParts = new WeakMap<Uint8Array, CertificateParts>();

function partsOf(certificate: Uint8Array): CertificateParts {
  const parts = knownParts.get(certificate) ?? makeParts(certificate);
  knownParts.set(certificate, parts);
  return parts;
}

/** RFC 5035 4 with the default digest, SHA-256, whose name DER therefore leaves out; the issuer is given by its Name. */
function makeParts(certificate: Uint8Array): CertificateParts {
  const { issuer, serial } = issuerAndSerial(certificate);
  const issuerSerial = sequence(sequence(tlv(contextTag(4), issuer)), serial);
  const entry = sequence(octetString(digestOf('SHA-256', certificate)), issuerSerial);
  return {
    issuerAndSerial: sequence(issuer, serial),
    signingCertificate: attribute(SIGNING_CERTIFICATE_V2, sequence(sequence(entry))),
  };
}

/** AlgorithmIdentifier of the signature, with its parameters. */
export function signatureIdentifier({
  scheme,
  digestAlgorithm: hash,
}: Pick<SignedDataOptions, 'scheme' | 'digestAlgorithm'>): Der {
  switch (scheme) {
    case 'rsa-pss':
      return pssIdentifiers[hash];
    case 'rsa-pkcs1':
      return pkcs1Identifiers[hash];
    case 'ecdsa':
      return ecdsaIdentifiers[hash];
    case 'eddsa':
      return ED25519;
  }
}

/** `[1] IMPLICIT SignatureAlgorithmIdentifier` of CMSAlgorithmProtection (RFC 6211 2). */
function protectedSignatureAlgorithm(options: SignedDataOptions): Der {
  const retagged = Buffer.from(signatureIdentifier(options));
  retagged[0] = contextTag(1);
  return retagged;
}

const SIGNED_DATA = oid(Oid.signedData);
const VERSION_1 = integer(1);
const DETACHED = sequence(oid(Oid.data));
const CONTENT_TYPE = attribute(oid(Oid.contentType), oid(Oid.data));
const MESSAGE_DIGEST = oid(Oid.messageDigest);
const SIGNING_CERTIFICATE_V2 = oid(Oid.signingCertificateV2);
const ALGORITHM_PROTECTION = oid(Oid.algorithmProtection);
const ED25519 = sequence(oid('1.3.101.112'));

/** Digest identifiers without parameters, as RFC 5754 2 and RFC 9688 2 ask. */
const digestIdentifiers = forEachHash(({ digestOid }) => sequence(oid(digestOid)));
const pssIdentifiers = forEachHash((facts) => sequence(oid('1.2.840.113549.1.1.10'), pssParameters(facts)));
/** With NULL (RFC 4055 5, RFC 9688 3.1). */
const pkcs1Identifiers = forEachHash(({ pkcs1Oid }) => sequence(oid(pkcs1Oid), nullValue()));
/** Without parameters (RFC 5754 3.3, RFC 9688 3.2). */
const ecdsaIdentifiers = forEachHash(({ ecdsaOid }) => sequence(oid(ecdsaOid)));

interface HashFacts {
  readonly digestOid: string;
  /** Octets; the salt is as long as the digest (RFC 8017 9.1). */
  readonly size: number;
  readonly pkcs1Oid: string;
  readonly ecdsaOid: string;
  /** In RSASSA-PSS-params SHA-2 carries NULL (RFC 4055 2.1); SHA-3 has never had parameters. */
  readonly hasNull: boolean;
}

/** RSASSA-PSS-params (RFC 4055 3.1). */
function pssParameters({ digestOid, size, hasNull }: HashFacts): Der {
  const digest = sequence(oid(digestOid), ...(hasNull ? [nullValue()] : []));
  const mask = sequence(oid('1.2.840.113549.1.1.8'), digest);
  return sequence(tlv(contextTag(0), digest), tlv(contextTag(1), mask), tlv(contextTag(2), integer(size)));
}

function forEachHash(make: (facts: HashFacts) => Der): Readonly<Record<SigningHash, Der>> {
  const sha2 = (arc: number, size: number): Der =>
    make({
      digestOid: `2.16.840.1.101.3.4.2.${arc}`,
      size,
      pkcs1Oid: `1.2.840.113549.1.1.${arc + 10}`,
      ecdsaOid: `1.2.840.10045.4.3.${arc + 1}`,
      hasNull: true,
    });
  const sha3 = (arc: number, size: number): Der =>
    make({
      digestOid: `2.16.840.1.101.3.4.2.${arc}`,
      size,
      pkcs1Oid: `2.16.840.1.101.3.4.3.${arc + 6}`,
      ecdsaOid: `2.16.840.1.101.3.4.3.${arc + 2}`,
      hasNull: false,
    });
  return {
    'SHA-256': sha2(1, 32),
    'SHA-384': sha2(2, 48),
    'SHA-512': sha2(3, 64),
    'SHA3-256': sha3(8, 32),
    'SHA3-384': sha3(9, 48),
    'SHA3-512': sha3(10, 64),
  };
}
