import { PdfError } from '../errors.ts';
import { type PdfDict, PdfName } from '../objects.ts';
import { serialize } from '../serialize.ts';

/** An object of the update; `offset` counts from the header, as it is written. */
export interface WrittenObject {
  readonly number: number;
  readonly generation: number;
  readonly offset: number;
}

/** Cross-reference table, trailer and end mark (ISO 32000-2 7.5.4, 7.5.5) that stand at `at`. Objects come sorted. */
export function xrefTable(objects: readonly WrittenObject[], trailer: PdfDict, at: number): Buffer {
  let text = 'xref\n';
  for (const run of runs(objects)) {
    text += `${run[0]?.number ?? 0} ${run.length}\n`;
    for (const { offset, generation } of run) {
      // 7.5.4: ten digits, no more.
      if (offset > 9_999_999_999) throw new PdfError('pdf.too_large', 'an offset above ten digits');
      text += `${String(offset).padStart(10, '0')} ${String(generation).padStart(5, '0')} n\r\n`;
    }
  }
  if (objects.length === 0) text += '0 0\n';
  return Buffer.from(`${text}trailer\n${serialize(trailer)}\nstartxref\n${at}\n%%EOF\n`, 'latin1');
}

/** The same as a cross-reference stream (7.5.8), which takes the next free number and names itself. */
export function xrefStream(objects: readonly WrittenObject[], trailer: PdfDict, at: number): Buffer {
  const size = trailer.get('Size');
  const number = typeof size === 'number' ? size : 0;
  const all = [...objects, { number, generation: 0, offset: at }];
  const rows = Buffer.alloc(all.length * ROW);
  all.forEach(({ offset, generation }, i) => {
    rows.writeUInt8(1, i * ROW);
    rows.writeUIntBE(offset, i * ROW + 1, 6);
    rows.writeUInt16BE(generation, i * ROW + 7);
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
/** Bytes of one entry: kind, offset, generation. */
const ROW = 9;

/** Runs of consecutive numbers. */
function runs(objects: readonly WrittenObject[]): WrittenObject[][] {
  const found: WrittenObject[][] = [];
  for (const object of objects) {
    const last = found.at(-1);
    if (last && last.at(-1)?.number === object.number - 1) last.push(object);
    else found.push([object]);
  }
  return found;
}
