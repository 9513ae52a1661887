import { readDer } from '../asn1/read.ts';
import { contextTag, Tag } from '../asn1/tag.ts';

/** How CMS names a certificate (RFC 5652 10.2.4): both parts exactly as the certificate encodes them. */
export interface IssuerAndSerial {
  /** DER of the issuer Name. */
  readonly issuer: Uint8Array;
  /** DER of the serial number INTEGER. */
  readonly serial: Uint8Array;
}

/** @throws Asn1Error when `certificate` is no DER certificate. */
export function issuerAndSerial(certificate: Uint8Array): IssuerAndSerial {
  const tbs = readDer(certificate).at(0);
  const first = tbs.at(0).tag === contextTag(0) ? 1 : 0;
  return {
    serial: tbs.at(first).expect(Tag.integer).bytes,
    issuer: tbs.at(first + 2).expect(Tag.sequence).bytes,
  };
}
