import type { Request, RequestHandler } from 'express';
import { cookieOf } from '../platform/cookie.ts';
import type { Access, Actor } from '../platform/route.ts';
import { HttpError } from './errors.ts';
import { contextOf } from './request-context.ts';

/** accounts -> http. Undefined: no such session or token, or it counts no more. */
export interface Authenticator {
  bySession(secret: string): Promise<Actor | undefined>;
  byToken(secret: string): Promise<Actor | undefined>;
}

/**
 * Finds out who asks; whether that is enough is asked later. A `Bearer` header goes before the cookie. A secret that does
 * not count is as good as none: public routes still answer.
 */
export function authentication(authenticator: Authenticator, cookie: string): RequestHandler {
  return async (req, res, next) => {
    const context = contextOf(res);
    const token = bearerOf(req);
    const session = token === undefined ? cookieOf(req, cookie) : undefined;
    const actor =
      token !== undefined
        ? await authenticator.byToken(token)
        : session !== undefined
          ? await authenticator.bySession(session)
          : undefined;
    if (actor !== undefined) {
      context.actor = actor;
      context.authenticatedBy = token === undefined ? 'cookie' : 'header';
    }
    next();
  };
}

/** @throws HttpError `http.not_signed_in`, `http.role_not_allowed`. */
export function checkAccess(access: Access, actor: Actor | undefined): void {
  if (access === 'public') return;
  if (actor === undefined) throw new HttpError('http.not_signed_in', 'this route needs an account');
  if (access === 'signed-in' || access.some((role) => actor.roles.includes(role))) return;
  throw new HttpError('http.role_not_allowed', `this route is for ${access.join(', ')}`);
}

const MAX_SECRET = 200;

function bearerOf(req: Request): string | undefined {
  const match = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(req.headers.authorization ?? '');
  return match?.[1] !== undefined && match[1].length <= MAX_SECRET ? match[1] : undefined;
}
