import type { PdfView } from '../../../pdf/document.ts';
import type { PdfObject } from '../../../pdf/objects.ts';
import type { PdfPage } from '../../../pdf/pages.ts';

/** Share of a page that the fields of one later signer may take; signatures and seals in use stay under a tenth. */
const LARGEST_SHARE = 1 / 4;

/**
 * Whether new widgets together cover so much of a page that they are no signatures but another page put over what was
 * signed ("sneaky signature": Mainka, Mladenov and Rohlmann, Breaking the Specification: PDF Certification, 2021).
 */
export function coversPage(view: PdfView, page: PdfPage, widgets: readonly number[]): boolean {
  const covered = widgets.reduce((sum, widget) => {
    const ref = view.refOf(widget);
    return sum + area(view, view.dict(ref)?.get('Rect'));
  }, 0);
  const { attributes } = page;
  return covered > LARGEST_SHARE * area(view, attributes.get('CropBox') ?? attributes.get('MediaBox'));
}

/** Of a rectangle (ISO 32000-2 7.9.5), whichever corners it names; what is none has no area. */
function area(view: PdfView, value: PdfObject | undefined): number {
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = (view.array(value) ?? []).map((item) => view.number(item) ?? 0);
  return Math.abs((x2 - x1) * (y2 - y1));
}
