import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Logger } from '../platform/services.ts';
import { textOfError } from './error-table.ts';
import { HttpError } from './errors.ts';
import { asCodedError } from './foreign-errors.ts';
import { sendProblem } from './problem.ts';
import { requestIdOf } from './request-context.ts';

/** The last middleware: whatever was thrown becomes a problem document, and only our own faults are logged as errors. */
export function problemHandler(logger: Logger): ErrorRequestHandler {
  return (thrown, req, res, next) => {
    const error = asCodedError(thrown);
    if (textOfError(error.code).status >= 500) {
      logger.error({ requestId: requestIdOf(res), error }, 'request failed');
    }
    // Half an answer cannot be turned into a problem: let express cut the connection, so that the client notices.
    if (res.headersSent) return next(thrown);
    sendProblem(req, res, error);
  };
}

export const nothingHere: RequestHandler = (req) => {
  throw new HttpError('http.not_found', `${req.method} ${req.path} is no route`);
};
