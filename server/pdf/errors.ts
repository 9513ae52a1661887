import { CodedError, type ErrorText } from '../errors/coded-error.ts';

export const pdfErrors = {
  'pdf.not_a_pdf': {
    status: 422,
    vi: 'Tệp không phải là PDF.',
    en: 'The file is not a PDF.',
  },
  'pdf.truncated': {
    status: 422,
    vi: 'Tệp PDF bị cụt.',
    en: 'The PDF ends too early.',
  },
  'pdf.syntax': {
    status: 422,
    vi: 'Tệp PDF sai cú pháp.',
    en: 'The PDF breaks the syntax of ISO 32000.',
  },
  'pdf.startxref_missing': {
    status: 422,
    vi: 'Không tìm thấy startxref ở cuối tệp PDF.',
    en: 'No startxref is found at the end of the PDF.',
  },
  'pdf.xref_invalid': {
    status: 422,
    vi: 'Bảng tham chiếu chéo của tệp PDF bị hỏng.',
    en: 'The cross-reference information of the PDF is damaged.',
  },
  'pdf.xref_loop': {
    status: 422,
    vi: 'Chuỗi bảng tham chiếu chéo của tệp PDF lặp vòng.',
    en: 'The chain of cross-reference sections of the PDF runs in a circle.',
  },
  'pdf.object_mismatch': {
    status: 422,
    vi: 'Bảng tham chiếu chéo trỏ tới một đối tượng khác.',
    en: 'The cross-reference information points at another object.',
  },
  'pdf.object_loop': {
    status: 422,
    vi: 'Một đối tượng PDF phụ thuộc vào chính nó.',
    en: 'A PDF object depends on itself.',
  },
  'pdf.stream_length': {
    status: 422,
    vi: 'Độ dài ghi trong một luồng dữ liệu PDF không đúng.',
    en: 'A stream of the PDF does not have the length it states.',
  },
  'pdf.stream_invalid': {
    status: 422,
    vi: 'Một luồng dữ liệu PDF bị hỏng.',
    en: 'A stream of the PDF cannot be decoded.',
  },
  'pdf.filter_unsupported': {
    status: 422,
    vi: 'Luồng dữ liệu PDF dùng bộ lọc không được hỗ trợ.',
    en: 'A stream of the PDF uses a filter that is not supported here.',
  },
  'pdf.object_stream_invalid': {
    status: 422,
    vi: 'Một luồng đối tượng của tệp PDF bị hỏng.',
    en: 'An object stream of the PDF is damaged.',
  },
  'pdf.catalog_missing': {
    status: 422,
    vi: 'Tệp PDF không có danh mục gốc hợp lệ.',
    en: 'The PDF has no valid document catalog.',
  },
  'pdf.page_tree_invalid': {
    status: 422,
    vi: 'Cây trang của tệp PDF không hợp lệ.',
    en: 'The page tree of the PDF is not valid.',
  },
  'pdf.page_missing': {
    status: 422,
    vi: 'Tệp PDF không có trang được yêu cầu.',
    en: 'The PDF has no such page.',
  },
  'pdf.form_invalid': {
    status: 422,
    vi: 'Biểu mẫu trong tệp PDF không hợp lệ.',
    en: 'The interactive form of the PDF is not valid.',
  },
  'pdf.too_deep': {
    status: 422,
    vi: 'Tệp PDF lồng nhau quá sâu.',
    en: 'The PDF is nested too deeply.',
  },
  'pdf.too_complex': {
    status: 422,
    vi: 'Tệp PDF vượt quá giới hạn xử lý.',
    en: 'The PDF exceeds the limits of processing.',
  },
  'pdf.damaged_signed_file': {
    status: 422,
    vi: 'Tệp PDF bị hỏng mà đã có chữ ký: tệp đã ký không được sửa, hãy xin lại bản gốc đã ký.',
    en: 'The PDF is damaged and has a signature: signed files are never repaired; ask for the signed original.',
  },
  'pdf.repair_incomplete': {
    status: 422,
    vi: 'Tệp PDF bị hỏng và không sửa được vì có phần của tài liệu bị mất hoặc không đọc được.',
    en: 'The PDF is damaged and cannot be repaired: a part of the document is missing or unreadable.',
  },
  'pdf.repair_ambiguous': {
    status: 422,
    vi: 'Tệp PDF bị hỏng và không sửa được vì có thể đọc thành nhiều tài liệu khác nhau.',
    en: 'The PDF is damaged and cannot be repaired: it can be read as different documents.',
  },
  'pdf.password_required': {
    status: 422,
    vi: 'Tệp PDF được mã hóa; cần mật khẩu để mở.',
    en: 'The PDF is encrypted; a password is needed to open it.',
  },
  'pdf.password_wrong': {
    status: 422,
    vi: 'Mật khẩu của tệp PDF không đúng.',
    en: 'The password of the PDF is wrong.',
  },
  'pdf.encryption_unsupported': {
    status: 422,
    vi: 'Tệp PDF được mã hóa theo cách không được hỗ trợ.',
    en: 'The PDF is encrypted in a way that is not supported here.',
  },
  'pdf.encryption_invalid': {
    status: 422,
    vi: 'Thông tin mã hóa hoặc dữ liệu mã hóa của tệp PDF bị hỏng.',
    en: 'The encryption of the PDF or its encrypted data is damaged.',
  },
  'pdf.permission_denied': {
    status: 409,
    vi: 'Quyền đặt trong tệp PDF mã hóa không cho phép thay đổi này; cần mật khẩu của chủ sở hữu.',
    en: 'The permissions of the encrypted PDF do not allow this change; the owner password is needed.',
  },
  'pdf.too_large': {
    status: 413,
    vi: 'Tệp PDF quá lớn.',
    en: 'The PDF is too large.',
  },
  'pdf.field_missing': {
    status: 422,
    vi: 'Tệp PDF không có trường biểu mẫu được yêu cầu.',
    en: 'The PDF has no such form field.',
  },
  'pdf.field_exists': {
    status: 409,
    vi: 'Tên trường đã được dùng trong tệp PDF.',
    en: 'The name of the field is already used in the PDF.',
  },
  'pdf.field_name_invalid': {
    status: 422,
    vi: 'Tên trường không hợp lệ: không được để trống, chứa dấu chấm hoặc ký tự không ghi được.',
    en: 'The name of the field is not valid: it is empty, has a full stop or a character that cannot be written.',
  },
  'pdf.field_already_signed': {
    status: 409,
    vi: 'Trường chữ ký đã có chữ ký.',
    en: 'The signature field is already signed.',
  },
  'pdf.field_locked': {
    status: 409,
    vi: 'Trường đã bị một chữ ký trước khóa.',
    en: 'The field is locked by an earlier signature.',
  },
  'pdf.changes_forbidden': {
    status: 409,
    vi: 'Chữ ký chứng nhận của tệp PDF không cho phép thay đổi này.',
    en: 'The certification signature of the PDF does not permit this change.',
  },
  'pdf.certification_not_first': {
    status: 409,
    vi: 'Chữ ký chứng nhận phải là chữ ký đầu tiên của tệp PDF.',
    en: 'A certification signature must be the first signature of the PDF.',
  },
  'pdf.contents_too_small': {
    status: 422,
    vi: 'Chỗ dành cho chữ ký trong tệp PDF quá nhỏ.',
    en: 'The space kept for the signature in the PDF is too small.',
  },
} as const satisfies Record<string, ErrorText>;

export type PdfErrorCode = keyof typeof pdfErrors;

/** Every way in which a PDF is refused. `details.offset`, where present, is a byte offset in the file. */
export class PdfError extends CodedError<PdfErrorCode> {}
