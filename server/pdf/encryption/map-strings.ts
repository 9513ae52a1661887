import { isArray, isName, PdfDict, type PdfObject, PdfStream, PdfString } from '../objects.ts';

/** An object with every string in it changed, but for /Contents of signatures; of a stream, those of its dictionary. */
export function mapStrings(object: PdfObject, change: (string: PdfString) => PdfString): PdfObject {
  if (object instanceof PdfString) return change(object);
  if (object instanceof PdfDict) return mapDictStrings(object, change);
  if (object instanceof PdfStream) throw new TypeError('the data of a stream is not a string');
  return isArray(object) ? object.map((item) => mapStrings(item, change)) : object;
}

export function mapDictStrings(dict: PdfDict, change: (string: PdfString) => PdfString): PdfDict {
  const kept = isSignature(dict) ? 'Contents' : undefined;
  return new PdfDict(
    [...dict].map(([key, value]) => [key, key === kept ? value : mapStrings(value, change)] as const),
    dict.repeatedKeys,
  );
}

/** ISO 32000-2 7.6.2: /Contents of a signature is never encrypted. /Type is optional in it (table 255), /ByteRange is not. */
const isSignature = (dict: PdfDict): boolean =>
  dict.has('ByteRange') || isName(dict.get('Type'), 'Sig') || isName(dict.get('Type'), 'DocTimeStamp');
