import type { ByteSource } from '../byte-source.ts';
import { PdfError } from '../errors.ts';
import type { PdfDict } from '../objects.ts';
import { MAX_TABLE_OFFSET, type WrittenEntry, xrefStream, xrefTable } from '../update/write-xref.ts';
import type { Rewritten } from './rebuilt-objects.ts';
import type { Entries } from './rebuilt-section.ts';

/** Objects written anew behind the file. */
export interface Draft {
  readonly bytes: Buffer;
  /** Where the draft begins: the length of the file. */
  readonly start: number;
  /** Where each of them stands, from the beginning of the file. */
  readonly offsets: ReadonlyMap<number, number>;
}

export function layOut(source: ByteSource, rewritten: readonly Rewritten[]): Draft {
  const last = source.read(source.length - 1, source.length)[0];
  const parts: Buffer[] = last === 10 || last === 13 ? [] : [Buffer.from('\n')];
  const offsets = new Map<number, number>();
  let at = source.length + (parts[0]?.length ?? 0);
  for (const { number, bytes } of rewritten) {
    offsets.set(number, at);
    parts.push(bytes);
    at += bytes.length;
  }
  return { bytes: Buffer.concat(parts), start: source.length, offsets };
}

/** The index of an object in its stream has two bytes in the section. */
const MAX_INDEX = 65_535;

/**
 * The objects with the section behind them: a table, which every reader knows, unless there are object streams or
 * offsets of more than ten digits. Offsets in it count from the header, at `base`.
 */
export function writeSection(draft: Draft, entries: Entries, trailer: PdfDict, base: number): Buffer {
  const written: WrittenEntry[] = [{ number: 0, free: true }];
  for (const [number, entry] of [...entries].sort(([a], [b]) => a - b)) {
    if (entry.kind === 'free') continue;
    if (entry.kind === 'compressed' && entry.index > MAX_INDEX) {
      throw new PdfError('pdf.too_complex', 'too many objects in one object stream');
    }
    written.push(
      entry.kind === 'compressed'
        ? { number, container: entry.container, index: entry.index }
        : { number, generation: entry.generation, offset: entry.offset - base },
    );
  }
  const at = draft.start + draft.bytes.length - base;
  const asStream = written.some((entry) => 'container' in entry) || at > MAX_TABLE_OFFSET;
  const section = asStream
    ? xrefStream(written, trailer, at)
    : Buffer.from(xrefTable(written, trailer, at), 'latin1');
  return Buffer.concat([draft.bytes, section]);
}
