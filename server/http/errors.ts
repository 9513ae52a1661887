import { CodedError, type ErrorText } from '../errors/coded-error.ts';

export const httpErrors = {
  'http.malformed_json': {
    status: 400,
    vi: 'Nội dung gửi lên không phải JSON hợp lệ.',
    en: 'The body is not valid JSON.',
  },
  'http.bad_encoding': {
    status: 400,
    vi: 'Nội dung gửi lên không phải UTF-8 hợp lệ.',
    en: 'The body is not valid UTF-8.',
  },
  'http.too_deep': {
    status: 400,
    vi: 'Nội dung JSON lồng nhau quá sâu.',
    en: 'The JSON body is nested too deeply.',
  },
  'http.bad_request': {
    status: 400,
    vi: 'Yêu cầu không đúng quy cách.',
    en: 'The request is malformed.',
  },
  'http.invalid': {
    status: 422,
    vi: 'Dữ liệu gửi lên không hợp lệ.',
    en: 'The data sent is not valid.',
  },
  'http.too_large': {
    status: 413,
    vi: 'Nội dung gửi lên quá lớn.',
    en: 'The body is too large.',
  },
  'http.unsupported_type': {
    status: 415,
    vi: 'Kiểu nội dung này không được nhận ở đây.',
    en: 'This content type is not accepted here.',
  },
  'http.bad_upload': {
    status: 400,
    vi: 'Tệp gửi lên không đúng quy cách.',
    en: 'The upload is malformed.',
  },
  'http.not_found': {
    status: 404,
    vi: 'Không có địa chỉ này.',
    en: 'There is nothing at this address.',
  },
  'http.method_not_allowed': {
    status: 405,
    vi: 'Địa chỉ này không nhận phương thức đó.',
    en: 'This address does not take that method.',
  },
  'http.not_signed_in': {
    status: 401,
    vi: 'Bạn cần đăng nhập.',
    en: 'You need to sign in.',
  },
  'http.role_not_allowed': {
    status: 403,
    vi: 'Vai trò của bạn không được làm việc này.',
    en: 'Your role may not do this.',
  },
  'http.foreign_origin': {
    status: 403,
    vi: 'Yêu cầu đến từ một trang khác nên bị từ chối.',
    en: 'The request comes from another site and is refused.',
  },
  'http.too_many_requests': {
    status: 429,
    vi: 'Quá nhiều yêu cầu; xin chờ một lát.',
    en: 'Too many requests; please wait a moment.',
  },
  'http.idempotency_key_missing': {
    status: 400,
    vi: 'Yêu cầu này phải có tiêu đề Idempotency-Key.',
    en: 'This request needs an Idempotency-Key header.',
  },
  'http.idempotency_key_bad': {
    status: 400,
    vi: 'Idempotency-Key phải gồm 8 đến 200 ký tự ASCII nhìn thấy được.',
    en: 'An Idempotency-Key has 8 to 200 visible ASCII characters.',
  },
  'http.idempotency_key_reused': {
    status: 422,
    vi: 'Idempotency-Key này đã dùng cho một yêu cầu khác.',
    en: 'This Idempotency-Key was used for another request.',
  },
  'http.request_in_progress': {
    status: 409,
    vi: 'Yêu cầu mang Idempotency-Key này đang được thực hiện.',
    en: 'The request with this Idempotency-Key is still running.',
  },
  'http.not_ready': {
    status: 503,
    vi: 'Máy chủ chưa sẵn sàng.',
    en: 'The server is not ready.',
  },
  'http.internal': {
    status: 500,
    vi: 'Máy chủ gặp lỗi; lỗi đã được ghi lại dưới mã yêu cầu này.',
    en: 'The server failed; the failure is logged under this request id.',
  },
} as const satisfies Record<string, ErrorText>;

export type HttpErrorCode = keyof typeof httpErrors;
export class HttpError extends CodedError<HttpErrorCode> {}
