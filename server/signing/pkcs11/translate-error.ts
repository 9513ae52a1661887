import { SigningError, type SigningErrorCode } from '../errors.ts';

/** Name of the return value (`CKR_…`) that pkcs11js throws; undefined for any other error. */
export function cryptokiCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return /^CKR_\w+/.exec(error.message)?.[0];
}

/** The token went away. */
const REMOVED: readonly string[] = [
  'CKR_DEVICE_REMOVED',
  'CKR_TOKEN_NOT_PRESENT',
  'CKR_TOKEN_NOT_RECOGNIZED',
  'CKR_SLOT_ID_INVALID',
  'CKR_SESSION_HANDLE_INVALID',
  'CKR_SESSION_CLOSED',
];

/** With the token, or through another use of the module, what this session knew is gone; a fresh start may mend it. */
const LOST: readonly string[] = [
  ...REMOVED,
  'CKR_USER_NOT_LOGGED_IN',
  'CKR_KEY_HANDLE_INVALID',
  'CKR_OBJECT_HANDLE_INVALID',
  'CKR_CRYPTOKI_NOT_INITIALIZED',
  'CKR_DEVICE_ERROR',
];

export const isLost = (error: unknown): boolean => LOST.includes(cryptokiCode(error) ?? '');

const CODES: Readonly<Record<string, SigningErrorCode>> = {
  CKR_PIN_INCORRECT: 'signing.wrong_pin',
  CKR_PIN_INVALID: 'signing.wrong_pin',
  CKR_PIN_LEN_RANGE: 'signing.wrong_pin',
  CKR_PIN_LOCKED: 'signing.pin_locked',
  CKR_PIN_EXPIRED: 'signing.pin_to_be_changed',
  CKR_USER_PIN_NOT_INITIALIZED: 'signing.token_not_initialised',
  CKR_MECHANISM_INVALID: 'signing.mechanism_unsupported',
  CKR_MECHANISM_PARAM_INVALID: 'signing.mechanism_unsupported',
  CKR_KEY_TYPE_INCONSISTENT: 'signing.mechanism_unsupported',
  CKR_KEY_SIZE_RANGE: 'signing.mechanism_unsupported',
  CKR_KEY_FUNCTION_NOT_PERMITTED: 'signing.mechanism_unsupported',
};

/** What a caller of this package is told; only the name of the return value is passed on, never what was sent. */
export function translateError(error: unknown): SigningError {
  if (error instanceof SigningError) return error;
  const code = cryptokiCode(error);
  if (code === undefined) return new SigningError('signing.key_failed', 'the PKCS#11 module failed');
  return new SigningError(
    CODES[code] ?? (REMOVED.includes(code) ? 'signing.token_removed' : 'signing.key_failed'),
    code,
  );
}
