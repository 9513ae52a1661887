import { PdfError } from './errors.ts';
import type { Reader } from './reader.ts';

export interface StreamData {
  readonly bytes: Uint8Array;
  /** After `endobj`. */
  readonly end: number;
}

/**
 * The data of a stream from `start`, which `endstream` and `endobj` must follow (ISO 32000-2 7.3.8): a length that is
 * wrong is not mended, since readers mend it differently.
 */
export function readStreamData(reader: Reader, start: number, length: number): StreamData {
  const end = checkStreamEnd(reader, start, length);
  return { bytes: reader.source.read(start, start + length), end };
}

/** The same without reading the data: returns the offset after `endobj`. */
export function checkStreamEnd(reader: Reader, start: number, length: number): number {
  const wrong = (): PdfError =>
    new PdfError('pdf.stream_length', `the stream at offset ${start} is not ${length} bytes long`, {
      details: { offset: start },
    });
  if (!Number.isInteger(length) || length < 0 || start + length >= reader.source.length) throw wrong();
  return reader.parseAt(start + length, (parser) => {
    parser.skipWhitespace();
    if (!parser.takeKeyword('endstream')) throw wrong();
    parser.expectKeyword('endobj');
    return parser.offset;
  });
}
