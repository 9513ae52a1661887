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
export type SigningHash = 'SHA-256' | 'SHA-384' | 'SHA-512';
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
    attribute(SIGNING_CERTIFICATE_V2, signingCertificate(options.certificate.der)),
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
  const { issuer, serial } = issuerAndSerial(options.certificate.der);
  const implicitAttributes = Buffer.from(attributes);
  implicitAttributes[0] = contextTag(0);
  const unsigned = options.unsignedAttributes ?? [];
  const signerInfo = sequence(
    VERSION_1,
    sequence(issuer, serial),
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

/** RFC 5035 4 with the default digest, SHA-256, whose name DER therefore leaves out; the issuer is given by its Name. */
function signingCertificate(certificate: Uint8Array): Der {
  const { issuer, serial } = issuerAndSerial(certificate);
  const issuerSerial = sequence(sequence(tlv(contextTag(4), issuer)), serial);
  return sequence(sequence(sequence(octetString(digestOf('SHA-256', certificate)), issuerSerial)));
}

function signatureIdentifier({ scheme, digestAlgorithm: hash }: SignedDataOptions): Der {
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

/** Digest identifiers without parameters, as RFC 5754 2 asks. */
const digestIdentifiers = forEachHash(({ digestOid }) => sequence(oid(digestOid)));
const pssIdentifiers = forEachHash((hash) => sequence(oid('1.2.840.113549.1.1.10'), pssParameters(hash)));
const pkcs1Identifiers = forEachHash(({ suffix }) =>
  sequence(oid(`1.2.840.113549.1.1.${suffix + 9}`), nullValue()),
);
const ecdsaIdentifiers = forEachHash(({ suffix }) => sequence(oid(`1.2.840.10045.4.3.${suffix}`)));

interface HashFacts {
  readonly digestOid: string;
  /** Octets; the salt is as long as the digest (RFC 8017 9.1). */
  readonly size: number;
  /** Last arc of ecdsa-with-SHA2, nine less than that of the PKCS#1 signature. */
  readonly suffix: number;
}

/** RSASSA-PSS-params (RFC 4055 3.1), where digests do carry NULL parameters (2.1). */
function pssParameters({ digestOid, size }: HashFacts): Der {
  const digest = sequence(oid(digestOid), nullValue());
  const mask = sequence(oid('1.2.840.113549.1.1.8'), digest);
  return sequence(tlv(contextTag(0), digest), tlv(contextTag(1), mask), tlv(contextTag(2), integer(size)));
}

function forEachHash(make: (facts: HashFacts) => Der): Readonly<Record<SigningHash, Der>> {
  const nist = '2.16.840.1.101.3.4.2';
  return {
    'SHA-256': make({ digestOid: `${nist}.1`, size: 32, suffix: 2 }),
    'SHA-384': make({ digestOid: `${nist}.2`, size: 48, suffix: 3 }),
    'SHA-512': make({ digestOid: `${nist}.3`, size: 64, suffix: 4 }),
  };
}
