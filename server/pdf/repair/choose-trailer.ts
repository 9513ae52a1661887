import { PdfError } from '../errors.ts';
import { equalObjects, PdfDict, PdfRef } from '../objects.ts';
import type { Survey } from './survey.ts';

/** What a new section needs of the trailers before it (ISO 32000-2 table 15). */
const KEPT = ['Root', 'Info', 'ID', 'Encrypt'];

/**
 * The trailer of a rebuilt file: the last one that names a catalog. Those before it, and what looks like one in a
 * comment, must name the same catalog and the same encryption: else each reader would choose for itself.
 * Without any, nobody knows what else is lost: the encryption, a later update.
 * @throws PdfError `pdf.repair_incomplete`, `pdf.repair_ambiguous`, `pdf.catalog_missing`.
 */
export function chooseTrailer({ trailers, encryption }: Survey): PdfDict {
  const naming = trailers.map(({ dict }) => dict).filter((dict) => dict.has('Root'));
  const chosen = naming.at(-1);
  const encrypt = chosen?.get('Encrypt');
  const disagree = (key: string): boolean =>
    naming.some((dict) => !equalObjects(dict.get(key) ?? null, chosen?.get(key) ?? null));
  if (disagree('Root')) throw ambiguous('trailers name different catalogs');
  if (disagree('Encrypt')) throw ambiguous('trailers name different encryptions');
  if (encrypt === undefined && (encryption || trailers.some(({ dict }) => dict.has('Encrypt')))) {
    throw ambiguous('the trailer that names the encryption is lost');
  }
  if (!chosen) throw new PdfError('pdf.repair_incomplete', 'the trailer is lost');
  if (!(chosen.get('Root') instanceof PdfRef)) {
    throw new PdfError('pdf.catalog_missing', '/Root is not a reference');
  }
  return new PdfDict([...chosen].filter(([key]) => KEPT.includes(key)));
}

export const ambiguous = (why: string, number?: number): PdfError =>
  new PdfError('pdf.repair_ambiguous', why, number === undefined ? {} : { details: { object: number } });
