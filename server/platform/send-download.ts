import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';

/** A file that leaves the server. */
export interface Download {
  readonly name: string;
  readonly mediaType: string;
  readonly size: number;
  readonly sha256: string;
  open(range?: { start: number; end: number }): Promise<Readable>;
}

/** Streams a file as an attachment, never to be shown as a page of this site. */
export async function sendDownload(res: Response, file: Download): Promise<void> {
  const content = await file.open();
  res.status(200).set({
    'Content-Type': file.mediaType,
    'Content-Length': String(file.size),
    'Content-Disposition': contentDisposition(file.name),
    'Cache-Control': 'private, no-store',
    ETag: `"${file.sha256}"`,
  });
  await pipeline(content, res).catch((error: NodeJS.ErrnoException) => {
    // A client that goes away in the middle is no error of ours, and an answer under way cannot become another.
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  });
}

/** RFC 6266 and RFC 8187: a plain name for old clients, the real one for the others. */
export function contentDisposition(name: string): string {
  const plain = name
    .normalize('NFD')
    .replace(/[đĐ]/g, (letter) => (letter === 'đ' ? 'd' : 'D'))
    .replace(/[^\x20-\x7e]|["\\%]/g, '');
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
