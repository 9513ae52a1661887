import { deflateSync } from 'node:zlib';
import { PdfDict, PdfName, type PdfObject, PdfRef, PdfStream, PdfString } from '../pdf/objects.ts';
import type { Entries, Entry, FontSink } from './embed-font.ts';

type Plain = Entry<PdfRef, PdfString>;

/** The part of an incremental update that takes new indirect objects. */
export interface ObjectAdder {
  add(object: PdfObject): PdfRef;
}

export function updateSink(update: ObjectAdder): FontSink<PdfRef, PdfString> {
  return {
    dictionary: (entries) => update.add(toDictionary(entries)),
    stream: (bytes, entries) => update.add(flateStream(bytes, entries)),
    text: (ascii) => PdfString.text(ascii),
  };
}

export function flateStream(bytes: Uint8Array, entries: Entries<PdfRef, PdfString>): PdfStream {
  const packed = deflateSync(bytes);
  return new PdfStream(toDictionary({ ...entries, Filter: 'FlateDecode', Length: packed.length }), packed);
}

function toDictionary(entries: Entries<PdfRef, PdfString>): PdfDict {
  return new PdfDict(Object.entries(entries).map(([key, value]) => [key, toObject(value)] as const));
}

function toObject(value: Plain): PdfObject {
  if (typeof value === 'number' || value instanceof PdfRef || value instanceof PdfString) return value;
  if (typeof value === 'string') return PdfName.of(value);
  if (Array.isArray(value)) return value.map(toObject);
  return toDictionary(value as Entries<PdfRef, PdfString>);
}
