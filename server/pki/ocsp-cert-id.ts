import { type Node, readBitString, readDer, readOctetString, readOid } from '../asn1/read.ts';
import { Tag } from '../asn1/tag.ts';
import { type Der, nullValue, octetString, oid, sequence } from '../asn1/write.ts';
import { type HashName, hashByOid, hasher, hashOid } from './algorithm.ts';
import type { Certificate } from './certificate.ts';
import { serialText } from './serial.ts';

/** How OCSP names a certificate: its serial number and digests of its issuer's name and key (RFC 6960 4.1.1). */
export interface CertId {
  /** Undefined: a digest that is not known. */
  readonly hash?: HashName;
  readonly issuerNameHash: Uint8Array;
  readonly issuerKeyHash: Uint8Array;
  /** As {@link Certificate.serial} writes it. */
  readonly serial: string;
}

/** @throws Asn1Error */
export function readCertId(node: Node): CertId {
  const hash = hashByOid(readOid(node.expect(Tag.sequence).at(0).at(0)));
  return {
    ...(hash && { hash }),
    issuerNameHash: readOctetString(node.at(1)),
    issuerKeyHash: readOctetString(node.at(2)),
    serial: serialText(node.at(3).expect(Tag.integer).content),
  };
}

/** DER of the CertID of `certificate`, issued by `issuer`. */
export function certIdOf(certificate: Certificate, issuer: Certificate, hash: HashName): Der {
  // The serial number as the certificate encodes it, even when that is not what RFC 5280 allows.
  const serial = readDer(certificate.tbs).children.find(({ tag }) => tag === Tag.integer);
  return sequence(
    sequence(oid(hashOid(hash)), nullValue()),
    octetString(digest(hash, certificate.issuer.der)),
    octetString(keyHash(issuer, hash)),
    serial?.bytes ?? new Uint8Array(),
  );
}

/** Whether the identifier means `certificate`, issued by the holder of `issuer`'s key. */
export function identifiesCertificate(id: CertId, certificate: Certificate, issuer: Certificate): boolean {
  const { hash } = id;
  if (!hash || id.serial !== certificate.serial || !hasher(hash)) return false;
  // The issuer's name may be encoded in two ways; the responder has hashed one of them.
  const names = [certificate.issuer.der, issuer.subject.der];
  return (
    names.some((name) => Buffer.compare(id.issuerNameHash, digest(hash, name)) === 0) &&
    Buffer.compare(id.issuerKeyHash, keyHash(issuer, hash)) === 0
  );
}

/** Digest of the public key's bits, without tag, length and unused bits (RFC 6960 4.1.1). */
export const keyHash = ({ spki }: Certificate, hash: HashName): Uint8Array =>
  digest(hash, readBitString(readDer(spki).at(1)).bytes);

function digest(hash: HashName, bytes: Uint8Array): Uint8Array {
  const digester = hasher(hash);
  if (!digester) throw new RangeError(`${hash} cannot be computed`);
  return digester.update(bytes).digest();
}
