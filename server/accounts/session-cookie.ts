import type { Request, Response } from 'express';
import { cookieOf } from '../platform/cookie.ts';

/** The cookie of the session: out of reach of scripts, sent to this site from this site only. */
export interface SessionCookie {
  readonly name: string;
  set(res: Response, secret: string, expires: Date): void;
  clear(res: Response): void;
  read(req: Request): string | undefined;
}

/** `secure` when browsers reach us by https: the name then binds the cookie to this host (RFC 6265bis 4.1.3.2). */
export function sessionCookie(secure: boolean): SessionCookie {
  const name = secure ? '__Host-anso_session' : 'anso_session';
  const options = { httpOnly: true, sameSite: 'strict', secure, path: '/' } as const;
  return {
    name,
    set: (res, secret, expires) => res.cookie(name, secret, { ...options, expires }),
    clear: (res) => res.clearCookie(name, options),
    read: (req) => cookieOf(req, name),
  };
}
