import type { PdfDict } from '../objects.ts';
import type { Span } from '../parser.ts';
import type { XrefEntry, XrefSection } from './section.ts';

/**
 * One state of the file (ISO 32000-2 7.5.6): the original or an incremental update. A linearized original has two
 * sections, every other revision one (with a hidden one inside it in a hybrid file).
 */
export class Revision {
  /** 0 is the oldest. */
  readonly index: number;
  /** Newest first: the order in which an object number is looked up. */
  readonly sections: readonly XrefSection[];
  /** Where the revision begins: the end of the one before it. */
  readonly start: number;
  /** After its `%%EOF` and the end of line behind that; after its trailer when it has no end mark. */
  readonly end: number;
  /** After `%%EOF` without its end of line; undefined when `startxref … %%EOF` does not follow the trailer. */
  readonly endMark: number | undefined;
  /** From `startxref` to after `%%EOF` and its end of line, behind each section that has it. */
  readonly tails: readonly Span[];
  /** Whether the revision ends in `startxref`, the offset of its own section, `%%EOF`. */
  readonly closed: boolean;

  constructor(parts: {
    index: number;
    sections: readonly XrefSection[];
    start: number;
    end: number;
    endMark: number | undefined;
    tails: readonly Span[];
    closed: boolean;
  }) {
    this.index = parts.index;
    this.sections = parts.sections;
    this.start = parts.start;
    this.end = parts.end;
    this.endMark = parts.endMark;
    this.tails = parts.tails;
    this.closed = parts.closed;
  }

  /** The newest section's: the one with /Root, /ID and /Encrypt in a linearized file too. */
  get trailer(): PdfDict {
    const [newest] = this.sections;
    if (!newest) throw new TypeError('a revision has a section');
    return newest.trailer;
  }

  /** The entry that this revision itself makes for a number. */
  entry(number: number): XrefEntry | undefined {
    for (const section of this.sections) {
      const entry = section.get(number);
      if (entry) return entry;
    }
    return undefined;
  }

  /** The object numbers this revision names: added, changed and freed. */
  numbers(): Set<number> {
    const numbers = new Set<number>();
    for (const section of this.sections) for (const number of section.numbers()) numbers.add(number);
    return numbers;
  }
}
