import { contextTag } from '../asn1/tag.ts';
import { type Der, octetString, oid, sequence, tlv } from '../asn1/write.ts';
import type { HashName } from './algorithm.ts';
import type { Certificate } from './certificate.ts';
import { certIdOf } from './ocsp-cert-id.ts';
import { ExtensionType } from './oids.ts';

/** Media type of {@link ocspRequest} over HTTP (RFC 6960 appendix A.1). */
export const ocspRequestType = 'application/ocsp-request';

export interface OcspRequestOptions {
  /**
   * Digest of the issuer's name and key. Default SHA-1, the one that every responder knows (RFC 5019 2.1.1); nothing rests
   * on it but whom the question means.
   */
  readonly hash?: HashName;
  /** 1 to 32 octets (RFC 8954 2.1). */
  readonly nonce?: Uint8Array;
}

/** DER of an OCSPRequest (RFC 6960 4.1.1) for one certificate, not signed. */
export function ocspRequest(
  certificate: Certificate,
  issuer: Certificate,
  { hash = 'SHA-1', nonce }: OcspRequestOptions = {},
): Der {
  const requests = sequence(sequence(certIdOf(certificate, issuer, hash)));
  return sequence(
    sequence(requests, ...(nonce ? [tlv(contextTag(2), sequence(nonceExtension(nonce)))] : [])),
  );
}

const nonceExtension = (nonce: Uint8Array): Der =>
  sequence(oid(ExtensionType.ocspNonce), octetString(octetString(nonce)));
