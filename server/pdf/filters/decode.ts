import { constants, inflateSync } from 'node:zlib';
import { PdfError } from '../errors.ts';
import { PdfDict, PdfName, type PdfObject, type PdfStream } from '../objects.ts';
import { decodeAscii85, decodeAsciiHex } from './ascii.ts';
import { decodeLzw } from './lzw.ts';
import { undoPredictor } from './predictor.ts';
import { decodeRunLength } from './run-length.ts';

/** Turns a value that may be a reference into what it refers to. */
export type Resolve = (value: PdfObject | undefined) => PdfObject;

/** A filter after a filter is real, ten of them is an attack. */
const MAX_FILTERS = 8;

/**
 * Undoes all filters of a stream (ISO 32000-2 7.4).
 * @throws PdfError `pdf.filter_unsupported` for image filters, `pdf.stream_invalid` for damaged data,
 * `pdf.too_complex` past `limit` bytes.
 */
export function decodeStream(stream: PdfStream, resolve: Resolve, limit: number): Uint8Array {
  const filters = asList(resolve(stream.dict.get('Filter')), resolve);
  const parameters = asList(resolve(stream.dict.get('DecodeParms')), resolve);
  if (filters.length > MAX_FILTERS) throw new PdfError('pdf.too_complex', 'too many filters');
  let bytes = stream.bytes;
  filters.forEach((filter, i) => {
    if (!(filter instanceof PdfName)) throw new PdfError('pdf.stream_invalid', 'a filter that is not a name');
    const parms = parameters[i];
    // 7.4.10: decryption is done before the first filter is undone.
    if (filter.value === 'Crypt' && i === 0) return;
    bytes = decodeOne(filter.value, bytes, parms instanceof PdfDict ? parms : new PdfDict(), resolve, limit);
  });
  return bytes;
}

function asList(value: PdfObject, resolve: Resolve): PdfObject[] {
  if (value === null) return [];
  return Array.isArray(value) ? value.slice(0, MAX_FILTERS + 1).map(resolve) : [value];
}

function decodeOne(
  filter: string,
  bytes: Uint8Array,
  parms: PdfDict,
  resolve: Resolve,
  limit: number,
): Uint8Array {
  const integer = (key: string, fallback: number): number => {
    const value = resolve(parms.get(key));
    return typeof value === 'number' ? value : fallback;
  };
  const predicted = (decoded: Uint8Array): Uint8Array =>
    undoPredictor(decoded, {
      predictor: integer('Predictor', 1),
      colors: integer('Colors', 1),
      bitsPerComponent: integer('BitsPerComponent', 8),
      columns: integer('Columns', 1),
    });
  switch (filter) {
    case 'FlateDecode':
      return predicted(inflate(bytes, limit));
    case 'LZWDecode':
      return predicted(decodeLzw(bytes, integer('EarlyChange', 1), limit));
    case 'ASCIIHexDecode':
      return decodeAsciiHex(bytes);
    case 'ASCII85Decode':
      return decodeAscii85(bytes);
    case 'RunLengthDecode':
      return decodeRunLength(bytes, limit);
    default:
      throw new PdfError('pdf.filter_unsupported', 'a filter that is not decoded here', {
        details: { filter: filter.slice(0, 40) },
      });
  }
}

function inflate(bytes: Uint8Array, limit: number): Uint8Array {
  try {
    // A missing end (checksum, last flush) is common and changes nothing; wrong data is still refused.
    return inflateSync(bytes, { maxOutputLength: limit, finishFlush: constants.Z_SYNC_FLUSH });
  } catch (cause) {
    if (cause instanceof RangeError) {
      throw new PdfError('pdf.too_complex', 'a stream decodes to too many bytes', { cause });
    }
    throw new PdfError('pdf.stream_invalid', 'the data of a stream is not deflate data', { cause });
  }
}
