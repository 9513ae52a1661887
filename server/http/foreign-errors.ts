import { CodedError } from '../errors/coded-error.ts';
import { StorageError } from '../storage/errors.ts';
import { HttpError, type HttpErrorCode } from './errors.ts';

/** Errors of express, body-parser, multer and node, as ours. What is not known here is a fault of the server. */
export function asCodedError(error: unknown): CodedError {
  if (error instanceof CodedError) return error;
  if (error instanceof Error && 'code' in error && NO_ROOM.has(String(error.code))) {
    return new StorageError('storage.full', 'no room for what was sent', { cause: error });
  }
  const code = known(error);
  if (code !== undefined) return new HttpError(code, `refused: ${describe(error)}`, { cause: error });
  return new HttpError('http.internal', 'unexpected error', { cause: error });
}

function known(error: unknown): HttpErrorCode | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === 'MulterError' || MULTIPART.test(error.message)) {
    return 'code' in error &&
      String(error.code).startsWith('LIMIT_') &&
      error.code !== 'LIMIT_UNEXPECTED_FILE'
      ? 'http.too_large'
      : 'http.bad_upload';
  }
  if ('type' in error && typeof error.type === 'string') {
    const code = BODY_PARSER[error.type];
    if (code !== undefined) return code;
  }
  // http-errors marks what may be shown; express does so for a path that does not decode.
  const status = 'status' in error && typeof error.status === 'number' ? error.status : 500;
  if (status === 413) return 'http.too_large';
  if (status === 415) return 'http.unsupported_type';
  if (status === 404) return 'http.not_found';
  return status >= 400 && status < 500 ? 'http.bad_request' : undefined;
}

/** What node says while an upload is written to a full disk. */
const NO_ROOM = new Set(['ENOSPC', 'EDQUOT']);

/** The names body-parser gives its errors. */
const BODY_PARSER: Readonly<Record<string, HttpErrorCode>> = {
  'entity.parse.failed': 'http.malformed_json',
  'entity.too.large': 'http.too_large',
  'encoding.unsupported': 'http.unsupported_type',
  'charset.unsupported': 'http.unsupported_type',
  'request.aborted': 'http.bad_request',
  'request.size.invalid': 'http.bad_request',
};

/** What busboy says of a broken multipart body; it has no codes. */
const MULTIPART = /^(Unexpected end of form|Malformed|Multipart: |Unsupported content type)/;

/** A parser's message repeats what was sent, which may be a secret; multer's do not. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'error';
  return error.name === 'MulterError' ? error.message : error.name;
}
