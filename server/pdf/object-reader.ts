import { PdfError } from './errors.ts';
import { decodeStream } from './filters/decode.ts';
import type { PdfLimits } from './limits.ts';
import { type PdfArray, PdfDict, PdfName, type PdfObject, PdfRef, PdfStream, PdfString } from './objects.ts';

/** A reference to a reference to … : real files have one step. */
const MAX_STEPS = 16;

/** Objects by reference: a file as of some revision, or a file with an update on top that is being made. */
export abstract class ObjectReader {
  abstract readonly limits: PdfLimits;
  abstract readonly trailer: PdfDict;
  /** The object, null when it is free, missing or of another generation (ISO 32000-2 7.3.10). */
  abstract get(ref: PdfRef): PdfObject;

  /** Follows references until a value that is none; `undefined` (an entry that is not there) is null. */
  resolve(value: PdfObject | undefined): PdfObject {
    let current = value ?? null;
    for (let step = 0; current instanceof PdfRef; step++) {
      if (step >= MAX_STEPS) throw new PdfError('pdf.object_loop', 'references that lead to references');
      current = this.get(current);
    }
    return current;
  }

  /** The resolved value if it is a dictionary; of a stream, nothing. */
  dict(value: PdfObject | undefined): PdfDict | undefined {
    const resolved = this.resolve(value);
    return resolved instanceof PdfDict ? resolved : undefined;
  }

  array(value: PdfObject | undefined): PdfArray | undefined {
    const resolved = this.resolve(value);
    return Array.isArray(resolved) ? resolved : undefined;
  }

  stream(value: PdfObject | undefined): PdfStream | undefined {
    const resolved = this.resolve(value);
    return resolved instanceof PdfStream ? resolved : undefined;
  }

  name(value: PdfObject | undefined): string | undefined {
    const resolved = this.resolve(value);
    return resolved instanceof PdfName ? resolved.value : undefined;
  }

  number(value: PdfObject | undefined): number | undefined {
    const resolved = this.resolve(value);
    return typeof resolved === 'number' ? resolved : undefined;
  }

  string(value: PdfObject | undefined): PdfString | undefined {
    const resolved = this.resolve(value);
    return resolved instanceof PdfString ? resolved : undefined;
  }

  text(value: PdfObject | undefined): string | undefined {
    return this.string(value)?.text;
  }

  /** The data of a stream with its filters undone. @throws PdfError `pdf.stream_invalid`, `pdf.filter_unsupported`. */
  decode(stream: PdfStream): Uint8Array {
    return decodeStream(stream, (value) => this.resolve(value), this.limits.decodedBytes);
  }

  /** Reference to the document catalog. @throws PdfError `pdf.catalog_missing`. */
  get catalogRef(): PdfRef {
    const root = this.trailer.get('Root');
    if (root instanceof PdfRef) return root;
    throw new PdfError('pdf.catalog_missing', '/Root is not a reference');
  }

  /** The document catalog (7.7.2). @throws PdfError `pdf.catalog_missing`. */
  get catalog(): PdfDict {
    const catalog = this.dict(this.catalogRef);
    if (!catalog) throw new PdfError('pdf.catalog_missing', '/Root is not a dictionary');
    return catalog;
  }
}
