import { CodedError, type ErrorText } from '../errors/coded-error.ts';

export const pkiErrors = {
  'pki.malformed_certificate': {
    status: 422,
    vi: 'Tệp không phải là chứng thư số X.509 đọc được.',
    en: 'This is not a readable X.509 certificate.',
  },
  'pki.malformed_crl': {
    status: 422,
    vi: 'Tệp không phải là danh sách chứng thư số bị thu hồi (CRL) đọc được.',
    en: 'This is not a readable certificate revocation list (CRL).',
  },
  'pki.malformed_ocsp': {
    status: 422,
    vi: 'Dữ liệu không phải là câu trả lời OCSP đọc được.',
    en: 'This is not a readable OCSP response.',
  },
  'pki.unsupported_key': {
    status: 422,
    vi: 'Loại khóa công khai trong chứng thư số không được hỗ trợ.',
    en: 'The kind of public key in the certificate is not supported.',
  },
  'pki.unsupported_algorithm': {
    status: 422,
    vi: 'Thuật toán ký không được hỗ trợ.',
    en: 'The signature algorithm is not supported.',
  },
  'pki.too_complex': {
    status: 422,
    vi: 'Có quá nhiều chứng thư và chữ ký phải kiểm tra.',
    en: 'There are too many certificates and signatures to check.',
  },
  'pki.malformed_pem': {
    status: 422,
    vi: 'Tệp PEM không đúng định dạng.',
    en: 'The PEM file is malformed.',
  },
} as const satisfies Record<string, ErrorText>;

export type PkiErrorCode = keyof typeof pkiErrors;
export class PkiError extends CodedError<PkiErrorCode> {}
