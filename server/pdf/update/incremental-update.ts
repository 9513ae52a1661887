import { createHash } from 'node:crypto';
import type { PdfDocument } from '../document.ts';
import type { SecurityHandler } from '../encryption/security-handler.ts';
import type { PdfLimits } from '../limits.ts';
import { ObjectReader } from '../object-reader.ts';
import { isArray, PdfDict, type PdfObject, PdfRef, PdfStream, PdfString } from '../objects.ts';
import { serialize } from '../serialize.ts';
import { UpdateBytes } from './update-bytes.ts';
import { xrefStream, xrefTable } from './write-xref.ts';

/** Entries of a trailer that belong to one section and are made anew. */
const OF_ONE_SECTION = ['Prev', 'XRefStm', 'Size', 'Type', 'W', 'Index', 'Length', 'Filter', 'DecodeParms'];

/** An update that is ready to stand behind the file. */
export interface WrittenUpdate {
  /** What is appended; the file itself stays as it is. */
  readonly bytes: Buffer;
  /** Where the value of each object of the update begins, after `N G obj`, counted from the beginning of the file. */
  readonly valueOffsets: ReadonlyMap<number, number>;
}

/**
 * A new revision on top of a file (ISO 32000-2 7.5.6). It is also a reader: objects are seen as they will be, so that
 * one step of preparing an update builds on the one before.
 */
export class IncrementalUpdate extends ObjectReader {
  readonly doc: PdfDocument;
  readonly #objects = new Map<number, { readonly ref: PdfRef; readonly object: PdfObject | RawObject }>();
  readonly #hoisted = new Map<PdfStream, PdfRef>();
  readonly #security: SecurityHandler | undefined;
  #next: number;

  /** @throws PdfError when the document is encrypted and cannot be opened. */
  constructor(doc: PdfDocument) {
    super();
    this.doc = doc;
    this.#security = doc.security;
    const size = doc.trailer.get('Size');
    const bounds = doc.revisions.flatMap((revision) => revision.sections.map((section) => section.bound));
    this.#next = Math.max(1, typeof size === 'number' && size < 2 ** 31 ? size : 0, ...bounds);
  }

  get limits(): PdfLimits {
    return this.doc.limits;
  }

  get trailer(): PdfDict {
    return this.doc.trailer;
  }

  get(ref: PdfRef): PdfObject {
    const own = this.#objects.get(ref.number);
    if (!own) return this.doc.get(ref);
    return own.ref.generation === ref.generation && !(own.object instanceof RawObject) ? own.object : null;
  }

  /** A number for an object that is set later. */
  reserve(): PdfRef {
    return new PdfRef(this.#next++, 0);
  }

  /** Adds an object; streams inside it become objects of their own. */
  add(object: PdfObject): PdfRef {
    return this.set(this.reserve(), object);
  }

  /** Gives an object, new or of an earlier revision, its new value. */
  set(ref: PdfRef, object: PdfObject): PdfRef {
    const value =
      object instanceof PdfStream
        ? new PdfStream(
            object.dict.map((value) => this.#hoist(value)),
            object.bytes,
          )
        : this.#hoist(object);
    this.#objects.set(ref.number, { ref, object: value });
    return ref;
  }

  /** An object as it is written under that number: encrypted as the document is (ISO 32000-2 7.6.2), or as it is. */
  protect(ref: PdfRef, object: PdfObject): PdfObject {
    const context = `${this.doc.source.length}`;
    return this.#security?.encrypt(object, ref, (value) => this.resolve(value), context) ?? object;
  }

  /**
   * Sets an object that is written as it is, one character for each byte (Latin-1): a signature dictionary with its gap.
   * Whoever makes it sends what is to be encrypted through {@link protect}.
   */
  setRaw(ref: PdfRef, text: string): void {
    this.#objects.set(ref.number, { ref, object: new RawObject(text) });
  }

  #hoist(object: PdfObject): PdfObject {
    if (object instanceof PdfStream) {
      const ref = this.#hoisted.get(object) ?? this.add(object);
      this.#hoisted.set(object, ref);
      return ref;
    }
    if (object instanceof PdfDict) return object.map((value) => this.#hoist(value));
    if (!isArray(object)) return object;
    const items = object.map((item) => this.#hoist(item));
    return items.every((item, i) => item === object[i]) ? object : items;
  }

  /**
   * The bytes of the revision: objects, a cross-reference section of the kind the file ends with, its trailer.
   * @throws PdfError `pdf.too_large` when an offset no longer fits a cross-reference table.
   */
  finish(): WrittenUpdate {
    const { doc } = this;
    const out = new UpdateBytes(doc.source.length);
    if (!endsInLine(doc)) out.add('\n');
    const valueOffsets = new Map<number, number>();
    const offsets: { number: number; generation: number; offset: number }[] = [];
    for (const [number, { ref, object }] of [...this.#objects].sort(([a], [b]) => a - b)) {
      offsets.push({ number, generation: ref.generation, offset: out.end - doc.headerOffset });
      out.add(`${number} ${ref.generation} obj\n`);
      valueOffsets.set(number, out.end);
      if (object instanceof RawObject) out.add(object.text);
      else writeObject(out, this.protect(ref, object));
      out.add('\nendobj\n');
    }
    const newest = doc.revision.sections[0];
    if (!newest) throw new TypeError('a revision has a section');
    const entries: Record<string, PdfObject> = { Prev: newest.start - doc.headerOffset, Size: this.#next };
    for (const key of OF_ONE_SECTION) entries[key] ??= null;
    const trailer = this.trailer.with({ ...entries, ID: this.#id(out.pieces) });
    const section = newest.kind === 'table' ? xrefTable : xrefStream;
    out.add(section(offsets, trailer, out.end - doc.headerOffset));
    return { bytes: out.toBuffer(), valueOffsets };
  }

  /** 14.4: the first part stays, the second says which state of the file this is. Made from the content, not by chance. */
  #id(pieces: readonly (string | Uint8Array)[]): PdfObject {
    const hash = createHash('sha256').update(`${this.doc.source.length}:`);
    const [first, second] = this.array(this.trailer.get('ID')) ?? [];
    for (const id of [first, second]) if (id instanceof PdfString) hash.update(id.bytes);
    for (const piece of pieces) {
      if (typeof piece === 'string') hash.update(piece, 'latin1');
      else hash.update(piece);
    }
    const changing = new PdfString(hash.digest().subarray(0, 16), true);
    if (first instanceof PdfString) return [first, changing];
    // The first part goes into the key of an encrypted file: what was not there stays empty.
    return [this.#security ? new PdfString(new Uint8Array(), true) : changing, changing];
  }
}

class RawObject {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A line feed behind a file that ends in one would be an empty line; behind a carriage return it would change its EOL. */
function endsInLine(doc: PdfDocument): boolean {
  const { source } = doc;
  const last = source.read(source.length - 1, source.length)[0];
  return last === 10 || last === 13;
}

function writeObject(out: UpdateBytes, object: PdfObject): void {
  if (!(object instanceof PdfStream)) {
    out.add(serialize(object));
    return;
  }
  const { bytes } = object;
  out.add(`${serialize(object.dict.with({ Length: bytes.length }))}\nstream\n`);
  out.add(bytes);
  out.add('\nendstream');
}
