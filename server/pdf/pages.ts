import { PdfError } from './errors.ts';
import type { ObjectReader } from './object-reader.ts';
import { type PdfDict, type PdfObject, PdfRef } from './objects.ts';

/** Attributes that a page takes from the nodes above it (ISO 32000-2 7.7.3.4). */
const INHERITABLE = ['Resources', 'MediaBox', 'CropBox', 'Rotate'];

export interface PdfPage {
  readonly ref: PdfRef;
  /** The page object as it stands. */
  readonly dict: PdfDict;
  /** The page object with what it inherits put in. */
  readonly attributes: PdfDict;
}

/** Walks the page tree in order, without recursion, each node once. */
export function* walkPages(reader: ObjectReader): Generator<PdfPage> {
  const invalid = (why: string): PdfError => new PdfError('pdf.page_tree_invalid', why);
  const stack: { value: PdfObject; inherited: Readonly<Record<string, PdfObject>>; depth: number }[] = [
    { value: reader.catalog.get('Pages') ?? null, inherited: {}, depth: 0 },
  ];
  const seen = new Set<number>();
  for (let node = stack.pop(); node; node = stack.pop()) {
    const { value, depth } = node;
    if (!(value instanceof PdfRef)) throw invalid('a page or page tree node is not a reference');
    if (seen.has(value.number)) throw invalid(`object ${value.number} is in the page tree twice`);
    if (depth > reader.limits.depth) throw new PdfError('pdf.too_deep', 'the page tree is too deep');
    if (seen.size > reader.limits.nodes) throw new PdfError('pdf.too_complex', 'too many pages');
    seen.add(value.number);
    const object = reader.resolve(value);
    // 7.3.10: a reference to nothing is null, and null is no page.
    if (object === null && depth > 0) continue;
    const dict = reader.dict(object);
    if (!dict) throw invalid(`object ${value.number} is in the page tree and no dictionary`);
    const inherited = { ...node.inherited };
    for (const key of INHERITABLE) {
      const own = dict.get(key);
      if (own !== undefined) inherited[key] = own;
    }
    const kids = reader.array(dict.get('Kids'));
    if (kids && reader.name(dict.get('Type')) !== 'Page') {
      for (const kid of kids.toReversed()) stack.push({ value: kid, inherited, depth: depth + 1 });
    } else yield { ref: value, dict, attributes: dict.with(inherited) };
  }
}

/** The page of that index, from 0. @throws PdfError `pdf.page_missing`. */
export function pageAt(reader: ObjectReader, index: number): PdfPage {
  let i = 0;
  for (const page of walkPages(reader)) if (i++ === index) return page;
  throw new PdfError('pdf.page_missing', `there is no page ${index}`, { details: { page: index } });
}
