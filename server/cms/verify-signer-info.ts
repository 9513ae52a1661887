import type { KeyObject } from 'node:crypto';
import { readOctetString, readOid, readTime } from '../asn1/read.ts';
import { contextTag } from '../asn1/tag.ts';
import type { HashName } from '../pki/algorithm.ts';
import { digestOf } from './digest.ts';
import { issuerAndSerial } from './issuer-and-serial.ts';
import { Oid } from './oids.ts';
import type { Attribute, SignerInfo } from './parse-signer-info.ts';
import { hashOf } from './signature-algorithm.ts';
import { checkSigningCertificate, type SigningCertificateFact } from './signing-certificate.ts';
import { verifySignature } from './verify-signature.ts';

/** The signed content, wherever it is; a large file is read in chunks. */
export interface SignedContent {
  digest(hash: HashName): Uint8Array;
  /** Asked for only when no attributes are signed, since then the content itself is. */
  chunks(): Iterable<Uint8Array>;
}

/** Content held in memory (an encapsulated one, say). */
export const contentOf = (bytes: Uint8Array): SignedContent => ({
  digest: (hash) => digestOf(hash, bytes),
  chunks: () => [bytes],
});

/** What can be said of one signer without knowing whom to trust. */
export interface SignerFacts {
  /** The signed message digest equals the content's. Without signed attributes: the same as `signatureValid`. */
  readonly messageDigestMatches: boolean;
  /** The signature value was made with the certificate's key over the signed attributes (or the content). */
  readonly signatureValid: boolean;
  readonly hasSignedAttributes: boolean;
  /** Which encoding of the attributes was signed; undefined when neither verifies or there are none. */
  readonly signedAttributesEncoding?: 'as-is' | 'der';
  /** The signed content type is the one encapsulated (RFC 5652 11.1); undefined without signed attributes. */
  readonly contentTypeMatches?: boolean;
  /** The signer identifier names the certificate. */
  readonly identifierMatches: boolean;
  readonly signingCertificateAttribute: SigningCertificateFact;
  /** CMSAlgorithmProtection (RFC 6211). */
  readonly algorithmProtection: 'matches' | 'mismatch' | 'absent';
  /** The digest of the content and the digest inside the signature; undefined when not known. */
  readonly digestHash?: HashName;
  readonly signatureHash?: HashName;
  /** The signing-time attribute, which PAdES forbids. */
  readonly signingTime?: Date;
}

export interface SignerCertificate {
  readonly der: Uint8Array;
  readonly publicKey: KeyObject;
  /** Value of the subjectKeyIdentifier extension. */
  readonly subjectKeyIdentifier?: Uint8Array | undefined;
}

/**
 * Gathers the facts of RFC 5652 5.4 to 5.6 about one signer; never throws on what the signature says.
 *
 * @param contentType `encapsulated.contentType` of the SignedData.
 * @throws whatever `content` throws.
 */
export function verifySignerInfo(
  signer: SignerInfo,
  content: SignedContent,
  certificate: SignerCertificate,
  contentType: string = Oid.data,
): SignerFacts {
  const { signatureAlgorithm, digestAlgorithm, signedAttributes } = signer;
  const digestHash = digestAlgorithm.hash;
  const signatureHash = hashOf(signatureAlgorithm.scheme) ?? digestHash;
  const verifies = (chunks: Iterable<Uint8Array>): boolean =>
    verifySignature(signatureAlgorithm, certificate.publicKey, chunks, signer.signature, digestHash);
  const common = {
    identifierMatches: identifies(signer.sid, certificate),
    ...(digestHash && { digestHash }),
    ...(signatureHash && { signatureHash }),
  };
  if (!signedAttributes) {
    const signatureValid = verifies(content.chunks());
    return {
      ...common,
      hasSignedAttributes: false,
      signatureValid,
      messageDigestMatches: signatureValid,
      signingCertificateAttribute: 'absent',
      algorithmProtection: 'absent',
    };
  }
  const { attributes, bytes, der } = signedAttributes;
  const encoding = verifies([bytes]) ? 'as-is' : verifies([der]) ? 'der' : undefined;
  const signingTime = readSigningTime(attributes);
  return {
    ...common,
    hasSignedAttributes: true,
    signatureValid: encoding !== undefined,
    ...(encoding && { signedAttributesEncoding: encoding }),
    messageDigestMatches: digestHash !== undefined && matchesDigest(attributes, content.digest(digestHash)),
    contentTypeMatches: readSingle(attributes, Oid.contentType, readOid) === contentType,
    signingCertificateAttribute: checkSigningCertificate(attributes, certificate.der),
    algorithmProtection: checkAlgorithmProtection(attributes, signer),
    ...(signingTime && { signingTime }),
  };
}

/** The value of an attribute that must occur once with one value (RFC 5652 11); undefined when it does not, or cannot be read. */
function readSingle<T>(
  attributes: readonly Attribute[],
  oid: string,
  read: (node: Attribute['values'][number]) => T,
): T | undefined {
  const [found, ...more] = attributes.filter((attribute) => attribute.oid === oid);
  const value = found?.values[0];
  if (!value || found.values.length !== 1 || more.length > 0) return undefined;
  try {
    return read(value);
  } catch {
    return undefined;
  }
}

function matchesDigest(attributes: readonly Attribute[], digest: Uint8Array): boolean {
  const signed = readSingle(attributes, Oid.messageDigest, readOctetString);
  return signed !== undefined && Buffer.compare(signed, digest) === 0;
}

const readSigningTime = (attributes: readonly Attribute[]): Date | undefined =>
  readSingle(attributes, Oid.signingTime, readTime);

function checkAlgorithmProtection(
  attributes: readonly Attribute[],
  { algorithmBytes }: SignerInfo,
): SignerFacts['algorithmProtection'] {
  if (!attributes.some(({ oid }) => oid === Oid.algorithmProtection)) return 'absent';
  const matches = readSingle(attributes, Oid.algorithmProtection, (value) => {
    const signature = Buffer.from(algorithmBytes.signature);
    signature[0] = contextTag(1);
    return (
      Buffer.compare(value.at(0).bytes, algorithmBytes.digest) === 0 &&
      Buffer.compare(value.at(1).bytes, signature) === 0
    );
  });
  return matches ? 'matches' : 'mismatch';
}

/** Whether a signer identifier (RFC 5652 5.3) names the certificate. */
export function identifies(
  sid: SignerInfo['sid'],
  certificate: Pick<SignerCertificate, 'der' | 'subjectKeyIdentifier'>,
): boolean {
  if ('subjectKeyIdentifier' in sid) {
    const own = certificate.subjectKeyIdentifier;
    return own !== undefined && Buffer.compare(own, sid.subjectKeyIdentifier) === 0;
  }
  const own = issuerAndSerial(certificate.der);
  return Buffer.compare(own.serial, sid.serial) === 0 && Buffer.compare(own.issuer, sid.issuer) === 0;
}
