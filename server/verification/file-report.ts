import type { ErrorText } from '../errors/coded-error.ts';
import type { Certificate } from '../pki/certificate.ts';
import type { RevocationStatus } from '../pki/check-revocation.ts';
import { annexChecks } from './annex-checks.ts';
import { changeTexts } from './differences/change-texts.ts';
import type { Change } from './differences/comparison.ts';
import { verificationErrors } from './errors.ts';
import { findings, notes } from './findings.ts';
import { type Gathered, judgeSignature } from './judge-signature.ts';
import type {
  CertificateReport,
  DocumentIntegrity,
  FileVerdict,
  Reason,
  SignatureReport,
  VerificationReport,
  Words,
} from './report.ts';
import { printedName, sevenFields, shortName } from './seven-fields.ts';
import { trustFamily } from './trust-store.ts';

/** One signature as it leaves the verification: plain values only. */
export function signatureReport(gathered: Gathered, level: string | null): SignatureReport {
  const judgement = judgeSignature(gathered);
  const { facts, modifications, stamps, provenTime, claimedTime, algorithms } = gathered;
  const { entry, certificate } = facts;
  const time = provenTime ?? claimedTime;
  const family = trustFamily((gathered.past ?? gathered.present)?.path?.anchor.family);
  return {
    field: entry.fieldName ?? '',
    kind: entry.type,
    integrity: facts.integrity,
    coverage: facts.coverage,
    modifications: modifications.level,
    permitted: modifications.permitted,
    trust: judgement.trust,
    indication: judgement.indication,
    subIndication: judgement.subIndication,
    level,
    signer: certificate ? shortName(certificate.subject) : null,
    issuer: certificate ? shortName(certificate.issuer) : null,
    signingTime: time?.toISOString() ?? null,
    verdict: judgement.verdict,
    signingTimeProven:
      provenTime !== undefined || (entry.type === 'timestamp' && judgement.verdict === 'valid'),
    reasons: judgement.findings.map((code) => reason(code, findings[code])),
    notes: judgement.notes.map((code) => reason(code, notes[code])),
    fields: sevenFields(gathered, judgement),
    checks: annexChecks(gathered, judgement),
    ...(entry.reason !== undefined && { reason: entry.reason }),
    ...(entry.location !== undefined && { location: entry.location }),
    ...(entry.subFilter !== undefined && { subFilter: entry.subFilter }),
    ...(family && { trustFamily: { vi: family.vi, en: family.en } }),
    algorithms,
    changes: gravest(modifications.changes).map((change) => ({ ...change, ...changeTexts[change.code] })),
    lockedFields: modifications.lockedFields.slice(0, MAX_TOLD),
    timeStamps: stamps.map(({ kind, time, trusted, integrity }) => ({
      kind,
      trusted,
      integrity,
      ...(time && { time: time.toISOString() }),
    })),
    certificates: certificateReports(gathered),
  };
}

/** Changes told of one signature: a reader needs no more, and a file may have thousands after each of a thousand. */
const MAX_TOLD = 100;

function gravest(changes: readonly Change[]): readonly Change[] {
  if (changes.length <= MAX_TOLD) return changes;
  const forbidden = changes.filter(({ level }) => level === 'forbidden');
  return [...forbidden, ...changes.filter(({ level }) => level !== 'forbidden')].slice(0, MAX_TOLD);
}

const reason = (code: string, { vi, en, next }: Words & { readonly next?: Words }): Reason => ({
  code,
  vi,
  en,
  ...(next && { next }),
});

function certificateReports({ facts, present, past }: Gathered): readonly CertificateReport[] {
  const status = past ?? present;
  if (!status?.path) return facts.certificate ? [certificateReport(facts.certificate, undefined)] : [];
  return [
    certificateReport(status.path.anchor.certificate, undefined),
    ...status.path.certificates.map((certificate, i) => certificateReport(certificate, status.revocation[i])),
  ];
}

function certificateReport(
  certificate: Certificate,
  revocation: RevocationStatus | undefined,
): CertificateReport {
  return {
    fingerprint: certificate.fingerprint,
    serial: certificate.serial,
    subject: printedName(certificate.subject),
    issuer: printedName(certificate.issuer),
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
    ...(revocation && { revocation: revocation.status }),
    ...(revocation?.status === 'revoked' && { revokedAt: revocation.date.toISOString() }),
  };
}

/** The file's verdict is that of its weakest document signature; time stamps only prove times. */
export function fileReport(signatures: readonly SignatureReport[], at: Date): VerificationReport {
  const own = signatures.filter(({ kind }) => kind === 'signature');
  const verdict = fileVerdict(own);
  return {
    verdict,
    documentIntegrity: integrityOf(own),
    code: verdict === 'unsigned' ? 'verification.no_signature' : null,
    ...SUMMARIES[verdict],
    next: own.find((s) => s.verdict === verdict)?.reasons[0]?.next ?? SUMMARIES[verdict].next,
    verifiedAt: at.toISOString(),
    signatures,
  };
}

function fileVerdict(own: readonly SignatureReport[]): FileVerdict {
  if (own.length === 0) return 'unsigned';
  if (own.some(({ verdict }) => verdict === 'invalid')) return 'invalid';
  return own.every(({ verdict }) => verdict === 'valid') ? 'valid' : 'indeterminate';
}

function integrityOf(own: readonly SignatureReport[]): DocumentIntegrity {
  const isTampered = ({ integrity, coverage, permitted }: SignatureReport): boolean =>
    integrity === 'broken' || coverage === 'partial' || coverage === 'invalid' || !permitted;
  if (own.some(isTampered)) return 'tampered';
  return own.length > 0 && own.every(({ integrity }) => integrity === 'intact') ? 'intact' : 'unknown';
}

export function unreadableReport(code: string, text: ErrorText, at: Date): VerificationReport {
  const { vi, en } = text;
  return {
    verdict: 'unreadable',
    documentIntegrity: 'unknown',
    code,
    summary: { vi: `Không đọc được tệp: ${vi}`, en: `The file cannot be read: ${en}` },
    next: SUMMARIES.unreadable.next,
    verifiedAt: at.toISOString(),
    signatures: [],
  };
}

const SUMMARIES: Readonly<Record<FileVerdict, { readonly summary: Words; readonly next: Words }>> = {
  valid: {
    summary: {
      vi: 'HỢP LỆ: mọi chữ ký đều hợp lệ và tài liệu còn nguyên vẹn.',
      en: 'VALID: every signature is valid and the document is intact.',
    },
    next: { vi: 'Có thể sử dụng tài liệu.', en: 'The document may be relied on.' },
  },
  invalid: {
    summary: {
      vi: 'KHÔNG HỢP LỆ: có chữ ký không hợp lệ hoặc tài liệu đã bị thay đổi.',
      en: 'NOT VALID: a signature is not valid, or the document was changed.',
    },
    next: {
      vi: 'Không sử dụng tệp này; đề nghị nơi gửi cung cấp lại bản gốc đã ký.',
      en: 'Do not use this file; ask the sender for the signed original.',
    },
  },
  indeterminate: {
    summary: {
      vi: 'KHÔNG ĐỦ CĂN CỨ để kết luận chữ ký là hợp lệ hay không hợp lệ.',
      en: 'NOT ENOUGH EVIDENCE to say whether the signature is valid or not.',
    },
    next: {
      vi: 'Bổ sung căn cứ còn thiếu rồi kiểm tra lại.',
      en: 'Provide what is missing and check again.',
    },
  },
  unsigned: {
    summary: {
      vi: verificationErrors['verification.no_signature'].vi,
      en: verificationErrors['verification.no_signature'].en,
    },
    next: {
      vi: 'Nếu tài liệu lẽ ra phải được ký số, đề nghị nơi gửi cung cấp bản đã ký.',
      en: 'If the document should be signed, ask the sender for the signed version.',
    },
  },
  unreadable: {
    summary: { vi: 'Không đọc được tệp.', en: 'The file cannot be read.' },
    next: {
      vi: 'Kiểm tra xem tệp có phải PDF và tải về đầy đủ không, rồi thử lại.',
      en: 'Make sure the file is a PDF and was downloaded completely, then try again.',
    },
  },
};
