import { CodedError, type ErrorText } from '../errors/coded-error.ts';

export const storageErrors = {
  'storage.duplicate': {
    status: 409,
    vi: 'Dữ liệu này đã tồn tại.',
    en: 'This already exists.',
  },
  'storage.conflict': {
    status: 409,
    vi: 'Dữ liệu vừa được người khác thay đổi. Hãy tải lại rồi thử lại.',
    en: 'Somebody else has just changed this. Load it again and retry.',
  },
  'storage.not_found': {
    status: 404,
    vi: 'Không tìm thấy dữ liệu.',
    en: 'Not found.',
  },
  'storage.bad_cursor': {
    status: 400,
    vi: 'Con trỏ phân trang không hợp lệ.',
    en: 'The paging cursor is not valid for this list.',
  },
  'storage.bad_query': {
    status: 400,
    vi: 'Truy vấn không hợp lệ.',
    en: 'The query is not valid.',
  },
  'storage.bad_value': {
    status: 422,
    vi: 'Dữ liệu không thể lưu trữ.',
    en: 'The value cannot be stored.',
  },
  'storage.bad_spec': {
    status: 500,
    vi: 'Khai báo bộ dữ liệu không hợp lệ.',
    en: 'The declaration of the collection is not valid.',
  },
  'storage.too_large': {
    status: 413,
    vi: 'Dữ liệu vượt quá dung lượng cho phép.',
    en: 'The data is larger than allowed.',
  },
  'storage.full': {
    status: 507,
    vi: 'Hết dung lượng lưu trữ.',
    en: 'The storage is full.',
  },
  'storage.busy': {
    status: 503,
    vi: 'Kho dữ liệu đang bận. Hãy thử lại sau giây lát.',
    en: 'The database is busy. Try again in a moment.',
  },
  'storage.corrupt': {
    status: 500,
    vi: 'Kho dữ liệu bị hỏng. Hãy khôi phục từ bản sao lưu.',
    en: 'The database is damaged. Restore it from a backup.',
  },
  'storage.unavailable': {
    status: 503,
    vi: 'Không truy cập được kho dữ liệu.',
    en: 'The storage cannot be reached.',
  },
  'storage.too_new': {
    status: 500,
    vi: 'Kho dữ liệu được tạo bởi phiên bản phần mềm mới hơn.',
    en: 'The database was made by a newer version of the software.',
  },
  'storage.foreign': {
    status: 500,
    vi: 'Tệp dữ liệu không phải của Ấn Số.',
    en: 'The database does not belong to this software.',
  },
  'storage.closed': {
    status: 503,
    vi: 'Kho dữ liệu đã đóng.',
    en: 'The storage is closed.',
  },
} as const satisfies Record<string, ErrorText>;

export type StorageErrorCode = keyof typeof storageErrors;
export class StorageError extends CodedError<StorageErrorCode> {}
