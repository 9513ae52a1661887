import { PdfError } from '../errors.ts';
import type { PdfDict } from '../objects.ts';

/** What a cross-reference section says of one object number. `offset` counts from the first byte of the file. */
export type XrefEntry =
  | { readonly kind: 'free'; readonly generation: number }
  | { readonly kind: 'offset'; readonly offset: number; readonly generation: number }
  | { readonly kind: 'compressed'; readonly container: number; readonly index: number };

/** Highest generation an object can have (7.5.4). Free entries of real files count on. */
export const MAX_GENERATION = 65_535;

const FREE = 0;
const OFFSET = 1;

/** A run of entries in columns: a file of a million objects costs 13 MB, not a million JavaScript objects. */
export class Subsection {
  readonly first: number;
  readonly count: number;
  readonly #kinds: Uint8Array;
  readonly #places: Float64Array;
  readonly #extras: Uint32Array;

  constructor(first: number, count: number) {
    this.first = first;
    this.count = count;
    this.#kinds = new Uint8Array(count);
    this.#places = new Float64Array(count);
    this.#extras = new Uint32Array(count);
  }

  /** Kinds as numbered in table 18: 0 free, 1 at an offset, 2 in an object stream. */
  set(index: number, kind: 0 | 1 | 2, place: number, extra: number): void {
    this.#kinds[index] = kind;
    this.#places[index] = place;
    this.#extras[index] = extra;
  }

  get(number: number): XrefEntry | undefined {
    const index = number - this.first;
    if (index < 0 || index >= this.count) return undefined;
    const place = this.#places[index] ?? 0;
    const extra = this.#extras[index] ?? 0;
    switch (this.#kinds[index]) {
      case FREE:
        return { kind: 'free', generation: extra };
      case OFFSET:
        return { kind: 'offset', offset: place, generation: extra };
      default:
        return { kind: 'compressed', container: place, index: extra };
    }
  }
}

/** One cross-reference table or stream (ISO 32000-2 7.5.4, 7.5.8) with its trailer dictionary. */
export class XrefSection {
  readonly kind: 'table' | 'stream';
  /** Where `xref` or the cross-reference stream object begins. */
  readonly start: number;
  /** After the trailer dictionary or after `endobj`. */
  readonly end: number;
  readonly trailer: PdfDict;
  /** The cross-reference stream of a hybrid file (7.5.8.4): it names what the table calls free. */
  readonly hidden: XrefSection | undefined;
  readonly #subsections: readonly Subsection[];

  constructor(parts: {
    kind: 'table' | 'stream';
    start: number;
    end: number;
    trailer: PdfDict;
    subsections: readonly Subsection[];
    hidden?: XrefSection;
  }) {
    this.kind = parts.kind;
    this.start = parts.start;
    this.end = parts.end;
    this.trailer = parts.trailer;
    this.hidden = parts.hidden;
    this.#subsections = parts.subsections.filter((s) => s.count > 0).toSorted((a, b) => a.first - b.first);
    this.#subsections.forEach((subsection, i) => {
      const before = this.#subsections[i - 1];
      if (before && before.first + before.count > subsection.first) {
        // Readers differ in which of two entries they take.
        throw new PdfError('pdf.xref_invalid', `object ${subsection.first} has two entries in one section`);
      }
    });
  }

  /**
   * Object numbers in use in both parts of a hybrid section, at different places. The table wins (7.5.8.4); a reader
   * that asks the stream first sees something else.
   */
  *contested(): Generator<number> {
    if (!this.hidden) return;
    for (const number of this.hidden.numbers()) {
      const [own, other] = [this.#find(number), this.hidden.get(number)];
      if (own?.kind !== 'offset') continue;
      const isSame =
        other?.kind === 'offset' && other.offset === own.offset && other.generation === own.generation;
      if (!isSame) yield number;
    }
  }

  /** The entry of an object number; undefined when this section does not name it. */
  get(number: number): XrefEntry | undefined {
    const own = this.#find(number);
    if (this.hidden && own?.kind !== 'offset') return this.hidden.get(number) ?? own;
    return own;
  }

  #find(number: number): XrefEntry | undefined {
    let low = 0;
    let high = this.#subsections.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const subsection = this.#subsections[middle];
      if (!subsection) return undefined;
      if (number < subsection.first) high = middle - 1;
      else if (number >= subsection.first + subsection.count) low = middle + 1;
      else return subsection.get(number);
    }
    return undefined;
  }

  /** Every object number this section names, free ones too, each once. */
  *numbers(): Generator<number> {
    for (const { first, count } of this.#subsections) for (let i = 0; i < count; i++) yield first + i;
    if (!this.hidden) return;
    for (const number of this.hidden.numbers()) if (!this.#find(number)) yield number;
  }

  /** How many entries it has itself. */
  get count(): number {
    return this.#subsections.reduce((sum, { count }) => sum + count, 0);
  }

  /** The smallest number above all numbers named here. */
  get bound(): number {
    const last = this.#subsections.at(-1);
    return Math.max(last ? last.first + last.count : 0, this.hidden?.bound ?? 0);
  }
}
