import { CodedError, type ErrorText } from '../errors/coded-error.ts';

export const signingErrors = {
  'signing.p12_unreadable': {
    status: 422,
    vi: 'Tệp PKCS#12 (.p12, .pfx) không đọc được.',
    en: 'The PKCS#12 file (.p12, .pfx) cannot be read.',
  },
  'signing.p12_wrong_passphrase': {
    status: 422,
    vi: 'Mật khẩu của tệp PKCS#12 không đúng.',
    en: 'The passphrase of the PKCS#12 file is wrong.',
  },
  'signing.p12_damaged': {
    status: 422,
    vi: 'Mật khẩu đúng nhưng tệp PKCS#12 bị hỏng; hãy lấy lại tệp gốc.',
    en: 'The passphrase is right, but the PKCS#12 file is damaged; get the original again.',
  },
  'signing.p12_no_key': {
    status: 422,
    vi: 'Tệp PKCS#12 không chứa khóa bí mật.',
    en: 'The PKCS#12 file holds no private key.',
  },
  'signing.p12_no_certificate': {
    status: 422,
    vi: 'Tệp PKCS#12 không chứa chứng thư số của khóa bí mật.',
    en: 'The PKCS#12 file does not hold the certificate of its private key.',
  },
  'signing.p12_several_keys': {
    status: 422,
    vi: 'Tệp PKCS#12 chứa nhiều khóa bí mật; hãy chọn chứng thư số cần dùng.',
    en: 'The PKCS#12 file holds several private keys; say which certificate is meant.',
  },
  'signing.p12_too_expensive': {
    status: 422,
    vi: 'Tệp PKCS#12 đòi hỏi số vòng lặp tính khóa vượt quá giới hạn.',
    en: 'The PKCS#12 file demands more key derivation rounds than are allowed.',
  },
  'signing.p12_unsupported': {
    status: 422,
    vi: 'Tệp PKCS#12 dùng thuật toán mã hóa không được hỗ trợ.',
    en: 'The PKCS#12 file is encrypted with an algorithm that is not supported.',
  },
  'signing.key_unsupported': {
    status: 422,
    vi: 'Loại khóa này không dùng để ký được.',
    en: 'A key of this kind cannot sign here.',
  },
  'signing.key_too_weak': {
    status: 422,
    vi: 'Khóa quá yếu: khóa RSA phải dài ít nhất 2048 bit, khóa ECDSA ít nhất 256 bit.',
    en: 'The key is too weak: RSA takes at least 2048 bits, ECDSA at least 256.',
  },
  'signing.algorithm_refused': {
    status: 422,
    vi: 'Thuật toán ký không được phép dùng với khóa này.',
    en: 'The signature algorithm is not allowed with this key.',
  },
  'signing.certificate_not_yet_valid': {
    status: 409,
    vi: 'Chứng thư số chưa đến ngày bắt đầu có hiệu lực.',
    en: 'The certificate is not valid yet.',
  },
  'signing.certificate_expired': {
    status: 409,
    vi: 'Chứng thư số đã hết hạn sử dụng; hãy đề nghị gia hạn hoặc cấp mới.',
    en: 'The certificate has expired; ask for a renewal or a new one.',
  },
  'signing.certificate_revoked': {
    status: 409,
    vi: 'Chứng thư số đã bị thu hồi nên không ký được; hãy đề nghị cấp chứng thư số mới.',
    en: 'The certificate has been revoked and cannot sign; ask for a new one.',
  },
  'signing.key_usage': {
    status: 409,
    vi: 'Chứng thư số không được cấp để ký số.',
    en: 'The certificate is not meant for signing documents.',
  },
  'signing.wrong_pin': {
    status: 403,
    vi: 'Mã PIN không đúng.',
    en: 'The PIN is wrong.',
  },
  'signing.pin_locked': {
    status: 423,
    vi: 'Khóa ký đã bị khóa vì nhập sai mã PIN nhiều lần; hãy đề nghị quản trị viên, hoặc nơi cấp thiết bị nếu là USB token, mở khóa.',
    en: 'The key is locked after too many wrong PINs; ask an administrator to unlock it, or who issued it when it is a token.',
  },
  'signing.pin_unfit': {
    status: 422,
    vi: 'Mã PIN phải có từ 6 đến 16 ký tự và không toàn một ký tự.',
    en: 'A PIN has 6 to 16 characters, and not all the same.',
  },
  'signing.pkcs11_unavailable': {
    status: 501,
    vi: 'Máy này không có thành phần PKCS#11 (pkcs11js) nên không dùng được USB token, HSM; hãy cài lại anso trên máy có trình biên dịch C++ và Python, hoặc chạy npm rebuild pkcs11js.',
    en: 'The PKCS#11 component (pkcs11js) is missing on this machine, so tokens and HSMs cannot be used; install anso again where a C++ compiler and Python are present, or run npm rebuild pkcs11js.',
  },
  'signing.pkcs11_module_unusable': {
    status: 500,
    vi: 'Không dùng được thư viện PKCS#11 của thiết bị; hãy kiểm tra đường dẫn và trình điều khiển.',
    en: 'The PKCS#11 library of the device cannot be used; check its path and its driver.',
  },
  'signing.token_not_found': {
    status: 404,
    vi: 'Không tìm thấy thiết bị lưu khóa; hãy cắm thiết bị hoặc kiểm tra tên.',
    en: 'There is no such token; plug it in, or check its name.',
  },
  'signing.token_ambiguous': {
    status: 409,
    vi: 'Có nhiều thiết bị lưu khóa; hãy chọn một thiết bị.',
    en: 'There are several tokens; say which one is meant.',
  },
  'signing.token_no_certificate': {
    status: 404,
    vi: 'Thiết bị lưu khóa không có chứng thư số này.',
    en: 'The token does not hold this certificate.',
  },
  'signing.token_several_certificates': {
    status: 409,
    vi: 'Thiết bị lưu khóa có nhiều chứng thư số; hãy chọn chứng thư số cần dùng.',
    en: 'The token holds several certificates; say which one is meant.',
  },
  'signing.token_no_key': {
    status: 404,
    vi: 'Thiết bị lưu khóa không có khóa bí mật của chứng thư số này.',
    en: 'The token does not hold the private key of this certificate.',
  },
  'signing.token_not_initialised': {
    status: 409,
    vi: 'Thiết bị lưu khóa chưa được khởi tạo hoặc chưa đặt mã PIN.',
    en: 'The token has not been initialised, or has no PIN yet.',
  },
  'signing.token_removed': {
    status: 409,
    vi: 'Thiết bị lưu khóa đã bị rút ra; hãy cắm lại rồi ký tiếp.',
    en: 'The token was removed; plug it in again and go on.',
  },
  'signing.token_timeout': {
    status: 504,
    vi: 'Thiết bị lưu khóa không trả lời trong thời gian cho phép.',
    en: 'The token did not answer in time.',
  },
  'signing.pin_final_try': {
    status: 409,
    vi: 'Chỉ còn một lần nhập mã PIN trước khi thiết bị bị khóa nên không thử; hãy chắc chắn mã PIN đúng rồi cho phép thử lần cuối.',
    en: 'One try is left before the token locks, so none was made; make sure of the PIN, then allow the final try.',
  },
  'signing.pin_to_be_changed': {
    status: 409,
    vi: 'Mã PIN của thiết bị phải được đổi trước khi ký.',
    en: 'The PIN of the token has to be changed before it signs.',
  },
  'signing.pin_kept_by_token': {
    status: 409,
    vi: 'Mã PIN này do thiết bị lưu khóa giữ; hãy đổi bằng phần mềm của thiết bị.',
    en: 'The token keeps this PIN; change it with the software of the token.',
  },
  'signing.mechanism_unsupported': {
    status: 422,
    vi: 'Thiết bị lưu khóa không ký được bằng thuật toán này; hãy thử --rsa pkcs1 hoặc --digest sha256.',
    en: 'The token cannot sign with this algorithm; try --rsa pkcs1 or --digest sha256.',
  },
  'signing.key_not_found': {
    status: 404,
    vi: 'Không tìm thấy khóa ký.',
    en: 'There is no such key.',
  },
  'signing.key_exists': {
    status: 409,
    vi: 'Khóa của chứng thư số này đã có trong kho khóa.',
    en: 'The key of this certificate is in the key store already.',
  },
  'signing.server_key_mismatch': {
    status: 500,
    vi: 'Khóa ký được niêm phong bằng một khóa máy chủ khác.',
    en: 'The key was sealed under another server key.',
  },
  'signing.key_failed': {
    status: 500,
    vi: 'Khóa bí mật không tạo được chữ ký.',
    en: 'The private key failed to make a signature.',
  },
  'signing.failed': {
    status: 500,
    vi: 'Ký không thành công vì lỗi của hệ thống.',
    en: 'Signing failed through a fault of the system.',
  },
  'signing.timed_out': {
    status: 422,
    vi: 'Tệp cần ký mất quá nhiều thời gian để đọc.',
    en: 'Reading the file takes too long.',
  },
  'signing.not_counted': {
    status: 500,
    vi: 'Không ghi được lần ký vào nhật ký sử dụng nên chữ ký đã bị hủy.',
    en: 'The attempt could not be written to the usage log, so the signature was discarded.',
  },
  'signing.self_check_failed': {
    status: 500,
    vi: 'Chữ ký vừa tạo không khớp với chứng thư số nên đã bị hủy.',
    en: 'The new signature does not fit the certificate and was discarded.',
  },
  'signing.nothing_to_augment': {
    status: 422,
    vi: 'Tệp không có chữ ký nào để nâng mức.',
    en: 'The file has no signature whose level could be raised.',
  },
  'signing.not_intact': {
    status: 409,
    vi: 'Có chữ ký không còn nguyên vẹn nên không nâng mức được.',
    en: 'A signature is not intact, so its level cannot be raised.',
  },
  'signing.no_chain': {
    status: 409,
    vi: 'Chứng thư số không dẫn tới chứng thư gốc tin cậy nào, nên không có gì chứng minh lâu dài được.',
    en: 'A certificate leads to no trusted root, so nothing can prove it in the long run.',
  },
  'signing.level_not_reached': {
    status: 500,
    vi: 'Tệp ký xong không đạt mức chữ ký được yêu cầu nên đã bị hủy.',
    en: 'The result did not reach the signature level asked for and was discarded.',
  },
  'signing.source_missing': {
    status: 404,
    vi: 'Không đọc được tệp cần ký.',
    en: 'The file to be signed cannot be read.',
  },
  'signing.not_tried': {
    status: 409,
    vi: 'Tệp này chưa được ký vì một tệp trước đó bị từ chối.',
    en: 'This file was not tried, since an earlier one was refused.',
  },
  'signing.output_taken': {
    status: 409,
    vi: 'Hai tệp cần ký có cùng tên tệp kết quả.',
    en: 'Two of the files would be signed under the same name.',
  },
  'signing.write_failed': {
    status: 500,
    vi: 'Không ghi được tệp đã ký.',
    en: 'The signed file cannot be written.',
  },
  'signing.disk_full': {
    status: 507,
    vi: 'Hết chỗ trên đĩa khi ghi tệp đã ký.',
    en: 'The disk is full; the signed file was not written.',
  },
  'signing.state_invalid': {
    status: 422,
    vi: 'Tệp trạng thái ký không đọc được hoặc đã bị sửa; hãy chuẩn bị ký lại.',
    en: 'The state of the prepared signature cannot be read or was changed; prepare it again.',
  },
  'signing.source_changed': {
    status: 409,
    vi: 'Tệp đã thay đổi sau khi chuẩn bị ký; hãy chuẩn bị ký lại.',
    en: 'The file has changed since the signature was prepared; prepare it again.',
  },
  'signing.deferred_expired': {
    status: 409,
    vi: 'Đã quá thời hạn hoàn tất chữ ký này; hãy chuẩn bị ký lại.',
    en: 'The time to complete this signature is over; prepare it again.',
  },
  'signing.deferred_completed': {
    status: 409,
    vi: 'Chữ ký này đã được hoàn tất.',
    en: 'This signature has been completed already.',
  },
  'signing.value_unreadable': {
    status: 422,
    vi: 'Giá trị chữ ký không đọc được; hãy gửi dạng nhị phân, thập lục phân hoặc base64.',
    en: 'The signature value cannot be read; give it raw, in hexadecimal or in base64.',
  },
  'signing.wrong_value': {
    status: 422,
    vi: 'Giá trị chữ ký không khớp với chứng thư số và tệp đã chuẩn bị.',
    en: 'The signature value does not fit the certificate and the prepared file.',
  },
  'signing.output_exists': {
    status: 409,
    vi: 'Tệp kết quả đã có sẵn.',
    en: 'The output file is there already.',
  },
} as const satisfies Record<string, ErrorText>;

export type SigningErrorCode = keyof typeof signingErrors;
export class SigningError extends CodedError<SigningErrorCode> {}
