import type { ByteSource } from './byte-source.ts';
import { securityOf } from './encryption/open-security.ts';
import type { SecurityHandler } from './encryption/security-handler.ts';
import { PdfError } from './errors.ts';
import type { PdfLimits } from './limits.ts';
import { ObjectReader } from './object-reader.ts';
import { ObjectStream } from './object-stream.ts';
import { PdfDict, type PdfObject, PdfRef, PdfStream } from './objects.ts';
import { type PdfPage, walkPages } from './pages.ts';
import type { IndirectObject, Span, ValueSpans } from './parser.ts';
import type { Reader } from './reader.ts';
import { StreamEnds } from './repair/read-loosely.ts';
import { checkStreamEnd } from './stream-data.ts';
import type { Revision } from './xref/revision.ts';
import { type Located, RevisionIndex } from './xref/revision-index.ts';
import type { XrefEntry } from './xref/section.ts';

/** The document as of one revision. Objects are parsed when first asked for and kept. */
export class PdfView extends ObjectReader {
  readonly limits: PdfLimits;
  /** Oldest first; the last one is the one this is a view of. */
  readonly revisions: readonly Revision[];
  protected readonly reader: Reader;
  readonly #index: RevisionIndex;
  /** Whether it is encrypted (7.6); objects are then decrypted as they are read. */
  readonly encrypted: boolean;
  readonly #security: () => SecurityHandler;
  readonly #objects = new Map<number, PdfObject>();
  readonly #objectStreams = new Map<number, ObjectStream>();
  readonly #loading = new Set<number>();
  #streamEnds: StreamEnds | undefined;

  constructor(
    reader: Reader,
    revisions: readonly Revision[],
    index: RevisionIndex,
    security: () => SecurityHandler,
  ) {
    super();
    this.reader = reader;
    this.#index = index;
    this.#security = security;
    this.encrypted = revisions.some(({ sections }) => sections.some(({ trailer }) => trailer.has('Encrypt')));
    this.limits = reader.limits;
    this.revisions = revisions;
  }

  get source(): ByteSource {
    return this.reader.source;
  }

  get revision(): Revision {
    const last = this.revisions.at(-1);
    if (!last) throw new TypeError('a view has a revision');
    return last;
  }

  get trailer(): PdfDict {
    return this.revision.trailer;
  }

  /**
   * What decrypts the document, opened when it is first needed; undefined when it is not encrypted.
   * @throws PdfError `pdf.password_required`, `pdf.password_wrong`, `pdf.encryption_unsupported`,
   * `pdf.encryption_invalid`: as every reading of an object then does.
   */
  get security(): SecurityHandler | undefined {
    return this.encrypted ? this.#security() : undefined;
  }

  /** The newest entry for a number, with the revision that made it; undefined when no section names it. */
  locate(number: number): Located | undefined {
    return this.#index.locate(number, this.revision.index);
  }

  /**
   * The revision that wrote an object as it is now. Writers that list every object in every revision, with the place
   * it always had, do not count as writing it.
   */
  writtenIn(number: number): Revision | undefined {
    let found: Located | undefined;
    for (const located of this.#index.history(number, this.revision.index)) {
      if (found && !sameEntry(located.entry, found.entry)) break;
      found = located;
    }
    return found?.revision;
  }

  /** Every object number in use, ascending. */
  objectNumbers(): number[] {
    const numbers = new Set<number>();
    for (const revision of this.revisions) for (const number of revision.numbers()) numbers.add(number);
    return [...numbers].filter((n) => this.#inUse(n)).sort((a, b) => a - b);
  }

  #inUse(number: number): boolean {
    const kind = this.locate(number)?.entry.kind;
    return kind === 'offset' || kind === 'compressed';
  }

  /** A reference with the generation that the object has now; undefined when it is free. */
  refOf(number: number): PdfRef | undefined {
    const entry = this.locate(number)?.entry;
    if (entry?.kind === 'offset') return new PdfRef(number, entry.generation);
    return entry?.kind === 'compressed' ? new PdfRef(number, 0) : undefined;
  }

  get(ref: PdfRef): PdfObject {
    const located = this.locate(ref.number);
    const entry = located?.entry;
    if (!entry || entry.kind === 'free') return null;
    if (ref.generation !== (entry.kind === 'offset' ? entry.generation : 0)) return null;
    const known = this.#objects.get(ref.number);
    if (known !== undefined) return known;
    const { security } = this;
    if (this.#loading.has(ref.number)) {
      throw new PdfError('pdf.object_loop', `object ${ref.number} is needed to read itself`);
    }
    if (this.#loading.size > this.limits.depth) {
      throw new PdfError('pdf.too_deep', 'objects that need objects that need objects …');
    }
    this.#loading.add(ref.number);
    try {
      const object =
        entry.kind === 'offset'
          ? this.#decrypted(this.#loadAt(ref.number, entry, located.revision), ref, security)
          : this.#objectStream(entry.container).object(ref.number, entry.index);
      this.#objects.set(ref.number, object);
      return object;
    } finally {
      this.#loading.delete(ref.number);
    }
  }

  /** The one way from bytes to objects; what an object stream holds was decrypted with it. */
  #decrypted(object: PdfObject, ref: PdfRef, security: SecurityHandler | undefined): PdfObject {
    return security ? security.decrypt(object, ref, (value) => this.resolve(value)) : object;
  }

  #loadAt(number: number, entry: XrefEntry & { kind: 'offset' }, revision: Revision): PdfObject {
    const { value, dataStart, end } = this.#parseAt(number, entry);
    if (dataStart === undefined || !(value instanceof PdfDict)) {
      this.#checkPlace(number, end, revision);
      return value;
    }
    const length = this.#streamLength(value);
    this.#checkPlace(number, checkStreamEnd(this.reader, dataStart, length), revision);
    return new PdfStream(value, () => this.source.read(dataStart, dataStart + length));
  }

  /**
   * The dictionary of a stream that is refused for its /Length alone, and whose data nobody can change by appending to
   * the file: the length it states and the first `endstream` that ends an object, by which readers mend it, both lie in
   * the revision that names it. Undefined for anything else. Its strings are as they stand, not decrypted.
   * @throws PdfError
   */
  mislaidStreamDict(number: number): PdfDict | undefined {
    const located = this.locate(number);
    if (located?.entry.kind !== 'offset') return undefined;
    const { value, dataStart } = this.#parseAt(number, located.entry);
    if (dataStart === undefined || !(value instanceof PdfDict)) return undefined;
    this.#streamEnds ??= new StreamEnds(this.reader);
    const end = Math.max(this.#streamEnds.find(dataStart).end, dataStart + this.#streamLength(value));
    return end <= located.revision.end ? value : undefined;
  }

  /**
   * From the first byte of an object to the last that some reader takes for its own, be /Length right or wrong; undefined
   * when it has no place of its own.
   * @throws PdfError
   */
  extent(number: number): Span | undefined {
    const entry = this.locate(number)?.entry;
    if (entry?.kind !== 'offset') return undefined;
    const { value, dataStart, end } = this.#parseAt(number, entry);
    const start = entry.offset;
    if (dataStart === undefined || !(value instanceof PdfDict)) return { start, end };
    try {
      return { start, end: checkStreamEnd(this.reader, dataStart, this.#streamLength(value)) };
    } catch (error) {
      if (!(error instanceof PdfError) || error.code === 'pdf.too_complex') throw error;
      return { start, end: this.#mendedEnd(dataStart) };
    }
  }

  /** Of a stream without `endstream` where /Length leads to; one that has none at all goes on to the end of the file. */
  #mendedEnd(dataStart: number): number {
    this.#streamEnds ??= new StreamEnds(this.reader);
    try {
      return this.#streamEnds.find(dataStart).end;
    } catch (error) {
      if (error instanceof PdfError && error.code === 'pdf.stream_length') return this.source.length;
      throw error;
    }
  }

  /**
   * An object stands in the revision that names it or in one before (7.5.6): else what is appended later, behind a
   * signature, would become part of what was there. A last revision without end mark has no end yet.
   */
  #checkPlace(number: number, end: number, revision: Revision): void {
    const isOpen = revision === this.revision && revision.endMark === undefined;
    if (isOpen || end <= revision.end) return;
    throw new PdfError('pdf.object_mismatch', `object ${number} is not in the revision that names it`);
  }

  #parseAt(number: number, entry: XrefEntry & { kind: 'offset' }, spans?: ValueSpans): IndirectObject {
    const object = this.reader.parseAt(entry.offset, (parser) => parser.indirectObject(), spans);
    if (object.number !== number || object.generation !== entry.generation) {
      throw new PdfError('pdf.object_mismatch', `object ${number} ${entry.generation} is not at its offset`, {
        details: { number, offset: entry.offset },
      });
    }
    return object;
  }

  #streamLength(dict: PdfDict): number {
    return this.number(dict.get('Length')) ?? -1;
  }

  #objectStream(container: number): ObjectStream {
    const known = this.#objectStreams.get(container);
    if (known) return known;
    const entry = this.locate(container)?.entry;
    // 7.5.7: an object stream is not inside another.
    const stream = entry?.kind === 'offset' ? this.get(new PdfRef(container, entry.generation)) : null;
    if (!(stream instanceof PdfStream)) {
      throw new PdfError('pdf.object_stream_invalid', `object ${container} is not an object stream`);
    }
    const bytes = this.reader.countDecoded(this.decode(stream));
    const dict = stream.dict.with({
      N: this.resolve(stream.dict.get('N')),
      First: this.resolve(stream.dict.get('First')),
    });
    const fresh = new ObjectStream(dict, bytes, this.reader);
    this.#objectStreams.set(container, fresh);
    return fresh;
  }

  /**
   * An object read anew with the places of all its dictionary values in the file, and its own from its number to after
   * `endobj`; undefined for an object in an object stream, which has no place of its own. As it stands, not decrypted.
   */
  inspect(
    number: number,
  ): { readonly value: PdfObject; readonly span: Span; readonly spans: ValueSpans } | undefined {
    const entry = this.locate(number)?.entry;
    if (entry?.kind !== 'offset') return undefined;
    const spans: ValueSpans = new Map();
    const { value, dataStart, end } = this.#parseAt(number, entry, spans);
    const isStream = dataStart !== undefined && value instanceof PdfDict;
    return {
      value,
      spans,
      span: {
        start: entry.offset,
        end: isStream ? checkStreamEnd(this.reader, dataStart, this.#streamLength(value)) : end,
      },
    };
  }

  /** The pages in order (7.7.3), one at a time. @throws PdfError `pdf.page_tree_invalid`. */
  pages(): Generator<PdfPage> {
    return walkPages(this);
  }
}

const sameEntry = (a: XrefEntry | undefined, b: XrefEntry | undefined): boolean =>
  a?.kind === 'compressed' && b?.kind === 'compressed'
    ? a.container === b.container && a.index === b.index
    : a?.kind === 'offset' && b?.kind === 'offset'
      ? a.offset === b.offset && a.generation === b.generation
      : a?.kind === b?.kind;

/** A file that was opened: the view of its newest revision, from which the older ones are reached. */
export class PdfDocument extends PdfView {
  /** Where `%PDF-` stands; offsets inside the file count from there. */
  readonly headerOffset: number;
  readonly #headerVersion: string;
  readonly #views = new Map<number, PdfView>();
  readonly #viewAt: (index: number) => PdfView;

  constructor(
    reader: Reader,
    revisions: readonly Revision[],
    header: { readonly offset: number; readonly version: string },
    password?: string,
  ) {
    const index = new RevisionIndex(revisions);
    const security = securityOf({ reader, revisions, index }, password);
    super(reader, revisions, index, security);
    this.#viewAt = (i) => new PdfView(reader, revisions.slice(0, i + 1), index, security);
    this.headerOffset = header.offset;
    this.#headerVersion = header.version;
  }

  /** The version of the header or, if later, of the catalog (7.2.2). */
  get version(): string {
    const own = this.name(this.catalog.get('Version'));
    return own !== undefined && own > this.#headerVersion ? own : this.#headerVersion;
  }

  /**
   * The object numbers that may stand for something else after a revision than before it, ascending: with another
   * place, added, freed, or inside an object stream that was replaced.
   */
  changedNumbers(index: number): number[] {
    const after = this.at(index);
    if (index === 0) return after.objectNumbers();
    const before = this.at(index - 1);
    const changed = new Set<number>();
    for (const number of after.revision.numbers()) {
      if (!sameEntry(before.locate(number)?.entry, after.locate(number)?.entry)) changed.add(number);
    }
    for (const number of after.objectNumbers()) {
      const entry = after.locate(number)?.entry;
      if (entry?.kind === 'compressed' && changed.has(entry.container)) changed.add(number);
    }
    return [...changed].sort((a, b) => a - b);
  }

  /** The document as it was after the revision of that index. */
  at(index: number): PdfView {
    if (index === this.revisions.length - 1) return this;
    if (!this.revisions[index]) throw new RangeError(`there is no revision ${index}`);
    const view = this.#views.get(index) ?? this.#viewAt(index);
    this.#views.set(index, view);
    return view;
  }
}
