import { PdfError } from '../errors.ts';
import { type PdfDict, PdfName } from '../objects.ts';
import { serialize } from '../serialize.ts';

/** An object of the update; `offset` counts from the header, as it is written. */
export interface WrittenObject {
  readonly number: number;
  readonly generation: number;
  readonly offset: number;
}

/** What a section says of a number: an object of its own, one in an object stream (sections that are streams), or none. */
export type WrittenEntry =
  | WrittenObject
  | { readonly number: number; readonly container: number; readonly index: number }
  | { readonly number: number; readonly free: true };

/**
 * Cross-reference table, trailer and end mark (ISO 32000-2 7.5.4, 7.5.5) that stand at `at`, one character for each byte.
 * Objects come sorted.
 */
export function xrefTable(objects: readonly WrittenEntry[], trailer: PdfDict, at: number): string {
  let text = 'xref\n';
  for (const run of runs(objects)) {
    text += `${run[0]?.number ?? 0} ${run.length}\n`;
    for (const entry of run) text += `${tableEntry(entry)}\r\n`;
  }
  if (objects.length === 0) text += '0 0\n';
  return `${text}trailer\n${serialize(trailer)}\nstartxref\n${at}\n%%EOF\n`;
}

/** The greatest offset that a table can say (7.5.4): ten digits, no more. */
export const MAX_TABLE_OFFSET = 9_999_999_999;

function tableEntry(entry: WrittenEntry): string {
  if ('free' in entry) return '0000000000 65535 f';
  if (!('offset' in entry)) throw new TypeError('a table cannot name what is in an object stream');
  const { offset, generation } = entry;
  if (offset > MAX_TABLE_OFFSET) throw new PdfError('pdf.too_large', 'an offset above ten digits');
  return `${String(offset).padStart(10, '0')} ${String(generation).padStart(5, '0')} n`;
}

/** The same as a cross-reference stream (7.5.8), which takes the next free number and names itself. */
export function xrefStream(objects: readonly WrittenEntry[], trailer: PdfDict, at: number): Buffer {
  const size = trailer.get('Size');
  const number = typeof size === 'number' ? size : 0;
  const all: readonly WrittenEntry[] = [...objects, { number, generation: 0, offset: at }];
  const rows = Buffer.alloc(all.length * ROW);
  all.forEach((entry, i) => {
    const [kind, place, extra] = streamEntry(entry);
    rows.writeUInt8(kind, i * ROW);
    rows.writeUIntBE(place, i * ROW + 1, 6);
    rows.writeUInt16BE(extra, i * ROW + 7);
  });
  const dict = trailer.with({
    Type: PdfName.of('XRef'),
    Size: number + 1,
    W: [1, 6, 2],
    Index: runs(all).flatMap((run) => [run[0]?.number ?? 0, run.length]),
    Length: rows.length,
  });
  return Buffer.concat([
    Buffer.from(`${number} 0 obj\n${serialize(dict)}\nstream\n`, 'latin1'),
    rows,
    Buffer.from(`\nendstream\nendobj\nstartxref\n${at}\n%%EOF\n`),
  ]);
}

/** The three fields of table 18. */
function streamEntry(entry: WrittenEntry): readonly [number, number, number] {
  if ('free' in entry) return [0, 0, 65_535];
  return 'offset' in entry ? [1, entry.offset, entry.generation] : [2, entry.container, entry.index];
}

/** Bytes of one entry: kind, offset, generation. */
const ROW = 9;

/** Runs of consecutive numbers. */
function runs<T extends { readonly number: number }>(objects: readonly T[]): T[][] {
  const found: T[][] = [];
  for (const object of objects) {
    const last = found.at(-1);
    if (last && last.at(-1)?.number === object.number - 1) last.push(object);
    else found.push([object]);
  }
  return found;
}
