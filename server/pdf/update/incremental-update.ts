import { hash } from 'node:crypto';
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
  readonly #objects = new Map<number, { readonly ref: PdfRef; readonly object: PdfObject | Buffer }>();
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
    return own.ref.generation === ref.generation && !(own.object instanceof Uint8Array) ? own.object : null;
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
   * Sets an object whose bytes are written as they are: a signature dictionary with its gap. Whoever makes the bytes
   * sends what is to be encrypted through {@link protect}.
   */
  setRaw(ref: PdfRef, bytes: Buffer): void {
    this.#objects.set(ref.number, { ref, object: bytes });
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
    if (!endsInLine(doc)) out.text('\n');
    const valueOffsets = new Map<number, number>();
    const offsets: { number: number; generation: number; offset: number }[] = [];
    for (const [number, { ref, object }] of [...this.#objects].sort(([a], [b]) => a - b)) {
      offsets.push({ number, generation: ref.generation, offset: out.end - doc.headerOffset });
      out.text(`${number} ${ref.generation} obj\n`);
      valueOffsets.set(number, out.end);
      writeBody(out, object instanceof Uint8Array ? object : this.protect(ref, object));
      out.text('\nendobj\n');
    }
    const newest = doc.revision.sections[0];
    if (!newest) throw new TypeError('a revision has a section');
    const entries: Record<string, PdfObject> = { Prev: newest.start - doc.headerOffset, Size: this.#next };
    for (const key of OF_ONE_SECTION) entries[key] ??= null;
    const objects = out.take();
    const trailer = this.trailer.with({ ...entries, ID: this.#id(objects) });
    const section = newest.kind === 'table' ? xrefTable : xrefStream;
    return {
      bytes: Buffer.concat([objects, section(offsets, trailer, out.end - doc.headerOffset)]),
      valueOffsets,
    };
  }

  /** 14.4: the first part stays, the second says which state of the file this is. Made from the content, not by chance. */
  #id(objects: Buffer): PdfObject {
    const [first, second] = this.array(this.trailer.get('ID')) ?? [];
    const known = [first, second].map((id) => (id instanceof PdfString ? id.bytes : NOTHING));
    const state = Buffer.concat([Buffer.from(`${this.doc.source.length}:`), ...known, objects]);
    const changing = new PdfString(hash('sha256', state, 'buffer').subarray(0, 16), true);
    if (first instanceof PdfString) return [first, changing];
    // The first part goes into the key of an encrypted file: what was not there stays empty.
    return [this.#security ? new PdfString(NOTHING, true) : changing, changing];
  }
}

const NOTHING = new Uint8Array();

/** A line feed behind a file that ends in one would be an empty line; behind a carriage return it would change its EOL. */
function endsInLine(doc: PdfDocument): boolean {
  const { source } = doc;
  const last = source.read(source.length - 1, source.length)[0];
  return last === 10 || last === 13;
}

function writeBody(out: UpdateBytes, object: PdfObject | Buffer): void {
  if (object instanceof Uint8Array) out.bytes(object);
  else if (object instanceof PdfStream) {
    const { bytes } = object;
    out.text(`${serialize(object.dict.with({ Length: bytes.length }))}\nstream\n`);
    out.bytes(bytes);
    out.text('\nendstream');
  } else out.text(serialize(object));
}
