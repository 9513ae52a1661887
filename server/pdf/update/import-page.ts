import { PdfError } from '../errors.ts';
import type { ObjectReader } from '../object-reader.ts';
import { isArray, PdfDict, PdfName, type PdfObject, PdfRef, PdfStream } from '../objects.ts';
import type { PdfPage } from '../pages.ts';
import type { IncrementalUpdate } from './incremental-update.ts';

/**
 * A page of another document as a form XObject (ISO 32000-2 8.10), with all objects its resources need added to the
 * update: an appearance can so be composed with any PDF library and be put into a file without touching the file.
 */
export function importPage(update: IncrementalUpdate, from: ObjectReader, page: PdfPage): PdfStream {
  const importer = new Importer(update, from);
  const contents = from.resolve(page.attributes.get('Contents'));
  const parts = (isArray(contents) ? contents : [contents])
    .map((part) => from.stream(part))
    .filter((part) => part !== undefined)
    .flatMap((part) => [from.decode(part), Buffer.from('\n')]);
  const dict = PdfDict.of({
    Type: PdfName.of('XObject'),
    Subtype: PdfName.of('Form'),
    BBox: importer.copy(from.resolve(page.attributes.get('MediaBox'))),
    Resources: importer.copy(from.resolve(page.attributes.get('Resources'))) ?? new PdfDict(),
  });
  return new PdfStream(dict, Buffer.concat(parts));
}

class Importer {
  readonly #update: IncrementalUpdate;
  readonly #from: ObjectReader;
  readonly #known = new Map<number, PdfRef>();

  constructor(update: IncrementalUpdate, from: ObjectReader) {
    this.#update = update;
    this.#from = from;
  }

  copy(value: PdfObject, depth = 0): PdfObject {
    if (depth > this.#from.limits.depth) throw new PdfError('pdf.too_deep', 'resources nested too deeply');
    if (value instanceof PdfRef) return this.#reference(value, depth);
    if (value instanceof PdfStream) return new PdfStream(this.#dict(value.dict, depth), value.bytes);
    if (value instanceof PdfDict) return this.#dict(value, depth);
    return isArray(value) ? value.map((item) => this.copy(item, depth + 1)) : value;
  }

  #dict(dict: PdfDict, depth: number): PdfDict {
    return new PdfDict([...dict].map(([key, value]) => [key, this.copy(value, depth + 1)] as const));
  }

  #reference(ref: PdfRef, depth: number): PdfRef {
    const known = this.#known.get(ref.number);
    if (known) return known;
    const own = this.#update.reserve();
    this.#known.set(ref.number, own);
    this.#update.set(own, this.copy(this.#from.get(ref), depth + 1));
    return own;
  }
}
