/** What a caller, a page and an HTTP client learn of a code: the status (RFC 9110) and the sentence in both languages. */
export interface ErrorText {
  readonly status: number;
  readonly vi: string;
  readonly en: string;
}

/**
 * The one base of every expected failure. A package declares its codes as one table (code to {@link ErrorText}),
 * so its union of codes is closed by `keyof` and no code exists without a sentence for the user.
 *
 * `details` is shown to the caller: it never holds a secret, a PIN or a key.
 */
export class CodedError<Code extends string = string> extends Error {
  readonly code: Code;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: Code,
    message: string,
    options: { details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.details = options.details ?? {};
  }
}
