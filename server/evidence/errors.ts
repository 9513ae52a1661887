import { CodedError, type ErrorText } from '../errors/coded-error.ts';

export const evidenceErrors = {
  'evidence.no_time_stamp': {
    status: 502,
    vi: 'Không lấy được dấu thời gian hợp lệ từ máy chủ cấp dấu thời gian nào.',
    en: 'No time-stamp authority gave a valid time stamp.',
  },
  'evidence.no_authority': {
    status: 409,
    vi: 'Chưa thiết lập máy chủ cấp dấu thời gian; hãy đặt ANSO_TSA_URLS.',
    en: 'No time-stamp authority is set up; set ANSO_TSA_URLS.',
  },
  'evidence.bad_imprint': {
    status: 422,
    vi: 'Giá trị băm cần đóng dấu thời gian không đúng độ dài của thuật toán.',
    en: 'The digest to be time-stamped is not as long as its algorithm makes it.',
  },
  'evidence.no_revocation_data': {
    status: 502,
    vi: 'Không lấy được thông tin thu hồi còn hiệu lực của chứng thư số.',
    en: 'No current revocation data can be had for the certificate.',
  },
} as const satisfies Record<string, ErrorText>;

export type EvidenceErrorCode = keyof typeof evidenceErrors;
export class EvidenceError extends CodedError<EvidenceErrorCode> {}
