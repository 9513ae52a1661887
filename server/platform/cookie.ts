import type { IncomingMessage } from 'node:http';

/** Longer than any secret of ours: what is longer is none. */
const MAX_VALUE = 200;

/** The first cookie of that name (RFC 6265 4.2.1). */
export function cookieOf(req: Pick<IncomingMessage, 'headers'>, name: string): string | undefined {
  for (const pair of (req.headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) {
      const value = pair.slice(at + 1).trim();
      return value.length <= MAX_VALUE ? value : undefined;
    }
  }
  return undefined;
}
