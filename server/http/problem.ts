import type { Request, Response } from 'express';
import type { CodedError } from '../errors/coded-error.ts';
import { textOfError } from './error-table.ts';
import { requestIdOf } from './request-context.ts';

/** RFC 9457, with our `code`, both sentences and what the error tells about itself. */
export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly messages: { readonly vi: string; readonly en: string };
  /** For the developer of a client, in English; only of errors the client can mend. */
  readonly detail?: string;
  readonly details?: Readonly<Record<string, unknown>>;
  /** The request, as it is named in the log. */
  readonly instance: string;
}

export type Language = 'vi' | 'en';

/** RFC 9110 12.5.4; Vietnamese when the client has no wish or one we cannot fulfil. */
export function languageOf(req: Request): Language {
  return req.acceptsLanguages('vi', 'en') === 'en' ? 'en' : 'vi';
}

export function problemOf(error: CodedError, language: Language, requestId: string): Problem {
  const { status, vi, en } = textOfError(error.code);
  return {
    type: 'about:blank',
    title: language === 'en' ? en : vi,
    status,
    code: error.code,
    messages: { vi, en },
    ...(status < 500 ? { detail: error.message } : {}),
    ...(Object.keys(error.details).length > 0 ? { details: error.details } : {}),
    instance: `urn:uuid:${requestId}`,
  };
}

export function sendProblem(req: Request, res: Response, error: CodedError): void {
  const language = languageOf(req);
  const problem = problemOf(error, language, requestIdOf(res));
  const retryAfter = error.details.retryAfterSeconds;
  if (typeof retryAfter === 'number') res.set('Retry-After', String(Math.ceil(retryAfter)));
  if (problem.status === 401) res.set('WWW-Authenticate', 'Bearer realm="anso"');
  res.vary('Accept-Language').set('Content-Language', language);
  res.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}
