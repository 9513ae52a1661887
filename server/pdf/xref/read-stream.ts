import { PdfError } from '../errors.ts';
import { decodeStream } from '../filters/decode.ts';
import { isName, PdfDict, type PdfObject, PdfRef, PdfStream } from '../objects.ts';
import type { Reader } from '../reader.ts';
import { readStreamData } from '../stream-data.ts';
import { MAX_GENERATION, Subsection } from './section.ts';

export interface StreamSection {
  readonly subsections: readonly Subsection[];
  readonly trailer: PdfDict;
  readonly end: number;
}

/**
 * A cross-reference stream (ISO 32000-2 7.5.8), `start` at its object number. Its own /Length and parameters are
 * direct, since there is nothing yet to look a reference up in.
 */
export function readXrefStream(
  reader: Reader,
  start: number,
  base: number,
  spend: (entries: number) => void,
): StreamSection {
  const object = reader.parseAt(start, (parser) => parser.indirectObject());
  const { value, dataStart } = object;
  if (!(value instanceof PdfDict) || dataStart === undefined || !isName(value.get('Type'), 'XRef')) {
    throw new PdfError('pdf.xref_invalid', `no cross-reference stream at offset ${start}`, {
      details: { offset: start },
    });
  }
  const length = value.get('Length');
  if (typeof length !== 'number')
    throw new PdfError('pdf.xref_invalid', 'a cross-reference stream without length');
  const data = readStreamData(reader, dataStart, length);
  const bytes = reader.countDecoded(
    decodeStream(new PdfStream(value, data.bytes), direct, reader.limits.decodedBytes),
  );
  const widths = integers(value.get('W'));
  const [w0, w1, w2] = widths;
  if (w0 === undefined || w1 === undefined || w2 === undefined || widths.some((w) => w > 8)) {
    throw new PdfError('pdf.xref_invalid', 'field widths out of range');
  }
  const size = value.get('Size');
  const index = value.has('Index') ? integers(value.get('Index')) : [0, typeof size === 'number' ? size : -1];
  const rowLength = widths.reduce((sum, width) => sum + width, 0);
  const subsections: Subsection[] = [];
  let at = 0;
  for (let i = 0; i < index.length; i += 2) {
    const first = index[i] ?? 0;
    const count = index[i + 1] ?? -1;
    if (
      !(count >= 0) ||
      first + count > 2 ** 31 ||
      rowLength === 0 ||
      at + count * rowLength > bytes.length
    ) {
      throw new PdfError('pdf.xref_invalid', 'a cross-reference stream with fewer entries than it names');
    }
    spend(count + 1);
    const subsection = new Subsection(first, count);
    for (let entry = 0; entry < count; entry++, at += rowLength) {
      const kind = w0 === 0 ? 1 : field(bytes, at, w0);
      const place = field(bytes, at + w0, w1);
      const extra = field(bytes, at + w0 + w1, w2);
      if (extra > (kind === 1 ? MAX_GENERATION : 0xffffffff))
        throw new PdfError('pdf.xref_invalid', 'an entry out of range');
      // 7.5.8.3: any other kind is a reference to the null object.
      if (kind === 1 && place > 0) subsection.set(entry, 1, place + base, extra);
      else if (kind === 2) subsection.set(entry, 2, place, extra);
      else subsection.set(entry, 0, 0, extra & 0xffff);
    }
    subsections.push(subsection);
  }
  return { subsections, trailer: value, end: data.end };
}

function direct(value: PdfObject | undefined): PdfObject {
  if (value instanceof PdfRef)
    throw new PdfError('pdf.xref_invalid', 'a reference in a cross-reference stream');
  return value ?? null;
}

function integers(value: PdfObject | undefined): number[] {
  if (!Array.isArray(value)) throw new PdfError('pdf.xref_invalid', 'an array of integers is missing');
  return value.map((item) => {
    if (typeof item === 'number' && Number.isInteger(item) && item >= 0) return item;
    throw new PdfError('pdf.xref_invalid', 'not a non-negative integer');
  });
}

function field(bytes: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let i = 0; i < width; i++) value = value * 256 + (bytes[at + i] ?? 0);
  return value;
}
