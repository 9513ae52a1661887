import { Asn1Error } from '../asn1/errors.ts';
import { CmsError } from '../cms/errors.ts';
import { Oid } from '../cms/oids.ts';
import { parseSignedData } from '../cms/parse-signed-data.ts';
import { contentOf } from '../cms/verify-signer-info.ts';
import { CertificatePool } from '../pki/certificate-pool.ts';
import { ExtendedKeyUsage } from '../pki/oids.ts';
import { type CertificateSources, certificateStatus, isTrusted } from './certificate-status.ts';
import { type Integrity, type SignatureFacts, verifyTimeStampToken } from './signature-facts.ts';

/** A time stamp over a signature, inside its CMS or over the whole document later. */
export interface TimeStamp {
  readonly kind: 'signature' | 'document';
  readonly integrity: Integrity;
  readonly time?: Date;
  readonly authority?: string;
  /** The authority's certificate leads to an anchor, may stamp and is not revoked: the time is proven. */
  readonly trusted: boolean;
}

/** Tokens looked at in one signature. */
const MAX_TOKENS = 16;

/** Signature time stamps (EN 319 122-1 5.3, RFC 3161): over the signature value. */
export function signatureTimeStamps(
  facts: SignatureFacts,
  sources: CertificateSources,
  at: Date,
): readonly TimeStamp[] {
  const { signer } = facts;
  if (!signer) return [];
  return signer.unsignedAttributes
    .filter(({ oid }) => oid === Oid.signatureTimeStamp)
    .flatMap(({ values }) => values)
    .slice(0, MAX_TOKENS)
    .map((value) => {
      try {
        const outcome = verifyTimeStampToken(
          parseSignedData(value.bytes),
          contentOf(signer.signature),
          sources.effort,
        );
        return timeStamp('signature', outcome, sources, at);
      } catch (error) {
        if (!(error instanceof CmsError || error instanceof Asn1Error)) throw error;
        return { kind: 'signature', integrity: 'unknown', trusted: false };
      }
    });
}

/** A document time stamp (ISO 32000-2 12.8.5) as proof for the signatures it covers. */
export const documentTimeStamp = (facts: SignatureFacts, sources: CertificateSources, at: Date): TimeStamp =>
  timeStamp('document', facts, sources, at);

function timeStamp(
  kind: TimeStamp['kind'],
  outcome: Pick<SignatureFacts, 'integrity' | 'stampedTime' | 'certificate' | 'certificates'>,
  sources: CertificateSources,
  at: Date,
): TimeStamp {
  const { integrity, stampedTime, certificate, certificates } = outcome;
  // RFC 3161 2.3: the only extended key usage, and critical in new certificates.
  const mayStamp = certificate?.extendedKeyUsage?.includes(ExtendedKeyUsage.timeStamping) === true;
  const pool = new CertificatePool(certificates, sources.pool);
  const trusted =
    integrity === 'intact' &&
    stampedTime !== undefined &&
    stampedTime <= at &&
    mayStamp &&
    isTrusted(certificateStatus(certificate, { ...sources, pool }, at));
  return {
    kind,
    integrity,
    trusted,
    ...(stampedTime && { time: stampedTime }),
    ...(certificate && { authority: certificate.subject.toString() }),
  };
}
