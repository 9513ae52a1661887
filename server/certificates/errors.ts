import { CodedError, type ErrorText } from '../errors/coded-error.ts';

export const certificatesErrors = {
  'certificates.not_found': {
    status: 404,
    vi: 'Không có chứng thư số này trong sổ đăng ký.',
    en: 'The register has no such certificate.',
  },
  'certificates.already_registered': {
    status: 409,
    vi: 'Chứng thư số này đã có trong sổ đăng ký.',
    en: 'The certificate is already in the register.',
  },
  'certificates.is_authority': {
    status: 422,
    vi: 'Đây là chứng thư số của cơ quan cấp chứng thư, không phải của người ký.',
    en: 'This certificate belongs to a certificate authority, not to a signer.',
  },
  'certificates.bad_list': {
    status: 422,
    vi: 'Danh sách chứng thư số có dòng không hợp lệ; chưa ghi dòng nào.',
    en: 'The list of certificates has rows that are not valid; nothing was written.',
  },
  'certificates.unknown_agency': {
    status: 422,
    vi: 'Không có cơ quan này.',
    en: 'There is no such agency.',
  },
  'certificates.unknown_account': {
    status: 422,
    vi: 'Không có tài khoản này trong cơ quan giữ chứng thư số.',
    en: 'The agency of the certificate has no such account.',
  },
  'certificates.forbidden': {
    status: 403,
    vi: 'Bạn không có quyền đối với chứng thư số của cơ quan này.',
    en: 'You have no rights over the certificates of this agency.',
  },
  'certificates.own_certificate': {
    status: 403,
    vi: 'Người giữ chứng thư số không được tự kích hoạt, mở lại hoặc thu hồi chứng thư số của mình; chỉ được yêu cầu tạm dừng.',
    en: 'The holder of a certificate may suspend it but neither activate, resume nor revoke it.',
  },
  'certificates.bad_transition': {
    status: 409,
    vi: 'Không thể chuyển chứng thư số từ trạng thái hiện tại sang trạng thái này.',
    en: 'The certificate cannot go from its present state to this one.',
  },
  'certificates.bad_date': {
    status: 422,
    vi: 'Ngày có hiệu lực phải nằm sau ngày cấp và không ở tương lai.',
    en: 'The effective date must be after the issue of the certificate and not in the future.',
  },
  'certificates.no_key': {
    status: 409,
    vi: 'Máy chủ không giữ khóa của chứng thư số này.',
    en: 'This server does not keep the key of the certificate.',
  },
  'certificates.no_image': {
    status: 404,
    vi: 'Chứng thư số này chưa có hình ảnh chữ ký hoặc con dấu.',
    en: 'No picture of a signature or seal is kept for this certificate.',
  },
  'certificates.image_too_large': {
    status: 413,
    vi: 'Hình ảnh chữ ký hoặc con dấu quá lớn: nhiều nhất 256 KB và một triệu điểm ảnh.',
    en: 'The picture of a signature or seal is too large: at most 256 KB and a million pixels.',
  },
  'certificates.certificate_unknown': {
    status: 409,
    vi: 'Sổ đăng ký mới chỉ có tên trong danh sách; hãy đăng ký chính tệp chứng thư số trước.',
    en: 'The register knows this certificate from a list only; register the certificate file itself first.',
  },
  'certificates.not_registered': {
    status: 409,
    vi: 'Chứng thư số chưa được đăng ký nên không được dùng để ký; hãy đề nghị quản trị viên đăng ký.',
    en: 'The certificate is not registered and may not sign; ask an administrator to register it.',
  },
  'certificates.pending': {
    status: 409,
    vi: 'Chứng thư số chưa được kích hoạt; hãy đề nghị quản trị viên kích hoạt.',
    en: 'The certificate has not been activated; ask an administrator to activate it.',
  },
  'certificates.suspended': {
    status: 409,
    vi: 'Chứng thư số đang bị tạm dừng; hãy đề nghị quản trị viên mở lại trước khi ký.',
    en: 'The certificate is suspended; ask an administrator to resume it before signing.',
  },
  'certificates.revoked': {
    status: 409,
    vi: 'Chứng thư số đã bị thu hồi.',
    en: 'The certificate has been revoked.',
  },
  'certificates.development_anchor': {
    status: 500,
    vi: 'Chứng thư gốc này chỉ dùng để phát triển, không được tin cậy khi vận hành thật.',
    en: 'This root is for development only and is not trusted in production.',
  },
} as const satisfies Record<string, ErrorText>;

export type CertificatesErrorCode = keyof typeof certificatesErrors;
export class CertificatesError extends CodedError<CertificatesErrorCode> {}
