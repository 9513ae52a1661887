import { PdfError } from './errors.ts';
import type { PdfDict, PdfObject } from './objects.ts';
import { Parser } from './parser.ts';
import type { Reader } from './reader.ts';

/** An object stream (ISO 32000-2 7.5.7), decoded; its objects are read one by one as they are asked for. */
export class ObjectStream {
  readonly #bytes: Uint8Array;
  readonly #reader: Reader;
  readonly #first: number;
  /** The numbers of its objects, by index. */
  readonly numbers: readonly number[];
  readonly #offsets: readonly number[];

  constructor(dict: PdfDict, bytes: Uint8Array, reader: Reader) {
    const count = dict.get('N');
    const first = dict.get('First');
    if (typeof count !== 'number' || typeof first !== 'number' || !(count >= 0) || count > bytes.length) {
      throw new PdfError('pdf.object_stream_invalid', '/N or /First is out of range');
    }
    const numbers: number[] = [];
    const offsets: number[] = [];
    const parser = new Parser(bytes.subarray(0, first), 0, reader.limits.depth);
    for (let i = 0; i < count; i++) {
      numbers.push(parser.expectUnsigned('an object number'));
      offsets.push(parser.expectUnsigned('an offset'));
    }
    this.#bytes = bytes;
    this.#reader = reader;
    this.#first = first;
    this.numbers = numbers;
    this.#offsets = offsets;
  }

  /** The object at `index`, which must be the one of that number. @throws PdfError `pdf.object_mismatch`. */
  object(number: number, index: number): PdfObject {
    if (this.numbers[index] !== number) {
      throw new PdfError(
        'pdf.object_mismatch',
        `object ${number} is not at index ${index} of its object stream`,
      );
    }
    const at = this.#first + (this.#offsets[index] ?? 0);
    const parser = new Parser(this.#bytes.subarray(at), at, this.#reader.limits.depth);
    try {
      return parser.object();
    } finally {
      this.#reader.countParsed(parser.pos);
    }
  }
}
