import type { Certificate } from './certificate.ts';
import type { RevocationReason } from './crl.ts';
import { Effort } from './effort.ts';
import { isFresh, type Moment } from './freshness.ts';
import { identifiesCertificate, keyHash } from './ocsp-cert-id.ts';
import type { BasicOcspResponse, OcspResponse, SingleResponse } from './ocsp-response.ts';
import { ExtendedKeyUsage, ExtensionType } from './oids.ts';
import { keyOf } from './readable.ts';

/** Why a response tells nothing about a certificate. */
export type OcspUnknownWhy =
  | 'ocsp_not_successful'
  | 'ocsp_other_certificate'
  | 'ocsp_not_fresh'
  | 'ocsp_nonce_mismatch'
  | 'ocsp_unknown_critical_extension'
  | 'ocsp_responder_not_authorized'
  | 'ocsp_certificate_unknown';

/** A response that was checked, with the part of it that counts. */
export interface OcspProof {
  readonly response: OcspResponse;
  readonly single: SingleResponse;
  /** The issuer itself, or whom it authorized. */
  readonly responder: Certificate;
  /**
   * The responder is not the issuer and does not carry `id-pkix-ocsp-nocheck` (RFC 6960 4.2.2.2.1): whether it was revoked
   * itself is a question of its own.
   */
  readonly responderNeedsCheck: boolean;
  /** The response repeats the nonce sent; many responders answer with what they made in advance. */
  readonly repeatsNonce: boolean;
}

export type OcspStatus =
  | { readonly status: 'good'; readonly ocsp: OcspProof }
  | {
      readonly status: 'revoked';
      readonly date: Date;
      readonly reason: RevocationReason;
      readonly ocsp: OcspProof;
    }
  | { readonly status: 'unknown'; readonly why: OcspUnknownWhy };

export interface OcspOptions extends Moment {
  /** The nonce that was sent; another one in the answer makes it worthless, none does not. */
  readonly nonce?: Uint8Array;
  /** Where a delegated responder's certificate may be found besides the response. */
  readonly certificates?: Iterable<Certificate>;
  readonly effort?: Effort;
}

/** Answers with one serial number that are looked at in one response. */
const MAX_SINGLES = 4;

/**
 * What a response says of `certificate`, by the rules of RFC 6960 3.2 and 4.2.2.2: for this certificate, fresh, and signed
 * by `issuer` or by a responder whose certificate `issuer` itself issued for that purpose.
 * @throws PkiError `pki.too_complex`
 */
export function checkOcsp(
  response: OcspResponse,
  certificate: Certificate,
  issuer: Certificate,
  options: OcspOptions,
): OcspStatus {
  const { basic } = response;
  if (!basic) return unknown('ocsp_not_successful');
  const singles = basic.responses
    .filter(({ certId }) => certId.serial === certificate.serial)
    .slice(0, MAX_SINGLES);
  const single = singles
    .filter(({ certId }) => identifiesCertificate(certId, certificate, issuer))
    .toSorted((a, b) => b.thisUpdate.getTime() - a.thisUpdate.getTime())[0];
  if (!single) return unknown('ocsp_other_certificate');
  if (basic.hasUnknownCriticalExtension || single.hasUnknownCriticalExtension) {
    return unknown('ocsp_unknown_critical_extension');
  }
  const { nonce } = options;
  const repeatsNonce = nonce !== undefined && basic.nonce !== undefined;
  if (repeatsNonce && Buffer.compare(nonce, basic.nonce) !== 0) return unknown('ocsp_nonce_mismatch');
  if (!isFresh(single, options, certificate.notAfter)) return unknown('ocsp_not_fresh');
  const responder = findResponder(basic, issuer, options);
  if (!responder) return unknown('ocsp_responder_not_authorized');
  const isIssuer = responder === issuer;
  const responderNeedsCheck = !isIssuer && !responder.extensions.has(ExtensionType.ocspNoCheck);
  const ocsp = { response, single, responder, responderNeedsCheck, repeatsNonce };
  if (single.revoked) return { status: 'revoked', ...single.revoked, ocsp };
  return single.status === 'good' ? { status: 'good', ocsp } : unknown('ocsp_certificate_unknown');
}

const unknown = (why: OcspUnknownWhy): OcspStatus => ({ status: 'unknown', why });

/** RFC 6960 4.2.2.2: the issuer, or one that it authorized directly; whose key made the signature. */
function findResponder(
  basic: BasicOcspResponse,
  issuer: Certificate,
  { certificates = [], effort = new Effort() }: OcspOptions,
): Certificate | undefined {
  const issuerKey = keyOf(issuer);
  if (isNamed(basic, issuer) && issuerKey && effort.verify(basic, issuerKey)) return issuer;
  for (const candidate of [...basic.certificates, ...certificates]) {
    if (!isNamed(basic, candidate) || !mayAnswer(candidate, issuer, basic.producedAt)) continue;
    const key = keyOf(candidate);
    if (!key || !issuerKey || !effort.verify(candidate, issuerKey)) continue;
    if (effort.verify(basic, key)) return candidate;
  }
  return undefined;
}

function isNamed({ responder }: BasicOcspResponse, candidate: Certificate): boolean {
  if ('name' in responder) return candidate.subject.equals(responder.name);
  return Buffer.compare(keyHash(candidate, 'SHA-1'), responder.keyHash) === 0;
}

function mayAnswer(candidate: Certificate, issuer: Certificate, producedAt: Date): boolean {
  const { extendedKeyUsage, keyUsage, notBefore, notAfter } = candidate;
  return (
    candidate.issuer.equals(issuer.subject) &&
    extendedKeyUsage?.includes(ExtendedKeyUsage.ocspSigning) === true &&
    (!keyUsage || keyUsage.has('digitalSignature') || keyUsage.has('nonRepudiation')) &&
    notBefore <= producedAt &&
    producedAt <= notAfter
  );
}
