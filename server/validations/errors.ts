import { CodedError, type ErrorText } from '../errors/coded-error.ts';

export const validationsErrors = {
  'validations.not_found': {
    status: 404,
    vi: 'Không tìm thấy kết quả kiểm tra.',
    en: 'There is no such verification.',
  },
} as const satisfies Record<string, ErrorText>;

export type ValidationsErrorCode = keyof typeof validationsErrors;
export class ValidationsError extends CodedError<ValidationsErrorCode> {}
