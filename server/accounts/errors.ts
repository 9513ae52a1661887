import { CodedError, type ErrorText } from '../errors/coded-error.ts';

export const accountsErrors = {
  'accounts.wrong_credentials': {
    status: 401,
    vi: 'Tên đăng nhập hoặc mật khẩu không đúng.',
    en: 'The login or the password is wrong.',
  },
  'accounts.too_many_attempts': {
    status: 429,
    vi: 'Đã thử sai quá nhiều lần; xin chờ rồi thử lại.',
    en: 'Too many wrong attempts; wait, then try again.',
  },
  'accounts.disabled': {
    status: 403,
    vi: 'Tài khoản đã bị khóa; hãy liên hệ người quản trị.',
    en: 'The account is disabled; ask an administrator.',
  },
  'accounts.password_change_required': {
    status: 403,
    vi: 'Bạn phải đổi mật khẩu trước khi đăng nhập.',
    en: 'You must change your password before you sign in.',
  },
  'accounts.weak_password': {
    status: 422,
    vi: 'Mật khẩu chưa đạt yêu cầu.',
    en: 'The password does not meet the rules.',
  },
  'accounts.password_used_before': {
    status: 422,
    vi: 'Mật khẩu này đã được dùng trước đây.',
    en: 'This password was used before.',
  },
  'accounts.link_invalid': {
    status: 403,
    vi: 'Đường dẫn dùng một lần này không đúng, đã hết hạn hoặc đã được dùng.',
    en: 'This one-time link is wrong, has expired or has been used.',
  },
  'accounts.login_taken': {
    status: 409,
    vi: 'Tên đăng nhập này đã có người dùng.',
    en: 'This login is taken.',
  },
  'accounts.agency_code_taken': {
    status: 409,
    vi: 'Mã định danh này đã được cấp cho cơ quan khác.',
    en: 'Another agency has this identifier code.',
  },
  'accounts.not_found': {
    status: 404,
    vi: 'Không có tài khoản, cơ quan hoặc đơn vị này.',
    en: 'There is no such account, agency or unit.',
  },
  'accounts.outside_agency': {
    status: 403,
    vi: 'Bạn chỉ quản trị được cơ quan của mình và các cơ quan trực thuộc.',
    en: 'You administer your own agency and those below it only.',
  },
  'accounts.roles_conflict': {
    status: 422,
    vi: 'Các vai trò này không được giao cho cùng một người.',
    en: 'One person may not hold these roles together.',
  },
  'accounts.own_account': {
    status: 403,
    vi: 'Bạn không được tự thay đổi quyền hoặc trạng thái tài khoản của mình.',
    en: 'You may not change the roles or the state of your own account.',
  },
  'accounts.last_administrator': {
    status: 409,
    vi: 'Phải còn ít nhất một người quản trị.',
    en: 'At least one administrator must remain.',
  },
  'accounts.session_required': {
    status: 403,
    vi: 'Việc này cần người dùng đăng nhập, không dùng mã truy cập của chương trình.',
    en: 'This needs a signed-in person, not a token of a program.',
  },
  'accounts.invalid': {
    status: 422,
    vi: 'Thông tin tài khoản hoặc cơ quan không hợp lệ.',
    en: 'The facts of the account or the agency are not valid.',
  },
  'accounts.roles_not_held': {
    status: 422,
    vi: 'Mã truy cập không được có vai trò mà bạn không có.',
    en: 'A token may not have roles that you do not hold.',
  },
} as const satisfies Record<string, ErrorText>;

export type AccountsErrorCode = keyof typeof accountsErrors;
export class AccountsError extends CodedError<AccountsErrorCode> {}
