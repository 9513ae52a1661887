import { type Node, readOctetString } from '../asn1/read.ts';
import { contextTag, Tag } from '../asn1/tag.ts';
import type { HashName } from '../pki/algorithm.ts';
import { digestOf, readDigestAlgorithm } from './digest.ts';
import { issuerAndSerial } from './issuer-and-serial.ts';
import { Oid } from './oids.ts';
import type { Attribute } from './parse-signer-info.ts';

/** Which signing-certificate attribute (RFC 2634 5.4, RFC 5035 3) binds the signature to the certificate. */
export type SigningCertificateFact = 'v1' | 'v2' | 'absent' | 'mismatch';

/**
 * Compares every signing-certificate attribute with `certificate`: its first entry names the signer's (RFC 5035 5.1).
 * An attribute that cannot be read, or a digest that is not known, is a mismatch.
 */
export function checkSigningCertificate(
  attributes: readonly Attribute[],
  certificate: Uint8Array,
): SigningCertificateFact {
  const v1 = attributes.filter(({ oid }) => oid === Oid.signingCertificate);
  const v2 = attributes.filter(({ oid }) => oid === Oid.signingCertificateV2);
  const matches = ({ oid, values }: Attribute): boolean =>
    values.length === 1 &&
    names(values[0], certificate, oid === Oid.signingCertificate ? 'SHA-1' : 'SHA-256');
  if (v1.length > 1 || v2.length > 1 || ![...v1, ...v2].every(matches)) return 'mismatch';
  if (v2.length > 0) return 'v2';
  return v1.length > 0 ? 'v1' : 'absent';
}

function names(value: Node | undefined, certificate: Uint8Array, defaultHash: HashName): boolean {
  try {
    const entry = value?.expect(Tag.sequence).at(0).at(0).expect(Tag.sequence).children ?? [];
    const algorithm = entry[0]?.tag === Tag.sequence ? entry[0] : undefined;
    const hash = algorithm ? readDigestAlgorithm(algorithm).hash : defaultHash;
    const [digest, issuerSerial] = algorithm ? entry.slice(1) : entry;
    if (!hash || !digest) return false;
    if (Buffer.compare(readOctetString(digest), digestOf(hash, certificate)) !== 0) return false;
    return issuerSerial === undefined || isIssuerSerialOf(issuerSerial, certificate);
  } catch {
    return false;
  }
}

/** IssuerSerial of RFC 5035 4: GeneralNames with one directoryName, and the serial number. */
function isIssuerSerialOf(node: Node, certificate: Uint8Array): boolean {
  const { serial } = issuerAndSerial(certificate);
  const directoryName = node.at(0).children.find(({ tag }) => tag === contextTag(4));
  // The digest has bound the certificate already; issuer names differ in string types, so only the number counts.
  return directoryName !== undefined && Buffer.compare(node.at(1).bytes, serial) === 0;
}
