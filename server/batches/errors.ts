import { CodedError, type ErrorText } from '../errors/coded-error.ts';

export const batchesErrors = {
  'batches.not_found': {
    status: 404,
    vi: 'Không tìm thấy lô ký hoặc lô ký không phải của bạn.',
    en: 'There is no such batch, or it is not yours.',
  },
  'batches.item_not_found': {
    status: 404,
    vi: 'Không tìm thấy tệp trong lô ký, hoặc tệp chưa được ký.',
    en: 'There is no such item in the batch, or it is not signed.',
  },
  'batches.file_missing': {
    status: 422,
    vi: 'Chưa chọn tệp cần ký.',
    en: 'No file was sent.',
  },
  'batches.name_unusable': {
    status: 422,
    vi: 'Tên tệp không dùng được.',
    en: 'The file has no usable name.',
  },
  'batches.closed': {
    status: 409,
    vi: 'Lô ký đã bắt đầu nên không thêm tệp được nữa.',
    en: 'The batch has begun, so nothing can be added.',
  },
  'batches.too_many_items': {
    status: 409,
    vi: 'Lô ký đã đủ số tệp cho phép.',
    en: 'The batch has as many items as it may have.',
  },
  'batches.empty': {
    status: 409,
    vi: 'Lô ký chưa có tệp nào.',
    en: 'The batch has no items.',
  },
  'batches.finished': {
    status: 409,
    vi: 'Lô ký đã hoàn tất.',
    en: 'The batch is finished.',
  },
  'batches.running': {
    status: 409,
    vi: 'Lô ký đang chạy.',
    en: 'The batch is running.',
  },
  'batches.busy': {
    status: 429,
    vi: 'Có quá nhiều lô ký đang chạy; hãy thử lại sau.',
    en: 'Too many batches are running; try again later.',
  },
  'batches.certificate_not_yours': {
    status: 403,
    vi: 'Bạn không được dùng chứng thư số này.',
    en: 'This certificate is not yours to use.',
  },
  'batches.choose_certificate': {
    status: 422,
    vi: 'Có nhiều chứng thư số; hãy chọn một chứng thư số.',
    en: 'Several certificates could be used; say which one.',
  },
} as const satisfies Record<string, ErrorText>;

export type BatchesErrorCode = keyof typeof batchesErrors;
export class BatchesError extends CodedError<BatchesErrorCode> {}
