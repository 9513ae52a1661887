import { Asn1Error } from '../asn1/errors.ts';
import { type Node, readDerPrefix, readInteger, readOctetString, readOid } from '../asn1/read.ts';
import { contextTag, Tag } from '../asn1/tag.ts';
import { type DigestAlgorithm, readDigestAlgorithm } from './digest.ts';
import { CmsError } from './errors.ts';
import { Oid } from './oids.ts';
import { parseSignerInfo, type SignerInfo } from './parse-signer-info.ts';

const MAX_BYTES = 64 * 1024 * 1024;
const MAX_ITEMS = 1000;
/** id-ri-ocsp-response (RFC 5940 2). */
const OCSP_REVOCATION = '1.3.6.1.5.5.7.16.2';

/** A SignedData (RFC 5652 5.1), as it is; nothing in it is believed yet. All bytes are views into the input. */
export interface SignedData {
  readonly version: number;
  readonly digestAlgorithms: readonly DigestAlgorithm[];
  /** Without `content` the signature is detached. */
  readonly encapsulated: { readonly contentType: string; readonly content?: Uint8Array };
  /** DER of the X.509 certificates, in the order given; attribute certificates are passed over. */
  readonly certificates: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
  /** DER of OCSPResponse values (RFC 5940). */
  readonly ocspResponses: readonly Uint8Array[];
  readonly signerInfos: readonly SignerInfo[];
  /** What follows the structure: the zeros that fill a PDF's /Contents, or something that has no business there. */
  readonly trailing: 'none' | 'zeros' | 'data';
}

/**
 * Reads a ContentInfo holding SignedData, in DER or BER, also with zeros behind it.
 * @throws CmsError `cms.malformed` (cause: what exactly), `cms.not_signed_data`, `cms.too_large`,
 *   `cms.unsupported_algorithm` (RSASSA-PSS with a digest that is not known).
 */
export function parseSignedData(bytes: Uint8Array): SignedData {
  if (bytes.length > MAX_BYTES) throw new CmsError('cms.too_large', `${bytes.length} bytes`);
  try {
    const contentInfo = readDerPrefix(bytes, { ber: true });
    return { ...readContentInfo(contentInfo), trailing: trailing(bytes.subarray(contentInfo.bytes.length)) };
  } catch (error) {
    if (error instanceof Asn1Error) throw new CmsError('cms.malformed', error.message, { cause: error });
    throw error;
  }
}

function readContentInfo(contentInfo: Node): Omit<SignedData, 'trailing'> {
  const contentType = readOid(contentInfo.expect(Tag.sequence).at(0));
  if (contentType !== Oid.signedData) {
    throw new CmsError('cms.not_signed_data', `content type ${contentType}`);
  }
  const signedData = contentInfo.at(1).expect(contextTag(0)).at(0).expect(Tag.sequence);
  const optional = signedData.children.slice(3);
  const certificates = items(optional.find(({ tag }) => tag === contextTag(0)));
  const revocation = items(optional.find(({ tag }) => tag === contextTag(1)));
  const signerInfos = optional.find(({ tag }) => tag === Tag.set);
  if (!signerInfos) throw new CmsError('cms.malformed', 'SignerInfos are missing');
  return {
    version: Number(readInteger(signedData.at(0))),
    digestAlgorithms: items(signedData.at(1).expect(Tag.set)).map(readDigestAlgorithm),
    encapsulated: readEncapsulated(signedData.at(2)),
    certificates: certificates.filter(({ tag }) => tag === Tag.sequence).map(({ bytes }) => bytes),
    crls: revocation.filter(({ tag }) => tag === Tag.sequence).map(({ bytes }) => bytes),
    ocspResponses: revocation
      .filter((choice) => choice.tag === contextTag(1) && readOid(choice.at(0)) === OCSP_REVOCATION)
      .map((choice) => choice.at(1).bytes),
    signerInfos: items(signerInfos).map(parseSignerInfo),
  };
}

/** RFC 5652 5.2; PKCS#7 allowed any type as the content, of which the content octets count (5.2.1). */
function readEncapsulated(node: Node): SignedData['encapsulated'] {
  const contentType = readOid(node.expect(Tag.sequence).at(0));
  const value = node.children[1]?.expect(contextTag(0)).at(0);
  if (!value) return { contentType };
  const isOctets = (value.tag & ~0x20) === Tag.octetString;
  return { contentType, content: isOctets ? readOctetString(value) : value.content };
}

function items(set: Node | undefined): readonly Node[] {
  const children = set?.children ?? [];
  if (children.length > MAX_ITEMS)
    throw new CmsError('cms.too_large', `${children.length} elements in a set`);
  return children;
}

function trailing(rest: Uint8Array): SignedData['trailing'] {
  if (rest.length === 0) return 'none';
  return rest.every((byte) => byte === 0) ? 'zeros' : 'data';
}
