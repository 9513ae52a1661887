import { CodedError, type ErrorText } from '../errors/coded-error.ts';

export const documentsErrors = {
  'documents.not_found': {
    status: 404,
    vi: 'Không tìm thấy văn bản hoặc bạn không có quyền xem.',
    en: 'There is no such document, or you may not see it.',
  },
  'documents.forbidden': {
    status: 403,
    vi: 'Bạn không có quyền thực hiện thao tác này với văn bản.',
    en: 'You may not do this with the document.',
  },
  'documents.no_process': {
    status: 404,
    vi: 'Cơ quan chưa có phiên bản quy trình này đang có hiệu lực.',
    en: 'No version of this process is in effect in the agency.',
  },
  'documents.process_unusable': {
    status: 422,
    vi: 'Quy trình đang có hiệu lực không thực hiện được.',
    en: 'The process in effect cannot be run.',
  },
  'documents.fields_invalid': {
    status: 422,
    vi: 'Dữ liệu của văn bản chưa đúng hoặc chưa đủ; hãy sửa các trường được nêu.',
    en: 'The data of the document is wrong or incomplete; correct the fields that are named.',
  },
  'documents.field_not_editable': {
    status: 403,
    vi: 'Bước hiện tại không cho phép sửa trường dữ liệu này.',
    en: 'This field may not be changed at the present step.',
  },
  'documents.type_fixed': {
    status: 409,
    vi: 'Văn bản đã được cấp số nên không thể đổi loại văn bản.',
    en: 'The document has its number, so its type can no longer change.',
  },
  'documents.released': {
    status: 409,
    vi: 'Văn bản đã phát hành, nội dung không thay đổi được nữa.',
    en: 'The document has been released; its content is frozen.',
  },
  'documents.not_numbered': {
    status: 409,
    vi: 'Văn bản chưa có số; phụ lục chỉ được ký sau khi văn bản được cấp số.',
    en: 'The document has no number yet; its appendices are sealed after it.',
  },
  'documents.file_not_pdf': {
    status: 422,
    vi: 'Chỉ tệp PDF mới ký số được.',
    en: 'Only a PDF file can be sealed.',
  },
  'documents.file_sealed': {
    status: 409,
    vi: 'Tệp đính kèm này đã có chữ ký số của cơ quan.',
    en: 'The agency has sealed this file already.',
  },
  'documents.file_missing': {
    status: 422,
    vi: 'Chưa chọn tệp đính kèm.',
    en: 'No file was sent.',
  },
  'documents.file_empty': {
    status: 422,
    vi: 'Tệp rỗng.',
    en: 'The file is empty.',
  },
  'documents.file_too_large': {
    status: 413,
    vi: 'Tệp vượt quá dung lượng cho phép.',
    en: 'The file is larger than allowed.',
  },
  'documents.file_type_refused': {
    status: 415,
    vi: 'Loại tệp này không được phép đính kèm.',
    en: 'Files of this type may not be attached.',
  },
  'documents.file_type_mismatch': {
    status: 415,
    vi: 'Nội dung tệp không đúng với loại tệp hoặc phần mở rộng đã khai báo.',
    en: 'The content of the file is not what its type or name says.',
  },
  'documents.file_broken': {
    status: 422,
    vi: 'Tệp PDF bị hỏng, không đọc được.',
    en: 'The PDF file is broken and cannot be read.',
  },
  'documents.file_encrypted': {
    status: 422,
    vi: 'Tệp PDF được mã hóa nên không thể đính kèm; hãy đính kèm bản không mã hóa.',
    en: 'The PDF file is encrypted and cannot be attached; attach one that is not.',
  },
  'documents.too_many_files': {
    status: 409,
    vi: 'Văn bản đã đủ số tệp đính kèm cho phép.',
    en: 'The document has as many files as it may have.',
  },
  'documents.too_many_comments': {
    status: 409,
    vi: 'Văn bản đã đủ số ý kiến cho phép.',
    en: 'The document has as many comments as it may have.',
  },
  'documents.no_content': {
    status: 404,
    vi: 'Văn bản chưa có bản PDF.',
    en: 'The document has no PDF yet.',
  },
  'documents.not_composable': {
    status: 422,
    vi: 'Dữ liệu của văn bản chưa đủ hoặc chưa đúng để lập bản PDF theo thể thức; hãy bổ sung các trường được nêu.',
    en: 'The data of the document does not make a PDF in the prescribed layout; complete the fields that are named.',
  },
  'documents.certificate_not_yours': {
    status: 403,
    vi: 'Bạn không được dùng chứng thư số này.',
    en: 'This certificate is not yours to use.',
  },
  'documents.wrong_certificate': {
    status: 422,
    vi: 'Bước này cần loại chứng thư số khác (cá nhân hoặc cơ quan).',
    en: 'This step needs the other kind of certificate (personal or organization).',
  },
  'documents.choose_certificate': {
    status: 422,
    vi: 'Có nhiều chứng thư số phù hợp; hãy chọn một chứng thư số.',
    en: 'Several certificates fit; say which one.',
  },
  'documents.seal_before_signature': {
    status: 409,
    vi: 'Chỉ được ký số của cơ quan trên văn bản đã có chữ ký số của người có thẩm quyền (Điều 32 Nghị định 30/2020/NĐ-CP).',
    en: 'The agency signs only what the competent person has signed (Decree 30/2020, article 32).',
  },
  'documents.bad_cursor': {
    status: 400,
    vi: 'Con trỏ phân trang không hợp lệ.',
    en: 'The paging cursor is not valid for this list.',
  },
  'documents.too_large': {
    status: 413,
    vi: 'Văn bản quá lớn để xử lý.',
    en: 'The document is too large to be processed.',
  },
  'documents.no_such_preparation': {
    status: 404,
    vi: 'Không tìm thấy chữ ký đã chuẩn bị cho bước này.',
    en: 'No signature was prepared for this step under that number.',
  },
  'documents.too_many_preparations': {
    status: 409,
    vi: 'Bạn có quá nhiều chữ ký đã chuẩn bị mà chưa hoàn tất.',
    en: 'Too many of your signatures are prepared and not completed.',
  },
  'documents.changed_since_prepared': {
    status: 409,
    vi: 'Văn bản đã thay đổi sau khi chuẩn bị ký; hãy chuẩn bị ký lại.',
    en: 'The document has changed since the signature was prepared; prepare it again.',
  },
  'documents.preparation_spent': {
    status: 409,
    vi: 'Đã gửi sai giá trị chữ ký nhiều lần; hãy chuẩn bị ký lại.',
    en: 'Too many wrong values were sent for this signature; prepare it again.',
  },
} as const satisfies Record<string, ErrorText>;

export type DocumentsErrorCode = keyof typeof documentsErrors;
export class DocumentsError extends CodedError<DocumentsErrorCode> {}
