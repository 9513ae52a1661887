import { isArray, isName, PdfDict, type PdfObject, PdfStream } from '../objects.ts';

/**
 * Whether an object is a part of a signature, or of a document that has one: a signature dictionary, a field with one
 * as its value, or the catalog's word about it (ISO 32000-2 12.8.1, 12.8.6). A field that waits for its signature is none.
 */
export function isPartOfSignature(object: PdfObject): boolean {
  const pending: PdfObject[] = [object];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    const dict = value instanceof PdfStream ? value.dict : value;
    if (isArray(dict)) for (const item of dict) pending.push(item);
    if (!(dict instanceof PdfDict)) continue;
    if (isSignatureDict(dict)) return true;
    for (const [, item] of dict) pending.push(item);
  }
  return false;
}

const isSignatureDict = (dict: PdfDict): boolean =>
  dict.has('ByteRange') ||
  isName(dict.get('Type'), 'Sig') ||
  isName(dict.get('Type'), 'DocTimeStamp') ||
  (isName(dict.get('FT'), 'Sig') && dict.has('V')) ||
  ['DocMDP', 'UR', 'UR3'].some((key) => dict.has(key));
