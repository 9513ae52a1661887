import type { RequestHandler, Response } from 'express';
import type { Actor } from '../platform/route.ts';

/** What the middleware of one request tell each other; kept in `res.locals`, which express makes for that. */
interface Context {
  requestId?: string;
  actor?: Actor;
  /** By a cookie the browser sends of its own accord, or by a header the client chose to send. */
  authenticatedBy?: 'cookie' | 'header';
  /** Path as the route declares it, for logs and counts. */
  route?: string;
}

export const contextOf = (res: Response): Context => res.locals as Context;
export const requestIdOf = (res: Response): string => contextOf(res).requestId ?? '';

/** Our own id, never the client's: it names lines of the log. */
export function assignRequestId(newId: () => string): RequestHandler {
  return (_req, res, next) => {
    const id = newId();
    contextOf(res).requestId = id;
    res.set('X-Request-Id', id);
    next();
  };
}
