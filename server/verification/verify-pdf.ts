import type { ByteSource } from '../pdf/byte-source.ts';
import type { PdfDocument } from '../pdf/document.ts';
import { PdfError, pdfErrors } from '../pdf/errors.ts';
import type { PdfLimits } from '../pdf/limits.ts';
import { openPdf } from '../pdf/open-pdf.ts';
import { listSignatures, type SignatureEntry } from '../pdf/signatures/list-signatures.ts';
import { PkiError } from '../pki/errors.ts';
import { algorithmUses } from './algorithm-policy.ts';
import {
  type CertificateSources,
  certificateStatus,
  isOnlyUnknown,
  isTrusted,
} from './certificate-status.ts';
import { RevisionComparer } from './differences/compare-revisions.ts';
import { verificationErrors } from './errors.ts';
import { examineSignatures } from './examine-signatures.ts';
import { fileReport, signatureReport, unreadableReport } from './file-report.ts';
import type { Gathered } from './judge-signature.ts';
import { modificationsAfter, Permissions } from './modifications.ts';
import type { Proof } from './proofs-of-existence.ts';
import type { VerificationReport } from './report.ts';
import type { SignatureFacts } from './signature-facts.ts';
import type { TrustStore } from './trust-store.ts';

export interface VerifyOptions {
  readonly trust: TrustStore;
  /** The moment the file is judged for; revocation lists have to be current then. */
  readonly at: Date;
  readonly limits?: Partial<PdfLimits>;
  /** User or owner password of an encrypted file; without one the empty password is tried. */
  readonly password?: string;
}

/** Signatures one file may hold. */
const MAX_SIGNATURES = 1000;

/** What a verdict rests on, to be kept with it (TT 15/2025/TT-BKHCN, articles 5 and 6): DER, each once. */
export interface UsedEvidence {
  readonly certificates: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
  readonly ocsps: readonly Uint8Array[];
}

/**
 * Verifies every signature of a PDF (EN 319 102-1 5.3 with what time stamps prove): facts first, verdict last.
 * Whatever the bytes are, the answer is a report: `unreadable` with a code, never an exception.
 */
export const verifyPdf = (source: ByteSource, options: VerifyOptions): VerificationReport =>
  verifyWithEvidence(source, options).report;

/** The same, with the certificates, CRLs and OCSP responses the verdict rests on. */
export function verifyWithEvidence(
  source: ByteSource,
  options: VerifyOptions,
): { readonly report: VerificationReport; readonly evidence: UsedEvidence } {
  const nothing: UsedEvidence = { certificates: [], crls: [], ocsps: [] };
  try {
    const { limits, password } = options;
    const document = openPdf(source, {
      ...(limits && { limits }),
      ...(password !== undefined && { password }),
    });
    const entries = listSignatures(document);
    if (entries.length > MAX_SIGNATURES) {
      return { report: reportOf(new RangeError('too many signatures'), options.at), evidence: nothing };
    }
    return verifySignatures(document, entries, options);
  } catch (error) {
    return { report: reportOf(error, options.at), evidence: nothing };
  }
}

function reportOf(error: unknown, at: Date): VerificationReport {
  if (error instanceof PkiError && error.code === 'pki.too_complex') {
    return unreadableReport('verification.too_complex', verificationErrors['verification.too_complex'], at);
  }
  if (error instanceof PdfError) return unreadableReport(error.code, pdfErrors[error.code], at);
  // A stack or a buffer that grew too large: the file is too complex, whatever code met it first.
  const code = error instanceof RangeError ? 'verification.too_complex' : 'verification.failed';
  return unreadableReport(code, verificationErrors[code], at);
}

function verifySignatures(
  document: PdfDocument,
  entries: readonly SignatureEntry[],
  { trust, at }: VerifyOptions,
): { readonly report: VerificationReport; readonly evidence: UsedEvidence } {
  const comparer = new RevisionComparer(document);
  const { signatures, sources } = examineSignatures(document, entries, { trust, at });
  const permissions = new Permissions(entries, document.revisions.length);
  const judged = signatures.map(({ facts, proof, level }) => {
    const steps = comparer.after(facts.coveredRevision, facts.coverage === 'whole-file');
    const modifications = modificationsAfter(facts.entry, permissions, steps);
    const gathered: Gathered = {
      facts,
      modifications,
      stamps: proof.stamps,
      at,
      ...judgedTimes(facts, proof, sources, at),
    };
    return { gathered, report: signatureReport(gathered, level.level) };
  });
  return {
    report: fileReport(
      judged.map(({ report }) => report),
      at,
    ),
    evidence: usedEvidence(judged.map(({ gathered }) => gathered)),
  };
}

function usedEvidence(all: readonly Gathered[]): UsedEvidence {
  const certificates = new Map<string, Uint8Array>();
  const crls = new Map<string, Uint8Array>();
  const ocsps = new Map<string, Uint8Array>();
  for (const { facts, present, past } of all) {
    const status = past ?? present;
    const anchor = status?.path?.anchor.certificate;
    const path = [...(anchor ? [anchor] : []), ...(status?.path?.certificates ?? [])];
    for (const { fingerprint, der } of facts.certificate ? [...path, facts.certificate] : path) {
      certificates.set(fingerprint, der);
    }
    for (const answer of status?.revocation ?? []) {
      if (answer.status === 'unknown') continue;
      if (answer.crl) crls.set(answer.crl.fingerprint, answer.crl.der);
      else ocsps.set(answer.ocsp.response.fingerprint, answer.ocsp.response.der);
    }
  }
  return { certificates: [...certificates.values()], crls: [...crls.values()], ocsps: [...ocsps.values()] };
}

type JudgedTimes = Pick<Gathered, 'present' | 'past' | 'provenTime' | 'claimedTime' | 'algorithms'>;

function judgedTimes(
  facts: SignatureFacts,
  { provenTime }: Proof,
  sources: CertificateSources,
  at: Date,
): JudgedTimes {
  const { certificate, entry, signerFacts, stampedTime } = facts;
  const claimedTime = stampedTime ?? entry.claimedTime ?? signerFacts?.signingTime;
  const times = { ...(provenTime && { provenTime }), ...(claimedTime && { claimedTime }) };
  if (!certificate) return { ...times, algorithms: [] };
  const present = certificateStatus(certificate, sources, at);
  const reference = provenTime ?? (isOnlyUnknown(present) ? stampedTime : undefined);
  const needsPast = reference !== undefined && !isTrusted(present);
  const past = needsPast ? certificateStatus(certificate, sources, reference, at) : undefined;
  const path = (past ?? present).path?.certificates ?? [certificate];
  return {
    ...times,
    present,
    ...(past && { past }),
    algorithms: algorithmUses(facts, path, provenTime ?? at),
  };
}
