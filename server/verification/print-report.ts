import type { SignatureReport, VerificationReport } from './report.ts';

type Language = 'vi' | 'en';

const LABELS = {
  vi: {
    field: 'Trường chữ ký',
    issuer: 'Tổ chức cấp chứng thư',
    signer: 'Chủ thể ký',
    unit: 'Đơn vị quản lý',
    time: 'Thời gian ký',
    claimed: '(do máy người ký ghi)',
    proven: '(có dấu thời gian)',
    integrity: 'Tính toàn vẹn',
    validity: 'Hiệu lực tại thời điểm ký',
    period: 'Thời hạn chứng thư',
    none: 'không có',
    reasons: 'Lý do',
    notes: 'Lưu ý',
    next: 'Việc cần làm',
  },
  en: {
    field: 'Signature field',
    issuer: 'Certificate issuer',
    signer: 'Signer',
    unit: 'Managing unit',
    time: 'Signing time',
    claimed: '(stated by the signer’s machine)',
    proven: '(time-stamped)',
    integrity: 'Integrity',
    validity: 'Validity at signing',
    period: 'Certificate period',
    none: 'none',
    reasons: 'Reasons',
    notes: 'Notes',
    next: 'What to do',
  },
} as const;

/** A report as text for a person: the verdict first, then the seven fields of each signature and why. */
export function printReport(file: string, report: VerificationReport, language: Language): string {
  const labels = LABELS[language];
  const signatures = report.signatures.flatMap((signature) => ['', ...signatureLines(signature, language)]);
  const next = report.verdict === 'valid' ? [] : [`${labels.next}: ${report.next[language]}`];
  return [printable(file), report.summary[language], ...next, ...signatures, ''].join('\n');
}

function signatureLines(signature: SignatureReport, language: Language): string[] {
  const labels = LABELS[language];
  const { fields } = signature;
  const { claimed, proven } = fields.signingTime;
  const time = proven
    ? `${localTime(proven)} ${labels.proven}`
    : claimed
      ? `${localTime(claimed)} ${labels.claimed}`
      : labels.none;
  const period = fields.certificatePeriod;
  const rows: readonly (readonly [string, string])[] = [
    [labels.field, signature.field],
    [labels.issuer, fields.issuer ?? labels.none],
    [labels.signer, fields.signer ?? labels.none],
    [labels.unit, fields.managingUnit ?? labels.none],
    [labels.time, time],
    [labels.integrity, fields.integrity[language]],
    [labels.validity, fields.validityAtSigning[language]],
    [labels.period, period ? `${localDay(period.from)} – ${localDay(period.to)}` : labels.none],
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  const list = (label: string, items: readonly { readonly vi: string; readonly en: string }[]): string[] =>
    items.length > 0 ? [`  ${label}:`, ...items.map((item) => `    - ${item[language]}`)] : [];
  return [
    ...rows.map(([label, value]) => `  ${label.padEnd(width)}  ${printable(value)}`),
    ...list(labels.reasons, signature.reasons),
    ...list(labels.notes, signature.notes),
  ];
}

/** Names in a file are hostile: no control characters reach the terminal. */
const printable = (text: string): string => text.replace(/\p{C}/gu, '�');

const FORMAT = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Asia/Ho_Chi_Minh',
  day: '2-digit',
  month: '2-digit',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** As dates are written in Việt Nam, in its time: `27/09/2026 08:05:00`. */
const localTime = (iso: string): string => FORMAT.format(new Date(iso)).replace(',', '');
const localDay = (iso: string): string => FORMAT.format(new Date(iso)).slice(0, 10);
