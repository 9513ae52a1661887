import type { SigningHash } from '../cms/build-signed-data.ts';
import type { Certificate } from '../pki/certificate.ts';
import type { RevocationReason } from '../pki/crl.ts';

/** What is stamped: a digest, never the data (RFC 3161 2.4.1, MessageImprint). */
export interface Imprint {
  readonly digestAlgorithm: SigningHash;
  /** As long as the algorithm makes it. */
  readonly digest: Uint8Array;
}

/** A time-stamp token that was checked: imprint, nonce, signature, purpose, time, and trust where anchors were given. */
export interface StampedTime {
  /** DER ContentInfo, as a signature time stamp or a document time stamp holds it. */
  readonly token: Uint8Array;
  /** `genTime` of the token. */
  readonly time: Date;
  /** Of the authority that answered. */
  readonly certificate: Certificate;
  /** From the authority's issuer to the anchor, the anchor included; what the token brought along where no anchor is set up. */
  readonly chain: readonly Certificate[];
}

/** Asks time-stamp authorities in their order until one gives a token that holds. */
export interface TimeStamper {
  /**
   * @throws EvidenceError `evidence.no_time_stamp`, whose details tell of each authority why it was passed over;
   *   `evidence.bad_imprint` when the digest is not one of its algorithm.
   */
  stamp(imprint: Imprint): Promise<StampedTime>;
  /** Octets a token may have: learned by a dry run over a made-up digest, once, with room to spare. @throws as `stamp`. */
  tokenSize(): Promise<number>;
}

/** What a fresh answer says of a certificate. */
export type KnownStatus =
  | { readonly status: 'good' }
  | { readonly status: 'revoked'; readonly date: Date; readonly reason: RevocationReason };

/** An OCSP response or a CRL that was checked, ready to be embedded. */
export interface RevocationEvidence {
  readonly kind: 'ocsp' | 'crl';
  /** DER of the OCSPResponse (RFC 6960 4.2.1) or of the CertificateList (RFC 5280 5.1). */
  readonly der: Uint8Array;
  readonly status: KnownStatus;
  readonly thisUpdate: Date;
  readonly nextUpdate?: Date;
  /**
   * Whoever signed it, when that is not the issuer itself: to be embedded as well. A delegated OCSP responder without
   * `id-pkix-ocsp-nocheck` wants evidence of its own (issuer: the same).
   */
  readonly certificates: readonly Certificate[];
}

export interface RevocationSource {
  /**
   * Proof of what `certificate`, issued by `issuer`, is worth at `at`: from the cache, then OCSP, then CRLs. A revoked
   * certificate is an answer, not an error.
   * @param at the moment it has to hold for; when that has passed, what was issued since does as well.
   * @param issuedAfter only what was issued at this moment or later will do (`thisUpdate`); older evidence in the cache is
   *   passed over.
   * @throws EvidenceError `evidence.no_revocation_data`, whose details tell of each source why it did not do.
   */
  evidence(
    certificate: Certificate,
    issuer: Certificate,
    at: Date,
    issuedAfter?: Date,
  ): Promise<RevocationEvidence>;
}

/** Finds issuers that a signature did not bring along. */
export interface IssuerSource {
  /** Certificates under the issuer's name whose key made the signature; empty when none can be had. Never throws for the network. */
  issuers(certificate: Certificate): Promise<readonly Certificate[]>;
}

/** Everything this installation can prove from outside. */
export interface EvidenceServices {
  readonly stamper: TimeStamper;
  readonly revocations: RevocationSource;
  readonly issuers: IssuerSource;
}
