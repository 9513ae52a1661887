import type { ByteSource } from '../byte-source.ts';
import { PdfError } from '../errors.ts';
import { PdfDict, type PdfObject } from '../objects.ts';
import type { Reader } from '../reader.ts';
import { serialize } from '../serialize.ts';
import { type FoundObject, integerAt } from './survey.ts';

/** Data of damaged streams that is written anew, of all together. */
const MAX_REWRITTEN = 32 * 2 ** 20;

/** An object that the strict reader cannot read where it stands, as it is written anew: under its number, as it was. */
export interface Rewritten {
  readonly number: number;
  readonly bytes: Buffer;
}

/**
 * The newest object of each number, by number: the last in the file, as in a file of several revisions and as all
 * readers take it that repair.
 */
export function newestObjects(objects: readonly FoundObject[]): Map<number, FoundObject> {
  return new Map(objects.map((object) => [object.number, object]));
}

/** Writes anew what stands in the file in a way only a repairing reader reads. @throws PdfError `pdf.too_complex`. */
export function rewriteObjects(reader: Reader, newest: ReadonlyMap<number, FoundObject>): Rewritten[] {
  const rewritten: Rewritten[] = [];
  let size = 0;
  for (const object of newest.values()) {
    if (object.kind === 'unreadable' || object.kind === 'xref' || isSound(reader, object, newest)) continue;
    const bytes = rewrite(reader, object);
    size += bytes.length;
    if (size > MAX_REWRITTEN) throw new PdfError('pdf.too_complex', 'too much of the file is damaged');
    rewritten.push({ number: object.number, bytes });
  }
  return rewritten;
}

function isSound(reader: Reader, object: FoundObject, newest: ReadonlyMap<number, FoundObject>): boolean {
  const { exact, data, lengthRef } = object;
  if (!exact || !data || !lengthRef) return exact;
  const holder = newest.get(lengthRef.number);
  // A length in an object stream is looked up only when that stream is read: what it says is checked in the end.
  if (!holder) return true;
  return (
    holder.generation === lengthRef.generation && integerAt(reader, holder.offset) === data.end - data.start
  );
}

function rewrite(reader: Reader, { number, generation, offset, data }: FoundObject): Buffer {
  const value = reader.parseAt(offset, (parser): PdfObject => {
    parser.expectUnsigned('an object number');
    parser.expectUnsigned('a generation number');
    parser.expectKeyword('obj');
    return parser.object();
  });
  const head = `${number} ${generation} obj\n`;
  if (!data || !(value instanceof PdfDict))
    return Buffer.from(`${head}${serialize(value)}\nendobj\n`, 'latin1');
  const dict = value.with({ Length: data.end - data.start });
  return Buffer.concat([
    Buffer.from(`${head}${serialize(dict)}\nstream\n`, 'latin1'),
    readSpan(reader.source, data.start, data.end),
    Buffer.from('\nendstream\nendobj\n'),
  ]);
}

function readSpan(source: ByteSource, start: number, end: number): Uint8Array {
  if (end - start > MAX_REWRITTEN) throw new PdfError('pdf.too_complex', 'too long a damaged stream');
  return source.read(start, end);
}
