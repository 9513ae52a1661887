import express, { type RequestHandler } from 'express';
import { HttpError } from './errors.ts';

/** No schema of ours nests deeper; recursion over a body is then safe everywhere. */
const MAX_DEPTH = 64;

/**
 * Reads a JSON body (RFC 8259: UTF-8 only) of at most `limit` bytes. Refuses what later code could not keep unchanged:
 * malformed UTF-8, lone surrogates, U+0000.
 */
export function jsonBody(limit: number): RequestHandler {
  const parse = express.json({
    limit,
    strict: false,
    type: ['application/json', 'application/*+json'],
    verify: (_req, _res, bytes) => refuseHostile(bytes),
  });
  return (req, res, next) => {
    if (hasBody(req.headers) && !req.is(['application/json', 'application/*+json'])) {
      throw new HttpError('http.unsupported_type', 'the body must be application/json');
    }
    const charset = /;\s*charset="?([^";\s]+)/i.exec(req.headers['content-type'] ?? '')?.[1];
    if (charset !== undefined && charset.toLowerCase() !== 'utf-8') {
      throw new HttpError('http.unsupported_type', 'JSON is UTF-8 (RFC 8259)');
    }
    parse(req, res, next);
  };
}

const hasBody = (headers: Record<string, unknown>): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

const utf8 = new TextDecoder('utf-8', { fatal: true });

function refuseHostile(bytes: Buffer): void {
  try {
    utf8.decode(bytes);
  } catch (cause) {
    throw new HttpError('http.bad_encoding', 'the body is not UTF-8', { cause });
  }
  let depth = 0;
  let inString = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (inString) {
      if (byte === BACKSLASH) at += lengthOfEscape(bytes.toString('latin1', at, at + 12)) - 1;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      depth += 1;
      if (depth > MAX_DEPTH) throw new HttpError('http.too_deep', `the body nests deeper than ${MAX_DEPTH}`);
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth -= 1;
  }
}

/** In UTF-8 that is well formed only an escape can stand for U+0000 or half a surrogate pair. */
function lengthOfEscape(text: string): number {
  if (/^\\ud[89ab]..\\ud[c-f]/i.test(text)) return 12;
  if (/^\\u(?:0000|d[89a-f])/i.test(text)) {
    throw new HttpError('http.malformed_json', 'text with U+0000 or half a surrogate pair');
  }
  return 2;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
