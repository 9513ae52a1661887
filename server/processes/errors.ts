import { CodedError, type ErrorText } from '../errors/coded-error.ts';

export const processesErrors = {
  'processes.invalid': {
    status: 422,
    vi: 'Định nghĩa quy trình có lỗi; xem danh sách lỗi kèm theo.',
    en: 'The process definition has faults; see the list of findings.',
  },
  'processes.too_large': {
    status: 413,
    vi: 'Định nghĩa quy trình quá lớn.',
    en: 'The process definition is too large.',
  },
  'processes.not_json': {
    status: 400,
    vi: 'Tệp không phải là JSON hợp lệ.',
    en: 'The file is not valid JSON.',
  },
  'processes.not_found': {
    status: 404,
    vi: 'Không tìm thấy quy trình hoặc phiên bản này.',
    en: 'There is no such process or version.',
  },
  'processes.version_taken': {
    status: 409,
    vi: 'Số phiên bản này đã được dùng cho một nội dung khác.',
    en: 'This version number already belongs to other content.',
  },
  'processes.version_must_grow': {
    status: 409,
    vi: 'Số phiên bản phải lớn hơn mọi phiên bản đã có.',
    en: 'The version number must be greater than every one before it.',
  },
  'processes.other_code': {
    status: 422,
    vi: 'Mã hoặc số phiên bản trong nội dung không khớp với bản đang sửa.',
    en: 'The code or version inside the content is not that of the version being edited.',
  },
  'processes.wrong_state': {
    status: 409,
    vi: 'Trạng thái hiện tại của phiên bản không cho phép thao tác này.',
    en: 'The state of the version does not allow this.',
  },
  'processes.review_missing': {
    status: 409,
    vi: 'Phiên bản chưa được soát xét.',
    en: 'Nobody has reviewed the version yet.',
  },
  'processes.separation_of_duties': {
    status: 403,
    vi: 'Người soạn thảo không được tự soát xét hoặc phê duyệt.',
    en: 'Authors may neither review nor approve their own work.',
  },
  'processes.not_allowed': {
    status: 403,
    vi: 'Bạn không có quyền thực hiện thao tác này đối với quy trình.',
    en: 'You may not do this with a process.',
  },
  'processes.effective_in_past': {
    status: 422,
    vi: 'Ngày có hiệu lực không được ở trước thời điểm phê duyệt.',
    en: 'A version cannot come into effect before it is approved.',
  },
  'processes.changed_meanwhile': {
    status: 409,
    vi: 'Người khác vừa thay đổi phiên bản này. Hãy tải lại rồi làm lại.',
    en: 'Somebody else has changed this version meanwhile. Load it again and retry.',
  },
} as const satisfies Record<string, ErrorText>;

export type ProcessesErrorCode = keyof typeof processesErrors;
export class ProcessesError extends CodedError<ProcessesErrorCode> {}
