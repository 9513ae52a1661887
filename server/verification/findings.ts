import type { Indication, SubIndication, Words } from './report.ts';

interface FindingText extends Words {
  readonly indication: Indication;
  readonly sub: SubIndication | null;
  readonly next?: Words;
}

const askSigner: Words = {
  vi: 'Không sử dụng tệp này; đề nghị nơi gửi cung cấp lại bản gốc đã ký.',
  en: 'Do not use this file; ask the sender for the signed original.',
};
const giveRoots: Words = {
  vi: 'Bổ sung chứng thư gốc của nhà cung cấp (đã kiểm chứng qua kênh khác) vào danh sách tin cậy rồi kiểm tra lại.',
  en: 'Add the root certificate of the provider, verified through another channel, to the trust list and check again.',
};
const giveCrl: Words = {
  vi: 'Cung cấp danh sách thu hồi (CRL) còn hiệu lực của nhà cung cấp chứng thư rồi kiểm tra lại.',
  en: 'Provide a current revocation list (CRL) of the certificate issuer and check again.',
};
const askTimeStamp: Words = {
  vi: 'Đề nghị người ký cung cấp bản có dấu thời gian, hoặc ký lại.',
  en: 'Ask the signer for a version with a time stamp, or to sign again.',
};

/** Everything that keeps a signature from being valid, with the indication of EN 319 102-1 it leads to. */
export const findings = {
  coverage_invalid: {
    indication: 'TOTAL_FAILED',
    sub: 'FORMAT_FAILURE',
    vi: 'Phạm vi ký không bao trùm đúng nội dung tài liệu: có phần nội dung nằm ngoài chữ ký.',
    en: 'The signed range does not cover the document as it must: some content lies outside the signature.',
    next: askSigner,
  },
  digest_mismatch: {
    indication: 'TOTAL_FAILED',
    sub: 'HASH_FAILURE',
    vi: 'Nội dung đã bị thay đổi so với lúc ký (giá trị băm không khớp).',
    en: 'The content differs from what was signed (the digests do not match).',
    next: askSigner,
  },
  signature_mismatch: {
    indication: 'TOTAL_FAILED',
    sub: 'SIG_CRYPTO_FAILURE',
    vi: 'Chữ ký không được tạo bởi khóa của chứng thư đi kèm.',
    en: 'The signature was not made with the key of the certificate beside it.',
    next: askSigner,
  },
  signature_malformed: {
    indication: 'TOTAL_FAILED',
    sub: 'FORMAT_FAILURE',
    vi: 'Cấu trúc chữ ký không đúng quy định.',
    en: 'The structure of the signature breaks the rules.',
    next: askSigner,
  },
  modified_after_signing: {
    indication: 'TOTAL_FAILED',
    sub: 'FORMAT_FAILURE',
    vi: 'Sau khi ký, tài liệu đã bị sửa đổi theo cách không được phép.',
    en: 'After it was signed, the document was changed in a way that is not permitted.',
    next: askSigner,
  },
  locked_field_changed: {
    indication: 'TOTAL_FAILED',
    sub: 'FORMAT_FAILURE',
    vi: 'Trường đã bị khóa bởi chữ ký lại bị điền hoặc sửa sau khi ký.',
    en: 'A field that the signature had locked was filled or changed afterwards.',
    next: askSigner,
  },
  certificate_not_yet_valid_at_signing: {
    indication: 'TOTAL_FAILED',
    sub: 'NOT_YET_VALID',
    vi: 'Tại thời điểm ký, chứng thư chưa có hiệu lực.',
    en: 'At the time of signing the certificate was not yet valid.',
    next: askSigner,
  },
  certificate_expired_at_signing: {
    indication: 'TOTAL_FAILED',
    sub: 'EXPIRED',
    vi: 'Tại thời điểm ký, chứng thư đã hết hạn.',
    en: 'At the time of signing the certificate had expired.',
    next: askSigner,
  },
  certificate_revoked_at_signing: {
    indication: 'TOTAL_FAILED',
    sub: 'REVOKED',
    vi: 'Tại thời điểm ký, chứng thư đã bị thu hồi hoặc tạm dừng.',
    en: 'At the time of signing the certificate was revoked or suspended.',
    next: askSigner,
  },
  signature_unreadable: {
    indication: 'INDETERMINATE',
    sub: 'SIGNED_DATA_NOT_FOUND',
    vi: 'Không đọc được dữ liệu chữ ký, nên không thể kết luận.',
    en: 'The signature data cannot be read, so nothing can be concluded.',
    next: askSigner,
  },
  no_signing_certificate: {
    indication: 'INDETERMINATE',
    sub: 'NO_SIGNING_CERTIFICATE_FOUND',
    vi: 'Không tìm thấy chứng thư của người ký trong chữ ký.',
    en: 'The certificate of the signer is not in the signature.',
    next: askSigner,
  },
  algorithm_unsupported: {
    indication: 'INDETERMINATE',
    sub: 'CRYPTO_CONSTRAINTS_FAILURE',
    vi: 'Chữ ký dùng thuật toán không được hỗ trợ.',
    en: 'The signature uses an algorithm that is not supported.',
    next: askSigner,
  },
  no_signed_attributes: {
    indication: 'INDETERMINATE',
    sub: 'SIG_CONSTRAINTS_FAILURE',
    vi: 'Chữ ký thiếu các thuộc tính bắt buộc phải được ký cùng nội dung.',
    en: 'The signature lacks the attributes that have to be signed with the content.',
    next: askSigner,
  },
  no_chain: {
    indication: 'INDETERMINATE',
    sub: 'NO_CERTIFICATE_CHAIN_FOUND',
    vi: 'Chứng thư của người ký không dẫn tới tổ chức chứng thực nào trong danh sách tin cậy.',
    en: 'The certificate of the signer does not lead to any authority of the trust list.',
    next: giveRoots,
  },
  chain_invalid: {
    indication: 'INDETERMINATE',
    sub: 'CERTIFICATE_CHAIN_GENERAL_FAILURE',
    vi: 'Đường dẫn chứng thực không hợp lệ.',
    en: 'The certification path is not valid.',
    next: giveRoots,
  },
  key_usage: {
    indication: 'INDETERMINATE',
    sub: 'CHAIN_CONSTRAINTS_FAILURE',
    vi: 'Chứng thư không được cấp cho mục đích ký số.',
    en: 'The certificate was not issued for signing.',
    next: askSigner,
  },
  algorithm_not_allowed: {
    indication: 'INDETERMINATE',
    sub: 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE',
    vi: 'Chữ ký hoặc chứng thư dùng thuật toán không còn được phép (ví dụ SHA-1, khóa ngắn).',
    en: 'The signature or a certificate uses an algorithm that is no longer allowed (SHA-1 or a short key, say).',
    next: askTimeStamp,
  },
  revoked_no_proof: {
    indication: 'INDETERMINATE',
    sub: 'REVOKED_NO_POE',
    vi: 'Chứng thư đã bị thu hồi và không có bằng chứng là chữ ký có trước khi thu hồi.',
    en: 'The certificate was revoked, and nothing proves that the signature was there before.',
    next: askTimeStamp,
  },
  issuer_revoked: {
    indication: 'INDETERMINATE',
    sub: 'REVOKED_CA_NO_POE',
    vi: 'Chứng thư của tổ chức cấp đã bị thu hồi.',
    en: 'The certificate of an issuer was revoked.',
    next: askTimeStamp,
  },
  expired_no_proof: {
    indication: 'INDETERMINATE',
    sub: 'OUT_OF_BOUNDS_NO_POE',
    vi: 'Chứng thư nay đã hết hạn (hoặc chưa có hiệu lực) và không có dấu thời gian chứng minh chữ ký có khi chứng thư còn hiệu lực.',
    en: 'The certificate is out of its period by now, and no time stamp proves that the signature was made within it.',
    next: askTimeStamp,
  },
  revocation_unknown: {
    indication: 'INDETERMINATE',
    sub: 'TRY_LATER',
    vi: 'Chưa kiểm tra được tình trạng thu hồi của chứng thư: không có danh sách thu hồi (CRL) còn hiệu lực.',
    en: 'The revocation status of the certificate could not be checked: there is no current revocation list (CRL).',
    next: giveCrl,
  },
  signing_time_in_future: {
    indication: 'INDETERMINATE',
    sub: 'SIG_CONSTRAINTS_FAILURE',
    vi: 'Thời gian ký ghi trong chữ ký nằm sau thời điểm kiểm tra.',
    en: 'The signing time that the signature states lies after the time of this check.',
    next: askTimeStamp,
  },
} as const satisfies Record<string, FindingText>;

export type FindingCode = keyof typeof findings;

/** Worth telling beside the verdict. */
export const notes = {
  time_is_claimed: {
    vi: 'Thời gian ký do máy của người ký ghi, không có dấu thời gian xác nhận.',
    en: 'The signing time was written by the signer’s own machine; no time stamp confirms it.',
  },
  no_signing_time: {
    vi: 'Chữ ký không ghi thời gian ký; hiệu lực được xét tại thời điểm kiểm tra.',
    en: 'The signature states no time; validity was judged for the time of this check.',
  },
  rsa_pkcs1: {
    vi: 'Chữ ký dùng RSA PKCS#1 v1.5; Thông tư 15/2025/TT-BKHCN yêu cầu RSASSA-PSS khi ký mới.',
    en: 'The signature uses RSA PKCS#1 v1.5; Circular 15/2025/TT-BKHCN asks for RSASSA-PSS in new signatures.',
  },
  extended_key_usage: {
    vi: 'Mục đích mở rộng (EKU) của chứng thư không nêu việc ký tài liệu.',
    en: 'The extended key usage of the certificate does not name the signing of documents.',
  },
  not_baseline: {
    vi: 'Chữ ký không theo chuẩn PAdES mức cơ sở (EN 319 142-1).',
    en: 'The signature is not a PAdES baseline one (EN 319 142-1).',
  },
  signing_time_attribute: {
    vi: 'Chữ ký có thuộc tính signing-time mà PAdES không cho phép.',
    en: 'The signature has a signing-time attribute, which PAdES forbids.',
  },
  local_time_as_utc: {
    vi: 'Giờ ký ghi lệch 7 giờ so với dấu thời gian: có thể máy ký ghi giờ Việt Nam như giờ UTC.',
    en: 'The claimed time is 7 hours ahead of the time stamp: the signing machine may have written Việt Nam time as UTC.',
  },
  time_stamp_broken: {
    vi: 'Có dấu thời gian không còn nguyên vẹn; dấu thời gian đó không được tính.',
    en: 'A time stamp is not intact; it was not counted.',
  },
  time_stamp_untrusted: {
    vi: 'Dấu thời gian không dẫn tới tổ chức tin cậy; không được coi là bằng chứng về thời gian.',
    en: 'A time stamp does not lead to a trusted authority; it is no proof of time.',
  },
  time_stamp_weak: {
    vi: 'Dấu thời gian dùng thuật toán không còn được phép (ví dụ SHA-1, khóa ngắn); không được coi là bằng chứng về thời gian.',
    en: 'A time stamp uses an algorithm that is no longer allowed (SHA-1 or a short key, say); it is no proof of time.',
  },
  time_stamp_status_old: {
    vi: 'Tình trạng chứng thư của tổ chức cấp dấu thời gian được xét theo dữ liệu thu hồi lúc đóng dấu; không có dữ liệu mới hơn.',
    en: 'The authority of a time stamp was judged by revocation data from the time of stamping; newer data was not at hand.',
  },
  later_signatures: {
    vi: 'Sau chữ ký này tài liệu có thêm chữ ký hoặc nội dung điền được phép.',
    en: 'After this signature, permitted signatures or fillings were added.',
  },
} as const satisfies Record<string, Words>;

export type NoteCode = keyof typeof notes;
