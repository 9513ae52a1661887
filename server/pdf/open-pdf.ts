import type { ByteSource } from './byte-source.ts';
import { PdfDocument } from './document.ts';
import { PdfError } from './errors.ts';
import { defaultLimits, type PdfLimits } from './limits.ts';
import { Reader } from './reader.ts';
import { readRevisions } from './xref/read-revisions.ts';

/** Readers look for the header in the first 1,024 bytes (ISO 32000-1 annex H, note 13). */
const HEAD = 1024;

export interface OpenOptions {
  readonly limits?: Partial<PdfLimits>;
  /** User or owner password of an encrypted document; without one the empty password is tried. */
  readonly password?: string;
}

/**
 * Opens a PDF strictly: the cross-reference sections as they stand, all of them, with no repair. Objects are read
 * later, each when it is asked for, and can still be refused then: so are passwords, which only reading needs.
 * @throws PdfError `pdf.*`; nothing else, whatever the bytes are.
 */
export function openPdf(source: ByteSource, options: OpenOptions = {}): PdfDocument {
  const header = findHeader(source);
  const reader = new Reader(source, { ...defaultLimits, ...options.limits });
  return new PdfDocument(reader, readRevisions(reader, header.offset), header, options.password);
}

/** Where `%PDF-` stands, and the version behind it. @throws PdfError `pdf.not_a_pdf`. */
export function findHeader(source: ByteSource): { readonly offset: number; readonly version: string } {
  const head = source.read(0, Math.min(HEAD, source.length));
  const offset = Buffer.from(head.buffer, head.byteOffset, head.byteLength).indexOf('%PDF-');
  if (offset < 0) throw new PdfError('pdf.not_a_pdf', `no %PDF- in the first ${HEAD} bytes`);
  return { offset, version: Buffer.from(head.subarray(offset + 5, offset + 8)).toString('latin1') };
}
