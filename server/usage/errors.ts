import { CodedError, type ErrorText } from '../errors/coded-error.ts';

export const usageErrors = {
  'usage.forbidden': {
    status: 403,
    vi: 'Bạn không có quyền xem báo cáo sử dụng chứng thư số của cơ quan này.',
    en: 'You may not read the usage report of this agency.',
  },
  'usage.not_found': {
    status: 404,
    vi: 'Không có chứng thư số này trong sổ đăng ký.',
    en: 'The register has no such certificate.',
  },
  'usage.bad_period': {
    status: 422,
    vi: 'Kỳ báo cáo không hợp lệ: ngày đầu phải trước ngày cuối và ngày cuối không ở tương lai.',
    en: 'The period is not valid: it must begin before it ends and may not end in the future.',
  },
  'usage.no_rule': {
    status: 422,
    vi: 'Chưa có quy tắc "sử dụng thường xuyên" nào có hiệu lực vào ngày này.',
    en: 'No rule of regular use was in force on this day.',
  },
} as const satisfies Record<string, ErrorText>;

export type UsageErrorCode = keyof typeof usageErrors;
export class UsageError extends CodedError<UsageErrorCode> {}
