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
  'verification.file_unreadable': {
    status: 422,
    vi: 'Không đọc được tệp.',
    en: 'The file cannot be read.',
  },
  'verification.trust_unreadable': {
    status: 422,
    vi: 'Tệp chứng thư tin cậy hoặc CRL không đọc được.',
    en: 'A trust anchor or CRL file cannot be read.',
  },
} as const satisfies Record<string, ErrorText>;

export type VerificationErrorCode = keyof typeof verificationErrors;
export class VerificationError extends CodedError<VerificationErrorCode> {}
