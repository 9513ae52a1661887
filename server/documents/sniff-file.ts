import type { ByteSource } from '../pdf/byte-source.ts';
import { PdfError } from '../pdf/errors.ts';
import type { PdfLimits } from '../pdf/limits.ts';
import { openPdf } from '../pdf/open-pdf.ts';
import fileTypes from './data/file-types.json' with { type: 'json' };
import { DocumentsError, type DocumentsErrorCode } from './errors.ts';

interface FileType {
  readonly mediaType: string;
  readonly extensions: readonly string[];
  /** Hexadecimal. */
  readonly startsWith?: string;
  /** Somewhere in the first or last 64 KiB: the names of what a ZIP container holds stand there. */
  readonly contains?: string;
  readonly text?: boolean;
}

const WINDOW = 65_536;
const types: readonly FileType[] = fileTypes;

/**
 * The media type of a file by its content, which must be one that may be attached and the one its name and the
 * declared type say. A PDF must open and must not be encrypted.
 *
 * @param declared media type the client gave; browsers that do not know say `application/octet-stream`
 * @throws DocumentsError `documents.file_*`
 */
export function sniffFile(source: ByteSource, name: string, declared: string): string {
  if (source.length === 0) throw refused('documents.file_empty', name);
  const extension = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  const expected = types.filter(({ extensions }) => extensions.includes(extension));
  if (expected.length === 0) throw refused('documents.file_type_refused', name);
  const head = Buffer.from(source.read(0, Math.min(WINDOW, source.length)));
  const tail = Buffer.from(source.read(Math.max(0, source.length - WINDOW), source.length));
  const found = expected.find((type) => fits(type, head, tail));
  if (found === undefined) throw refused('documents.file_type_mismatch', name);
  const mayBe = [found.mediaType, 'application/octet-stream', ''];
  if (!mayBe.includes(declared) && !(found.text === true && declared.startsWith('text/'))) {
    throw refused('documents.file_type_mismatch', name);
  }
  if (found.mediaType === 'application/pdf') checkPdf(source, name);
  return found.mediaType;
}

function fits({ startsWith, contains, text }: FileType, head: Buffer, tail: Buffer): boolean {
  if (text === true) return isText(head);
  if (
    startsWith !== undefined &&
    !head.subarray(0, startsWith.length / 2).equals(Buffer.from(startsWith, 'hex'))
  ) {
    return false;
  }
  return contains === undefined || head.includes(contains) || tail.includes(contains);
}

/** UTF-8 without control characters; the last character of the window may be cut. */
function isText(head: Buffer): boolean {
  const text = new TextDecoder('utf-8').decode(head, { stream: true });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return !/[\u0000-\u0008\u000e-\u001f\ufffd]/.test(text);
}

/** Only cross-references and trailers are read here, on the thread that serves everybody: what a scan of 100 MB has of them. */
const glance: Partial<PdfLimits> = {
  entries: 300_000,
  sections: 500,
  decodedBytes: 8 * 2 ** 20,
  totalDecodedBytes: 16 * 2 ** 20,
  objectBytes: 256 * 1024,
  parsedBytes: 8 * 2 ** 20,
  parsedTimes: 0,
};

function checkPdf(source: ByteSource, name: string): void {
  try {
    if (openPdf(source, { limits: glance }).encrypted) throw refused('documents.file_encrypted', name);
  } catch (error) {
    if (!(error instanceof PdfError)) throw error;
    throw refused('documents.file_broken', name, error);
  }
}

function refused(code: DocumentsErrorCode, name: string, cause?: PdfError): DocumentsError {
  return new DocumentsError(code, `the file is refused: ${code}`, {
    details: { name, ...(cause && { reason: cause.code }) },
    cause,
  });
}
