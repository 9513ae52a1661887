import type { PdfDocument } from '../document.ts';
import { PdfError } from '../errors.ts';
import { ObjectStream } from '../object-stream.ts';
import { PdfRef } from '../objects.ts';
import { Reader } from '../reader.ts';
import type { XrefEntry } from '../xref/section.ts';
import { ambiguous } from './choose-trailer.ts';
import { incomplete } from './reachable.ts';
import type { Entries } from './rebuilt-section.ts';
import { isPartOfSignature } from './signs-of-a-signature.ts';
import type { Survey } from './survey.ts';

/**
 * The entries with those of all object streams added: an object stream counts from the place where it stands, so what
 * is behind it in the file is newer.
 * @throws PdfError `pdf.damaged_signed_file`, `pdf.repair_incomplete` for an object stream that cannot be read.
 */
export function addStreamMembers(
  own: Entries,
  { objects }: Survey,
  view: PdfDocument,
): Map<number, XrefEntry> {
  const places = new Map(objects.map(({ number, offset }) => [number, offset]));
  const entries = new Map(own);
  const reader = new Reader(view.source, view.limits);
  for (const { number: container, generation, offset, kind } of objects) {
    if (kind !== 'object-stream' || places.get(container) !== offset) continue;
    const stream = openStream(view, reader, new PdfRef(container, generation));
    if (new Set(stream.numbers).size < stream.numbers.length) {
      throw ambiguous('an object stream has two objects of one number', container);
    }
    stream.numbers.forEach((number, index) => {
      if (looksSigned(stream, number, index)) {
        throw new PdfError('pdf.damaged_signed_file', `object ${number} is a part of a signature`);
      }
      if ((places.get(number) ?? -1) < offset) entries.set(number, { kind: 'compressed', container, index });
    });
  }
  return entries;
}

function openStream(view: PdfDocument, reader: Reader, ref: PdfRef): ObjectStream {
  // 7.5.7: one that has a generation is none, and would be found by no reader.
  if (ref.generation !== 0) throw incomplete(ref.number, `object stream ${ref} has a generation`);
  try {
    const stream = view.stream(ref);
    if (!stream) throw new PdfError('pdf.object_stream_invalid', `object ${ref} is not an object stream`);
    const head = { N: view.resolve(stream.dict.get('N')), First: view.resolve(stream.dict.get('First')) };
    return new ObjectStream(stream.dict.with(head), reader.countDecoded(view.decode(stream)), reader);
  } catch (cause) {
    if (!(cause instanceof PdfError) || /^pdf\.(password|encryption|too)_/.test(cause.code)) throw cause;
    throw incomplete(ref.number, `object stream ${ref} cannot be read: ${cause.message}`, cause);
  }
}

function looksSigned(stream: ObjectStream, number: number, index: number): boolean {
  try {
    return isPartOfSignature(stream.object(number, index));
  } catch (error) {
    // Whether the document needs it is seen later.
    if (error instanceof PdfError && error.code !== 'pdf.too_complex') return false;
    throw error;
  }
}
