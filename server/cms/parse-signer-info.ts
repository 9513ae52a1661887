import { type Node, readInteger, readOctetString, readOid } from '../asn1/read.ts';
import { contextTag, Tag } from '../asn1/tag.ts';
import { sortSetOf, tlv } from '../asn1/write.ts';
import { type DigestAlgorithm, readDigestAlgorithm } from './digest.ts';
import { CmsError } from './errors.ts';
import type { IssuerAndSerial } from './issuer-and-serial.ts';
import { readSignatureAlgorithm, type SignatureAlgorithm } from './signature-algorithm.ts';

/** An attribute (RFC 5652 5.3) with its values still encoded; `bytes` is the whole of it. */
export interface Attribute {
  readonly oid: string;
  readonly values: readonly Node[];
  readonly bytes: Uint8Array;
}

export interface SignedAttributes {
  readonly attributes: readonly Attribute[];
  /** As the file has them, with the SET OF tag that is signed in place of `[0]` (RFC 5652 5.4). */
  readonly bytes: Uint8Array;
  /** The same as a DER SET OF; some signers sign this and write another order (or the other way round). */
  readonly der: Uint8Array;
}

export interface SignerInfo {
  readonly version: number;
  readonly sid: IssuerAndSerial | { readonly subjectKeyIdentifier: Uint8Array };
  readonly digestAlgorithm: DigestAlgorithm;
  readonly signatureAlgorithm: SignatureAlgorithm;
  /** DER of the AlgorithmIdentifiers, for the comparison of RFC 6211. */
  readonly algorithmBytes: { readonly digest: Uint8Array; readonly signature: Uint8Array };
  /** Absent: the content itself is signed. */
  readonly signedAttributes?: SignedAttributes;
  readonly signature: Uint8Array;
  readonly unsignedAttributes: readonly Attribute[];
}

/**
 * Reads one SignerInfo (RFC 5652 5.3).
 * @throws Asn1Error, CmsError `cms.malformed`, `cms.unsupported_algorithm`.
 */
export function parseSignerInfo(node: Node): SignerInfo {
  const [version, sid, digest, ...rest] = node.expect(Tag.sequence).children;
  const signed = rest[0]?.tag === contextTag(0) ? rest.shift() : undefined;
  const [algorithm, signature, unsigned] = rest;
  if (!version || !sid || !digest || !algorithm || !signature) {
    throw new CmsError('cms.malformed', 'a SignerInfo lacks a part');
  }
  return {
    version: Number(readInteger(version)),
    sid: readSignerIdentifier(sid),
    digestAlgorithm: readDigestAlgorithm(digest),
    signatureAlgorithm: readSignatureAlgorithm(algorithm),
    algorithmBytes: { digest: digest.bytes, signature: algorithm.bytes },
    ...(signed && { signedAttributes: readSignedAttributes(signed) }),
    signature: readOctetString(signature),
    unsignedAttributes: unsigned?.tag === contextTag(1) ? unsigned.children.map(readAttribute) : [],
  };
}

function readSignerIdentifier(node: Node): SignerInfo['sid'] {
  if (node.tag === Tag.sequence) {
    return {
      issuer: node.at(0).expect(Tag.sequence).bytes,
      serial: node.at(1).expect(Tag.integer).bytes,
    };
  }
  return { subjectKeyIdentifier: node.expect(contextTag(0, false)).content };
}

function readSignedAttributes(node: Node): SignedAttributes {
  const indefinite = node.bytes[1] === 0x80;
  const bytes = indefinite ? tlv(Tag.set, node.content) : Buffer.from(node.bytes);
  bytes[0] = Tag.set;
  const der = tlv(Tag.set, ...sortSetOf(node.children.map((child) => child.bytes)));
  return { attributes: node.children.map(readAttribute), bytes, der };
}

function readAttribute(node: Node): Attribute {
  return {
    oid: readOid(node.expect(Tag.sequence).at(0)),
    values: node.at(1).expect(Tag.set).children,
    bytes: node.bytes,
  };
}
