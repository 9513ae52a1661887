import { Asn1Error } from '../asn1/errors.ts';
import { CmsError } from '../cms/errors.ts';
import { Oid } from '../cms/oids.ts';
import { parseSignedData } from '../cms/parse-signed-data.ts';
import { contentOf } from '../cms/verify-signer-info.ts';
import type { Certificate } from '../pki/certificate.ts';
import { CertificatePool } from '../pki/certificate-pool.ts';
import { ExtendedKeyUsage } from '../pki/oids.ts';
import { algorithmUses } from './algorithm-policy.ts';
import {
  type CertificateSources,
  type CertificateStatus,
  certificateStatus,
  isOnlyUnknown,
  isTrusted,
} from './certificate-status.ts';
import { type Integrity, type SignatureFacts, verifyTimeStampToken } from './signature-facts.ts';

/** A time stamp over a signature, inside its CMS or over the whole document later. */
export interface TimeStamp {
  readonly kind: 'signature' | 'document';
  readonly integrity: Integrity;
  readonly time?: Date;
  /** The authority's certificate, and all that came with it. */
  readonly certificate?: Certificate;
  readonly certificates: readonly Certificate[];
  /** The authority's certificate leads to an anchor, may stamp and is not revoked: the time is proven. */
  readonly trusted: boolean;
  /** Trusted on data from the time of stamping: newer revocation data was not at hand. */
  readonly statusIsOld?: true;
  /** Not trusted, because its algorithms prove nothing any more: somebody else could have made it, or moved it here. */
  readonly isWeak?: true;
}

/** The moment a file is judged for, and the earliest at which a later time stamp proves that this one was there. */
export interface Moments {
  readonly at: Date;
  readonly proven?: Date | undefined;
}

/** Tokens looked at in one signature. */
const MAX_TOKENS = 16;

/** Signature time stamps (EN 319 122-1 5.3, RFC 3161): over the signature value. */
export function signatureTimeStamps(
  facts: SignatureFacts,
  sources: CertificateSources,
  moments: Moments,
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
        return timeStamp('signature', outcome, sources, moments);
      } catch (error) {
        if (!(error instanceof CmsError || error instanceof Asn1Error)) throw error;
        return { kind: 'signature', integrity: 'unknown', trusted: false, certificates: [] };
      }
    });
}

/** A document time stamp (ISO 32000-2 12.8.5) as proof for the signatures it covers. */
export const documentTimeStamp = (
  facts: SignatureFacts,
  sources: CertificateSources,
  moments: Moments,
): TimeStamp => timeStamp('document', facts, sources, moments);

function timeStamp(
  kind: TimeStamp['kind'],
  outcome: Omit<SignatureFacts, 'entry' | 'coverage' | 'coveredRevision'>,
  sources: CertificateSources,
  moments: Moments,
): TimeStamp {
  const { integrity, stampedTime, certificate, certificates } = outcome;
  const common = { kind, integrity, certificates, ...(certificate && { certificate }) };
  if (integrity !== 'intact' || !stampedTime || !certificate) {
    return { ...common, trusted: false, ...(stampedTime && { time: stampedTime }) };
  }
  const pool = new CertificatePool(certificates, sources.pool);
  const inTime = certificate.notBefore <= stampedTime && stampedTime <= moments.at;
  const trust =
    mayStamp(certificate) && inTime
      ? authorityTrust(certificate, stampedTime, { ...sources, pool }, moments)
      : undefined;
  if (!trust) return { ...common, trusted: false, time: stampedTime };
  const uses = algorithmUses(outcome, trust.path, moments.proven ?? moments.at);
  if (uses.some(({ allowed }) => !allowed)) {
    return { ...common, trusted: false, isWeak: true, time: stampedTime };
  }
  return { ...common, trusted: true, ...(trust.statusIsOld && { statusIsOld: true }), time: stampedTime };
}

/** RFC 3161 2.3: the only extended key usage, and critical in new certificates. */
function mayStamp({ extendedKeyUsage, keyUsage }: Certificate): boolean {
  const maySign = !keyUsage || keyUsage.has('digitalSignature') || keyUsage.has('nonRepudiation');
  return maySign && extendedKeyUsage?.includes(ExtendedKeyUsage.timeStamping) === true;
}

/**
 * An authority is believed when its certificate is good now (EN 319 102-1 5.4), or was at the moment at which another time
 * stamp proves that this one was there (5.6.2.4). Long after the signing there may be no revocation data of today: then
 * data that was current when it stamped, or is newer, does, as for a signature at its best time (5.2.5.4).
 */
function authorityTrust(
  certificate: Certificate,
  stampedTime: Date,
  sources: CertificateSources,
  { at, proven }: Moments,
): { readonly path: readonly Certificate[]; readonly statusIsOld: boolean } | undefined {
  const believed = (status: CertificateStatus, statusIsOld = false) =>
    isTrusted(status) ? { path: status.path?.certificates ?? [], statusIsOld } : undefined;
  const present = certificateStatus(certificate, sources, at);
  return (
    believed(present) ??
    (proven && believed(certificateStatus(certificate, sources, proven, at))) ??
    (isOnlyUnknown(present)
      ? believed(certificateStatus(certificate, sources, stampedTime, at), true)
      : undefined)
  );
}
