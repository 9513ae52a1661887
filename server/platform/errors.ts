import { CodedError, type ErrorText } from '../errors/coded-error.ts';

export const platformErrors = {
  'platform.key_file_open': {
    status: 500,
    vi: 'Tệp khóa của máy chủ cho người khác đọc được.',
    en: "The server's key file can be read by others.",
  },
  'platform.bad_server_key': {
    status: 500,
    vi: 'Khóa của máy chủ không phải 32 byte viết dạng base64.',
    en: 'The server key is not 32 bytes in base64.',
  },
  'platform.data_folder_in_use': {
    status: 500,
    vi: 'Một máy chủ khác đang dùng thư mục dữ liệu này.',
    en: 'Another server is using this data folder.',
  },
  'platform.cannot_listen': {
    status: 500,
    vi: 'Không mở được địa chỉ của máy chủ; hãy đặt ANSO_HOST hoặc ANSO_PORT khác.',
    en: 'The address of the server cannot be opened; set another ANSO_HOST or ANSO_PORT.',
  },
  'platform.fetch_refused': {
    status: 422,
    vi: 'Địa chỉ này không được phép truy cập.',
    en: 'This address may not be fetched.',
  },
  'platform.fetch_failed': {
    status: 502,
    vi: 'Không kết nối được tới máy chủ bên ngoài.',
    en: 'The outside server cannot be reached.',
  },
  'platform.fetch_status': {
    status: 502,
    vi: 'Máy chủ bên ngoài từ chối yêu cầu.',
    en: 'The outside server refused the request.',
  },
  'platform.fetch_timeout': {
    status: 504,
    vi: 'Máy chủ bên ngoài không trả lời kịp thời gian cho phép.',
    en: 'The outside server did not answer in time.',
  },
  'platform.fetch_too_large': {
    status: 502,
    vi: 'Câu trả lời của máy chủ bên ngoài quá lớn.',
    en: 'The answer of the outside server is too large.',
  },
} as const satisfies Record<string, ErrorText>;

export type PlatformErrorCode = keyof typeof platformErrors;
export class PlatformError extends CodedError<PlatformErrorCode> {}
