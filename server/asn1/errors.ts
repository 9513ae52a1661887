import { CodedError, type ErrorText } from '../errors/coded-error.ts';

export const asn1Errors = {
  'asn1.truncated': {
    status: 422,
    vi: 'Dữ liệu ASN.1 bị cụt.',
    en: 'The ASN.1 data ends too early.',
  },
  'asn1.not_der': {
    status: 422,
    vi: 'Dữ liệu không đúng quy tắc mã hóa DER.',
    en: 'The data breaks the DER encoding rules.',
  },
  'asn1.trailing_bytes': {
    status: 422,
    vi: 'Có dữ liệu thừa sau cấu trúc ASN.1.',
    en: 'There are extra bytes after the ASN.1 structure.',
  },
  'asn1.unexpected': {
    status: 422,
    vi: 'Cấu trúc ASN.1 không như mong đợi.',
    en: 'The ASN.1 structure is not the expected one.',
  },
  'asn1.too_deep': {
    status: 422,
    vi: 'Cấu trúc ASN.1 lồng nhau quá sâu.',
    en: 'The ASN.1 structure is nested too deeply.',
  },
} as const satisfies Record<string, ErrorText>;

export type Asn1ErrorCode = keyof typeof asn1Errors;
export class Asn1Error extends CodedError<Asn1ErrorCode> {}
