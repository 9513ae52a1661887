import type { RevocationStatus } from '../pki/check-revocation.ts';
import { ExtendedKeyUsage } from '../pki/oids.ts';
import { type AlgorithmUse, isDiscouraged } from './algorithm-policy.ts';
import { type CertificateStatus, isOutOfPeriod, isPathBroken, isRevokedAfter } from './certificate-status.ts';
import { type FindingCode, findings, type NoteCode } from './findings.ts';
import type { Modifications } from './modifications.ts';
import type { Indication, SignatureVerdict, SubIndication, Trust } from './report.ts';
import type { SignatureFacts } from './signature-facts.ts';
import type { TimeStamp } from './time-stamps.ts';

/** Everything gathered about one signature, before any verdict. */
export interface Gathered {
  readonly facts: SignatureFacts;
  readonly modifications: Modifications;
  /** Status at the moment of the check; absent when there is no signing certificate. */
  readonly present?: CertificateStatus;
  /** Status at the proven time, when the present one does not do. */
  readonly past?: CertificateStatus;
  readonly stamps: readonly TimeStamp[];
  /** Earliest time that a trusted time stamp proves. */
  readonly provenTime?: Date;
  readonly claimedTime?: Date;
  readonly algorithms: readonly AlgorithmUse[];
  readonly at: Date;
}

export interface Judgement {
  readonly verdict: SignatureVerdict;
  readonly indication: Indication;
  readonly subIndication: SubIndication | null;
  readonly trust: Trust;
  /** The deciding one first. */
  readonly findings: readonly FindingCode[];
  readonly notes: readonly NoteCode[];
}

/** Facts first, verdict last: failures decide, then missing grounds; only a signature without either is valid. */
export function judgeSignature(gathered: Gathered): Judgement {
  const found = [
    ...formatFindings(gathered),
    ...signingTimeFindings(gathered),
    ...trustFindings(gathered),
    ...algorithmFindings(gathered),
  ];
  const ordered = [...ofIndication(found, 'TOTAL_FAILED'), ...ofIndication(found, 'INDETERMINATE')];
  const [deciding] = ordered;
  const indication = deciding ? findings[deciding].indication : 'TOTAL_PASSED';
  return {
    indication,
    subIndication: deciding ? findings[deciding].sub : null,
    verdict: VERDICTS[indication],
    trust: trustOf(gathered),
    findings: ordered,
    notes: notesOf(gathered),
  };
}

const VERDICTS: Readonly<Record<Indication, SignatureVerdict>> = {
  TOTAL_PASSED: 'valid',
  TOTAL_FAILED: 'invalid',
  INDETERMINATE: 'indeterminate',
};

const ofIndication = (codes: readonly FindingCode[], indication: Indication): readonly FindingCode[] =>
  codes.filter((code) => findings[code].indication === indication);

/** EN 319 102-1 5.2.2 (format) and 5.2.7 (cryptographic verification). */
function formatFindings({ facts, modifications }: Gathered): FindingCode[] {
  const found: FindingCode[] = [];
  if (facts.coverage === 'invalid' || facts.coverage === 'partial') found.push('coverage_invalid');
  switch (facts.problem) {
    case undefined:
      break;
    case 'digest_mismatch':
    case 'signature_mismatch':
    case 'no_signing_certificate':
    case 'algorithm_unsupported':
    case 'no_signed_attributes':
    case 'signature_unreadable':
      found.push(facts.problem);
      break;
    case 'signing_certificate_mismatch':
    case 'signing_certificate_unreadable':
      found.push('no_signing_certificate');
      break;
    case 'no_signer':
    case 'byte_range_unusable':
      found.push('signature_unreadable');
      break;
    default:
      found.push('signature_malformed');
  }
  if (modifications.lockedFields.length > 0) found.push('locked_field_changed');
  if (!modifications.permitted) found.push('modified_after_signing');
  return found;
}

/** 5.2.6 with the circular's annex II 1.1: in its period and not revoked at the time of signing. */
function signingTimeFindings({ facts, present, past, provenTime, claimedTime, at }: Gathered): FindingCode[] {
  const { certificate } = facts;
  const signingTime = provenTime ?? claimedTime;
  if (!certificate || !signingTime) return [];
  const found: FindingCode[] = [];
  if (signingTime < certificate.notBefore) found.push('certificate_not_yet_valid_at_signing');
  if (signingTime > certificate.notAfter) found.push('certificate_expired_at_signing');
  const revoked = revocationOfLeaf(past) ?? revocationOfLeaf(present);
  if (revoked && revoked.date <= signingTime) found.push('certificate_revoked_at_signing');
  if (!provenTime && signingTime > at) found.push('signing_time_in_future');
  return found;
}

function revocationOfLeaf(status: CertificateStatus | undefined): { readonly date: Date } | undefined {
  const last = status?.revocation.at(-1);
  return last?.status === 'revoked' ? last : undefined;
}

/** 5.2.6: path, revocation, period; at the proven time where the present does not do (5.6.2). */
function trustFindings({ facts, present, past, provenTime }: Gathered): FindingCode[] {
  if (!facts.certificate || !present) return [];
  if (!present.path) return ['no_chain'];
  const status = past ?? present;
  const found: FindingCode[] = [];
  if (isPathBroken(status)) found.push('chain_invalid');
  if (!maySign(facts)) found.push('key_usage');
  const leaf = status.revocation.at(-1);
  const isRevoked = (one: RevocationStatus | undefined): boolean =>
    one?.status === 'revoked' && !isRevokedAfter(one, provenTime);
  if (isRevoked(leaf)) found.push('revoked_no_proof');
  if (status.revocation.slice(0, -1).some(isRevoked)) found.push('issuer_revoked');
  if (isOutOfPeriod(status)) found.push('expired_no_proof');
  if (status.revocation.some(({ status }) => status === 'unknown')) found.push('revocation_unknown');
  return found;
}

const algorithmFindings = ({ algorithms }: Gathered): FindingCode[] =>
  algorithms.some(({ allowed }) => !allowed) ? ['algorithm_not_allowed'] : [];

/** RFC 5280 4.2.1.3: a certificate with key usage has to allow signatures; one without may be used for anything. */
function maySign({ certificate, entry }: SignatureFacts): boolean {
  const usage = certificate?.keyUsage;
  if (entry.type === 'timestamp') {
    return certificate?.extendedKeyUsage?.includes(ExtendedKeyUsage.timeStamping) === true;
  }
  return !usage || usage.has('digitalSignature') || usage.has('nonRepudiation');
}

function trustOf({ facts, present, past, provenTime }: Gathered): Trust {
  if (!facts.certificate || !present) return 'unknown';
  if (!present.path) return 'untrusted';
  const status = past ?? present;
  if (isPathBroken(status)) return 'untrusted';
  const revoked = status.revocation.some(
    (one) => one.status === 'revoked' && !isRevokedAfter(one, provenTime),
  );
  if (revoked) return 'revoked';
  if (isOutOfPeriod(status)) return 'expired';
  return status.revocation.some(({ status }) => status === 'unknown') ? 'unknown' : 'trusted';
}

/** Purposes under which documents are signed in practice. */
const SIGNING_PURPOSES: readonly string[] = [
  ExtendedKeyUsage.any,
  ExtendedKeyUsage.emailProtection,
  ExtendedKeyUsage.documentSigning,
  ExtendedKeyUsage.microsoftDocumentSigning,
  ExtendedKeyUsage.adobeAuthenticDocuments,
  ExtendedKeyUsage.clientAuth,
  ExtendedKeyUsage.codeSigning,
];

const SEVEN_HOURS = 7 * 3_600_000;
const A_QUARTER = 15 * 60_000;

function notesOf({ facts, stamps, provenTime, claimedTime, modifications }: Gathered): NoteCode[] {
  const found: NoteCode[] = [];
  const isSignature = facts.entry.type === 'signature';
  if (isSignature && !provenTime) found.push(claimedTime ? 'time_is_claimed' : 'no_signing_time');
  if (isDiscouraged(facts)) found.push('rsa_pkcs1');
  const purposes = facts.certificate?.extendedKeyUsage;
  if (isSignature && purposes && !purposes.some((purpose) => SIGNING_PURPOSES.includes(purpose))) {
    found.push('extended_key_usage');
  }
  if (isSignature && facts.entry.subFilter !== 'ETSI.CAdES.detached') found.push('not_baseline');
  else if (facts.signerFacts?.signingTime) found.push('signing_time_attribute');
  const ahead = provenTime && claimedTime ? claimedTime.getTime() - provenTime.getTime() : 0;
  if (Math.abs(ahead - SEVEN_HOURS) < A_QUARTER) found.push('local_time_as_utc');
  if (stamps.some(({ integrity }) => integrity !== 'intact')) found.push('time_stamp_broken');
  if (stamps.some(({ integrity, trusted, isWeak }) => integrity === 'intact' && !trusted && !isWeak)) {
    found.push('time_stamp_untrusted');
  }
  if (stamps.some(({ isWeak }) => isWeak)) found.push('time_stamp_weak');
  if (stamps.some(({ statusIsOld }) => statusIsOld)) found.push('time_stamp_status_old');
  if (modifications.changes.length > 0 && modifications.permitted) found.push('later_signatures');
  return found;
}
