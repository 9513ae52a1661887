import type { RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { HttpError } from './errors.ts';

/** Counts in the memory of this server, per address; what must be exact (wrong passwords, wrong PINs) is counted in the store. */
export function rateLimitPerMinute(limit: number): RequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: () => {
      throw new HttpError('http.too_many_requests', `more than ${limit} requests in a minute`, {
        details: { retryAfterSeconds: 60 },
      });
    },
  });
}
