import type { Request, RequestHandler } from 'express';
import { HttpError } from './errors.ts';
import { contextOf } from './request-context.ts';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses writes that another site's page makes a browser send (cross-site request forgery), as a second wall behind
 * SameSite=Strict cookies. Every browser names the origin of a write; a write with a cookie and without an origin is
 * therefore refused as well. Programs that send a token are not concerned.
 */
export function originCheck(publicOrigin: string | undefined): RequestHandler {
  return (req, res, next) => {
    if (!READS.has(req.method) && contextOf(res).authenticatedBy !== 'header') {
      const foreign = isForeign(req, publicOrigin);
      if (foreign || (foreign === undefined && contextOf(res).authenticatedBy === 'cookie')) {
        throw new HttpError('http.foreign_origin', 'the Origin header is not that of this service');
      }
    }
    next();
  };
}

/** Undefined: the client does not say where it comes from. */
function isForeign(req: Request, publicOrigin: string | undefined): boolean | undefined {
  const { origin } = req.headers;
  if (origin === undefined) {
    const site = req.headers['sec-fetch-site'];
    return site === undefined ? undefined : site !== 'same-origin' && site !== 'none';
  }
  if (publicOrigin !== undefined) return origin !== publicOrigin;
  return !URL.canParse(origin) || new URL(origin).host !== req.headers.host;
}
