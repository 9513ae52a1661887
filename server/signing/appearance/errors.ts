import { CodedError, type ErrorText } from '../../errors/coded-error.ts';

export const appearanceErrors = {
  'signing.appearance_unknown': {
    status: 422,
    vi: 'Không có mẫu hiển thị chữ ký nào mang tên này.',
    en: 'There is no appearance profile of that name.',
  },
  'signing.appearance_invalid': {
    status: 422,
    vi: 'Mẫu hiển thị chữ ký không đúng khuôn dạng.',
    en: 'The appearance profile does not follow the format.',
  },
  'signing.appearance_image_missing': {
    status: 422,
    vi: 'Mẫu hiển thị này cần hình ảnh chữ ký hoặc con dấu.',
    en: 'This appearance needs the picture of a signature or a seal.',
  },
  'signing.appearance_value_missing': {
    status: 422,
    vi: 'Thiếu thông tin mà mẫu hiển thị chữ ký phải in.',
    en: 'A value that the appearance must show was not given.',
  },
  'signing.appearance_does_not_fit': {
    status: 422,
    vi: 'Nội dung hiển thị của chữ ký không vừa với ô dành cho nó.',
    en: 'What the signature shall show does not fit into its box.',
  },
  'signing.appearance_off_page': {
    status: 422,
    vi: 'Ô chữ ký nằm ngoài trang.',
    en: 'The box of the signature leaves the page.',
  },
  'signing.anchor_not_found': {
    status: 422,
    vi: 'Không tìm thấy đoạn chữ dùng để định vị chữ ký.',
    en: 'The text that the signature is placed by was not found.',
  },
  'signing.text_unreadable': {
    status: 422,
    vi: 'Không đọc được chữ trên trang để định vị chữ ký.',
    en: 'The text of the page cannot be read, so that the signature cannot be placed by it.',
  },
  'signing.nothing_to_cover': {
    status: 422,
    vi: 'Tệp chưa có chữ ký cá nhân nào hiển thị để đóng dấu trùm lên.',
    en: 'The file shows no personal signature that the seal could cover.',
  },
  'signing.over_text': {
    status: 409,
    vi: 'Ô chữ ký đè lên chữ đã có trên trang.',
    en: 'The box of the signature lies over text of the page.',
  },
  'signing.field_has_place': {
    status: 422,
    vi: 'Trường chữ ký đã có vị trí trên trang; không chỉ định vị trí khác được.',
    en: 'The signature field has its place on a page already; another one cannot be given.',
  },
} as const satisfies Record<string, ErrorText>;

export type AppearanceErrorCode = keyof typeof appearanceErrors;
export class AppearanceError extends CodedError<AppearanceErrorCode> {}
