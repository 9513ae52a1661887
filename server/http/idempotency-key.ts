import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Request } from 'express';
import type {} from 'multer';
import { HttpError } from './errors.ts';

/** The header's value (a quoted string in the draft, bare in the wild). @throws HttpError `http.idempotency_key_bad`. */
export function idempotencyKeyOf(req: Request): string | undefined {
  const header = req.headers['idempotency-key'];
  if (header === undefined) return undefined;
  const key = String(header).replace(/^"(.*)"$/, '$1');
  if (!/^[\x21-\x7e]{8,200}$/.test(key)) {
    throw new HttpError('http.idempotency_key_bad', 'the key has 8 to 200 visible ASCII characters');
  }
  return key;
}

/** What makes two requests the same: the query, the JSON body or the form's texts and files. */
export async function partsOf(req: Request): Promise<(string | Uint8Array)[]> {
  const query = req.url.includes('?') ? req.url.slice(req.url.indexOf('?')) : '';
  const parts: (string | Uint8Array)[] = [query, JSON.stringify(req.body ?? null)];
  for (const file of filesOf(req)) {
    parts.push(file.fieldname, file.originalname, file.mimetype, await digestOf(file));
  }
  return parts;
}

/** What multer found, whatever shape it was asked to give it. */
export function filesOf(req: Request): Express.Multer.File[] {
  const files =
    req.files === undefined ? [] : Array.isArray(req.files) ? req.files : Object.values(req.files).flat();
  return req.file === undefined ? files : [req.file, ...files];
}

/** A storage engine that hashed while it streamed says so in `sha256`. */
async function digestOf(file: Express.Multer.File & { readonly sha256?: string }): Promise<string> {
  if (file.sha256 !== undefined) return file.sha256;
  const hash = createHash('sha256');
  if (file.buffer !== undefined) hash.update(file.buffer);
  else if (file.path !== undefined) for await (const chunk of createReadStream(file.path)) hash.update(chunk);
  return hash.digest('hex');
}
