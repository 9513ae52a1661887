import type { ChangeCode } from './comparison.ts';

/** What was done after a signature, for a reader. */
export const changeTexts: Readonly<Record<ChangeCode, { readonly vi: string; readonly en: string }>> = {
  security_store_updated: {
    vi: 'Bổ sung dữ liệu kiểm chứng (DSS)',
    en: 'Validation data (DSS) added',
  },
  document_time_stamp_added: { vi: 'Thêm dấu thời gian tài liệu', en: 'Document time stamp added' },
  extensions_declared: { vi: 'Khai báo phần mở rộng của định dạng', en: 'Format extensions declared' },
  metadata_updated: { vi: 'Cập nhật siêu dữ liệu', en: 'Metadata updated' },
  document_information_updated: {
    vi: 'Cập nhật thông tin tài liệu',
    en: 'Document information updated',
  },
  version_raised: { vi: 'Nâng phiên bản định dạng PDF', en: 'PDF version raised' },
  signature_field_added: { vi: 'Thêm trường chữ ký', en: 'Signature field added' },
  signature_added: { vi: 'Thêm chữ ký', en: 'Signature added' },
  field_filled: { vi: 'Điền trường', en: 'Field filled' },
  form_resources_added: { vi: 'Bổ sung phông chữ cho biểu mẫu', en: 'Fonts added for the form' },
  structure_extended: { vi: 'Bổ sung cấu trúc cho trường mới', en: 'Structure extended for a new field' },
  annotation_added: { vi: 'Thêm ghi chú ở trang', en: 'Annotation added on page' },
  annotation_changed: { vi: 'Sửa ghi chú ở trang', en: 'Annotation changed on page' },
  annotation_removed: { vi: 'Xóa ghi chú ở trang', en: 'Annotation removed from page' },
  object_changed: { vi: 'Đối tượng đã ký bị thay đổi', en: 'A signed object was changed' },
  ambiguous_object: {
    vi: 'Đối tượng có khóa lặp lại, mỗi phần mềm có thể đọc một khác',
    en: 'An object has a key twice, which programs read differently',
  },
  hidden_signature: {
    vi: 'Có chữ ký bị giấu, không trường nào hiển thị',
    en: 'There is a hidden signature that no field shows',
  },
  dangling_reference_filled: {
    vi: 'Nội dung mới được cài vào chỗ trống của tài liệu đã ký',
    en: 'New content was put where the signed document referred to nothing',
  },
  catalog_replaced: { vi: 'Gốc tài liệu bị thay thế', en: 'The root of the document was replaced' },
  catalog_changed: { vi: 'Gốc tài liệu bị thay đổi', en: 'The root of the document was changed' },
  trailer_changed: { vi: 'Phần cuối tệp bị thay đổi', en: 'The trailer was changed' },
  pages_changed: { vi: 'Thêm, bớt hoặc đổi thứ tự trang', en: 'Pages added, removed or moved' },
  page_changed: { vi: 'Trang bị thay đổi', en: 'A page was changed' },
  form_changed: { vi: 'Biểu mẫu bị thay đổi', en: 'The form was changed' },
  field_changed: { vi: 'Trường bị thay đổi', en: 'A field was changed' },
  field_added: { vi: 'Thêm trường không được phép', en: 'A field was added' },
  field_removed: { vi: 'Xóa trường', en: 'A field was removed' },
  appearance_changed: {
    vi: 'Hình hiển thị của trường bị thay mà giá trị không đổi',
    en: 'What a field shows was replaced without its value',
  },
  page_covered: {
    vi: 'Trường chữ ký mới che một phần lớn trang đã ký',
    en: 'A new signature field covers a large part of a signed page',
  },
  security_store_removed: { vi: 'Xóa dữ liệu kiểm chứng (DSS)', en: 'Validation data (DSS) removed' },
  unaccounted_bytes: {
    vi: 'Có dữ liệu lạ trong tệp không thuộc đối tượng nào',
    en: 'There are bytes that belong to no object of the file',
  },
  revision_not_closed: {
    vi: 'Phần bổ sung không kết thúc đúng quy định',
    en: 'An addition does not end as it must',
  },
  unreadable_object: { vi: 'Phần bổ sung không đọc được', en: 'An addition cannot be read' },
  too_complex: { vi: 'Phần bổ sung quá phức tạp để kiểm tra', en: 'An addition is too complex to check' },
};
