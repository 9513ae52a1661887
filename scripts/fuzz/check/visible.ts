import { createHash } from 'node:crypto';
import type { PdfView } from '../../../server/pdf/document.ts';
import {
  isArray,
  PdfDict,
  PdfName,
  type PdfObject,
  PdfRef,
  PdfStream,
  PdfString,
} from '../../../server/pdf/objects.ts';

/** What decides how a page looks (ISO 32000-2 table 31), inherited or its own. */
const PAGE = ['Contents', 'Resources', 'MediaBox', 'CropBox', 'Rotate', 'Group', 'UserUnit'];
/** What happens by itself, or decides what of a page is seen. */
const CATALOG = ['OpenAction', 'AA', 'OCProperties', 'Collection', 'Names', 'Requirements', 'NeedsRendering'];
const ANNOTATION = ['Subtype', 'Rect', 'AP', 'A', 'AA', 'Contents', 'F'];

/**
 * A digest of what a reader shows of a document but its form fields, told without the rules of the product's own
 * comparison: everything reachable, with references replaced by what they lead to.
 */
export function visible(view: PdfView, options: { readonly annotations: boolean }): string {
  const digest = new Digest(view);
  for (const key of CATALOG) digest.entry(key, view.catalog.get(key));
  for (const { attributes, dict } of view.pages()) {
    digest.word('page');
    for (const key of PAGE) digest.entry(key, attributes.get(key));
    if (options.annotations) annotations(view, digest, dict);
  }
  return digest.end();
}

function annotations(view: PdfView, digest: Digest, page: PdfDict): void {
  for (const item of view.array(page.get('Annots')) ?? []) {
    const annotation = view.dict(item);
    if (!annotation || view.name(annotation.get('Subtype')) === 'Widget') continue;
    for (const key of ANNOTATION) digest.entry(key, annotation.get(key));
  }
}

/** Writes objects into a hash; what was written before is only named, so it ends for any tangle of references. */
class Digest {
  readonly #view: PdfView;
  readonly #hash = createHash('sha256');
  readonly #seen = new Map<string, number>();

  constructor(view: PdfView) {
    this.#view = view;
  }

  word(text: string): void {
    this.#hash.update(`${text}\n`);
  }

  entry(key: string, value: PdfObject | undefined): void {
    // Nothing and null are the same (7.3.7).
    if (this.#view.resolve(value) === null) return;
    this.word(`/${key}`);
    this.#object(value ?? null);
  }

  end(): string {
    return this.#hash.digest('hex');
  }

  #object(value: PdfObject): void {
    if (value instanceof PdfRef) {
      const known = this.#seen.get(`${value}`);
      this.#seen.set(`${value}`, known ?? this.#seen.size);
      // A destination names a page; the page itself is written where the pages are.
      if (known === undefined && !this.#isPage(value)) this.#object(this.#view.get(value));
      else this.word(known === undefined ? `page ${value}` : `again ${known}`);
    } else if (value instanceof PdfStream) {
      this.#dict(value.dict);
      this.#hash.update(value.bytes);
    } else if (value instanceof PdfDict) this.#dict(value);
    else if (isArray(value)) {
      this.word(`[${value.length}`);
      for (const item of value) this.#object(item);
    } else if (value instanceof PdfName) this.word(`name ${value.value}`);
    else if (value instanceof PdfString) this.#hash.update('string').update(value.bytes);
    else this.word(`${value}`);
  }

  #isPage(ref: PdfRef): boolean {
    const type = this.#view.name(this.#view.dict(ref)?.get('Type'));
    return type === 'Page' || type === 'Pages';
  }

  #dict(dict: PdfDict): void {
    const keys = [...dict.keys()].filter((key) => key !== 'Parent' && key !== 'P').sort();
    for (const key of keys) this.entry(key, dict.get(key));
    this.word('>>');
  }
}
