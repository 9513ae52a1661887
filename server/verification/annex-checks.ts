import type { CertificateStatus } from './certificate-status.ts';
import type { Gathered, Judgement } from './judge-signature.ts';
import type { AnnexCheck } from './report.ts';

type Result = AnnexCheck['result'];

/** The checks of TT 15/2025/TT-BKHCN, annex II, one by one; 1.6 (statements of practice) is not machine-readable. */
export function annexChecks(gathered: Gathered, { findings, notes }: Judgement): readonly AnnexCheck[] {
  const { facts, present, past } = gathered;
  const has = (...codes: readonly string[]): boolean => findings.some((code) => codes.includes(code));
  const known = facts.certificate !== undefined;
  const grade = (failed: boolean, unknown: boolean): Result =>
    failed ? 'fail' : unknown ? 'unknown' : 'pass';
  const period = grade(
    has(
      'certificate_not_yet_valid_at_signing',
      'certificate_expired_at_signing',
      'certificate_revoked_at_signing',
    ),
    !known || has('expired_no_proof', 'revoked_no_proof', 'signing_time_in_future'),
  );
  const integrity = grade(facts.integrity === 'broken', facts.integrity === 'unknown');
  const whole = grade(
    integrity === 'fail' || has('coverage_invalid', 'modified_after_signing'),
    integrity === 'unknown',
  );
  const offPurpose = has('key_usage') || notes.includes('extended_key_usage');
  return [
    check(
      '1.1',
      true,
      period,
      'Chứng thư còn hiệu lực tại thời điểm ký',
      'Certificate valid at the time of signing',
    ),
    check(
      '1.2',
      true,
      statusGrade(past ?? present),
      'Tình trạng chứng thư (CRL, OCSP)',
      'Status of the certificate (CRL, OCSP)',
    ),
    check(
      '1.3',
      true,
      grade(has('algorithm_not_allowed'), !known),
      'Thuật toán theo quy chuẩn hiện hành',
      'Algorithms allowed by current standards',
    ),
    check('1.4', true, grade(has('key_usage'), !known), 'Đúng phạm vi sử dụng', 'Used within its scope'),
    check('1.5', false, grade(offPurpose, !known), 'Key Usage, EKU phù hợp', 'Key usage and EKU match'),
    check(
      '2.1',
      true,
      grade(has('chain_invalid'), !known || has('no_chain')),
      'Xác thực được chủ thể ký',
      'The signer is authenticated',
    ),
    check(
      '2.2',
      true,
      grade(has('signature_mismatch'), facts.integrity === 'unknown'),
      'Chữ ký được tạo bởi khóa bí mật tương ứng',
      'Made with the matching private key',
    ),
    check('2.3', true, period, 'Chứng thư hợp lệ tại thời điểm ký', 'Certificate valid at signing'),
    check('2.4', true, whole, 'Nội dung toàn vẹn', 'The content is intact'),
  ];
}

const check = (id: string, mandatory: boolean, result: Result, vi: string, en: string): AnnexCheck => ({
  id,
  mandatory,
  result,
  vi,
  en,
});

function statusGrade(status: CertificateStatus | undefined): Result {
  if (!status?.path) return 'unknown';
  if (status.revocation.some(({ status }) => status === 'revoked')) return 'fail';
  return status.revocation.every(({ status }) => status === 'good') ? 'pass' : 'unknown';
}
