import { CodedError, type ErrorText } from '../errors/coded-error.ts';

export const verificationErrors = {
  'verification.no_signature': {
    status: 422,
    vi: 'Tệp PDF không có chữ ký số nào.',
    en: 'The PDF file carries no digital signature.',
  },
  'verification.too_complex': {
    status: 422,
    vi: 'Tệp có cấu trúc quá phức tạp để kiểm tra an toàn.',
    en: 'The structure of the file is too complex to be verified safely.',
  },
  'verification.failed': {
    status: 422,
    vi: 'Không kiểm tra được tệp này.',
    en: 'This file could not be verified.',
  },
  'verification.trust_unreadable': {
    status: 422,
    vi: 'Tệp chứng thư tin cậy hoặc CRL không đọc được.',
    en: 'A trust anchor or CRL file cannot be read.',
  },
  'verification.file_unreadable': {
    status: 422,
    vi: 'Không mở được tệp.',
    en: 'The file cannot be opened.',
  },
  'verification.file_missing': {
    status: 422,
    vi: 'Chưa gửi tệp nào trong phần "file".',
    en: 'No file was sent in the part "file".',
  },
  'verification.timed_out': {
    status: 422,
    vi: 'Kiểm tra tệp này mất quá nhiều thời gian nên đã dừng lại.',
    en: 'Verifying this file took too long and was stopped.',
  },
  'verification.busy': {
    status: 503,
    vi: 'Đang có quá nhiều tệp chờ kiểm tra; vui lòng thử lại sau ít phút.',
    en: 'Too many files are waiting to be verified; please try again in a few minutes.',
  },
} as const satisfies Record<string, ErrorText>;

export type VerificationErrorCode = keyof typeof verificationErrors;
export class VerificationError extends CodedError<VerificationErrorCode> {}
