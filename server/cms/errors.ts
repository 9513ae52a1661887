import { CodedError, type ErrorText } from '../errors/coded-error.ts';

export const cmsErrors = {
  'cms.malformed': {
    status: 422,
    vi: 'Chữ ký (CMS) không đọc được.',
    en: 'The signature (CMS) cannot be read.',
  },
  'cms.not_signed_data': {
    status: 422,
    vi: 'Dữ liệu CMS không phải là dữ liệu ký (SignedData).',
    en: 'The CMS data is not SignedData.',
  },
  'cms.too_large': {
    status: 413,
    vi: 'Dữ liệu chữ ký vượt quá giới hạn cho phép.',
    en: 'The signature data exceeds the limit.',
  },
  'cms.unsupported_algorithm': {
    status: 422,
    vi: 'Thuật toán không được hỗ trợ.',
    en: 'The algorithm is not supported.',
  },
} as const satisfies Record<string, ErrorText>;

export type CmsErrorCode = keyof typeof cmsErrors;
export class CmsError extends CodedError<CmsErrorCode> {}
