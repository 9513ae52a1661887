import { CodedError, type ErrorText } from '../errors/coded-error.ts';

export const compositionErrors = {
  'composition.unsupported_character': {
    status: 422,
    vi: 'Văn bản có ký tự mà phông chữ của văn bản hành chính không có.',
    en: 'The text holds a character that the font of administrative documents lacks.',
  },
  'composition.right_to_left': {
    status: 422,
    vi: 'Văn bản có chữ viết từ phải sang trái hoặc ký tự điều khiển hướng chữ.',
    en: 'The text holds right-to-left script or bidirectional control characters.',
  },
  'composition.empty': {
    status: 422,
    vi: 'Thiếu một thành phần bắt buộc của văn bản.',
    en: 'A component that every document must have is empty.',
  },
  'composition.too_long': {
    status: 422,
    vi: 'Văn bản quá dài.',
    en: 'The document is too long.',
  },
  'composition.block_too_tall': {
    status: 422,
    vi: 'Một khối không chia được (phần đầu, nơi nhận hoặc chữ ký) cao hơn một trang.',
    en: 'A block that must stay together (heading, recipients, signature) is taller than a page.',
  },
  'composition.does_not_fit': {
    status: 422,
    vi: 'Nội dung không vừa với ô dành cho nó.',
    en: 'The content does not fit into the space reserved for it.',
  },
  'composition.font_missing': {
    status: 422,
    vi: 'Tệp không có phông chữ dành cho trường số và ngày; tệp không do hệ thống này soạn.',
    en: 'The file lacks the font of its number and date fields; it was not composed here.',
  },
  'composition.unknown_type': {
    status: 422,
    vi: 'Loại văn bản không có trong danh mục đang áp dụng.',
    en: 'The document type is not in the list in force.',
  },
  'composition.image_unknown': {
    status: 422,
    vi: 'Tệp hình ảnh không phải PNG, JPEG hay SVG.',
    en: 'The picture is no PNG, JPEG or SVG file.',
  },
  'composition.image_wrong_type': {
    status: 422,
    vi: 'Phần mở rộng của tệp hình ảnh không đúng với nội dung tệp.',
    en: 'The picture is of another type than its name says.',
  },
  'composition.image_damaged': {
    status: 422,
    vi: 'Tệp hình ảnh bị hỏng hoặc bị cắt cụt.',
    en: 'The picture is damaged or cut short.',
  },
  'composition.image_too_large': {
    status: 422,
    vi: 'Hình ảnh quá lớn.',
    en: 'The picture is too large.',
  },
  'composition.image_unsupported': {
    status: 422,
    vi: 'Hình ảnh dùng tính năng không được hỗ trợ; với SVG, hãy chuyển chữ và hiệu ứng thành đường nét.',
    en: 'The picture uses a feature that is not supported; in an SVG, turn text and effects into outlines.',
  },
} as const satisfies Record<string, ErrorText>;

export type CompositionErrorCode = keyof typeof compositionErrors;
export class CompositionError extends CodedError<CompositionErrorCode> {}
