import type { PdfDocument } from '../../pdf/document.ts';
import { listFields } from '../../pdf/forms/field-tree.ts';
import { type PdfPage, walkPages } from '../../pdf/pages.ts';
import { listSignatures } from '../../pdf/signatures/list-signatures.ts';
import { rectangle } from '../../pdf/update/appearance.ts';
import { AppearanceError } from './errors.ts';
import { fillTemplate, type Values } from './fill-template.ts';
import { findAnchor } from './find-anchor.ts';
import type { Size } from './layout.ts';
import { mm, PageFrame, type Rect } from './page-frame.ts';
import type { PageText } from './page-text.ts';
import type { Anchor, Place } from './profile.ts';

/** A box on a page: the page from 0, the rectangle in its user space. */
export interface PlacedBox {
  readonly page: number;
  readonly rect: Rect;
  readonly frame: PageFrame;
}

interface PageAt {
  readonly index: number;
  readonly page: PdfPage;
}

/**
 * Finds where a box of that size (points, as it is seen) stands.
 * @throws AppearanceError `signing.anchor_not_found`, `signing.nothing_to_cover`, `signing.appearance_off_page`,
 *   `signing.text_unreadable`; PdfError
 */
export async function placeBox(
  doc: PdfDocument,
  place: Place,
  size: Size,
  values: Values,
  openText: () => Promise<PageText>,
): Promise<PlacedBox> {
  const pages = [...walkPages(doc)];
  if (place.anchor)
    return byAnchor(doc, pages, { ...place, anchor: place.anchor }, size, values, await openText());
  if (place.cover !== undefined) return overSignature(doc, pages, place.cover, size);
  const at = pageOf(pages, place.page ?? 1);
  const frame = PageFrame.of(doc, at.page);
  const corner = place.corner ?? 'bottom-left';
  const [x, y] = [mm(place.x ?? 0), mm(place.y ?? 0)];
  const left = corner.endsWith('left') ? x : frame.width - x - size.width;
  const bottom = corner.startsWith('bottom') ? y : frame.height - y - size.height;
  return placed(at.index, frame, left, bottom, size);
}

function pageOf(pages: readonly PdfPage[], wanted: number | 'last'): PageAt {
  const index = wanted === 'last' ? pages.length - 1 : wanted - 1;
  const page = pages[index];
  if (page === undefined) {
    throw new AppearanceError('signing.appearance_off_page', `there is no page ${wanted}`, {
      details: { page: wanted, pages: pages.length },
    });
  }
  return { index, page };
}

/** An anchor is looked for on one page or on all; from the end when the last one is wanted. */
async function byAnchor(
  doc: PdfDocument,
  pages: readonly PdfPage[],
  { anchor, page: wanted }: Place & { anchor: Anchor },
  size: Size,
  values: Values,
  text: PageText,
): Promise<PlacedBox> {
  const { match = 'last', side } = anchor;
  const needle = fillTemplate(anchor.text, values) ?? '';
  const all = wanted === undefined ? pages.map((page, index) => ({ page, index })) : [pageOf(pages, wanted)];
  let left = match === 'first' || match === 'last' ? 1 : match;
  for (const { page, index } of match === 'last' ? all.toReversed() : all) {
    const found = findAnchor(await text.of(index), needle);
    const rect = match === 'last' ? found.at(-1) : found[left - 1];
    left -= found.length;
    if (rect === undefined) continue;
    const frame = PageFrame.of(doc, page);
    const [x, y] = beside(frame.toSeen(rect), side, mm(anchor.gap ?? 0), size);
    return placed(index, frame, x + mm(anchor.dx ?? 0), y + mm(anchor.dy ?? 0), size);
  }
  throw new AppearanceError('signing.anchor_not_found', 'the anchor text is on no page asked', {
    details: { anchor: needle.slice(0, 100), match, ...(wanted === undefined ? {} : { page: wanted }) },
  });
}

/** The lower left corner of a box that stands by a rectangle, centred on it along that side. */
function beside(
  [x1, y1, x2, y2]: Rect,
  side: Anchor['side'],
  gap: number,
  { width, height }: Size,
): [number, number] {
  const [middleX, middleY] = [(x1 + x2 - width) / 2, (y1 + y2 - height) / 2];
  switch (side) {
    case 'above':
      return [middleX, y2 + gap];
    case 'below':
      return [middleX, y1 - gap - height];
    case 'left':
      return [x1 - gap - width, middleY];
    case 'right':
      return [x2 + gap, middleY];
    default:
      return [middleX, middleY];
  }
}

/** Decree 30/2020, annex I, II.8.b: the seal covers a part of the personal signature, at its left. */
function overSignature(doc: PdfDocument, pages: readonly PdfPage[], share: number, size: Size): PlacedBox {
  const signed = listSignatures(doc).map(({ fieldName }) => fieldName);
  for (const name of signed.toReversed()) {
    const place = name === undefined ? undefined : fieldPlace(doc, pages, name);
    if (!place) continue;
    const [x1, y1, x2, y2] = place.frame.toSeen(place.rect);
    const right = x1 + (x2 - x1) * share;
    return placed(place.page, place.frame, right - size.width, (y1 + y2 - size.height) / 2, size);
  }
  throw new AppearanceError('signing.nothing_to_cover', 'no visible signature yet');
}

/** Where the widget of a field stands, if it shows. */
export function fieldPlace(doc: PdfDocument, pages: readonly PdfPage[], name: string): PlacedBox | undefined {
  const widget = listFields(doc).find((field) => field.name === name)?.widgets[0];
  if (!widget) return undefined;
  const rect = rectangle(doc, widget.dict.get('Rect'));
  if (rect[2] - rect[0] <= 0 || rect[3] - rect[1] <= 0) return undefined;
  const index = pages.findIndex(({ ref, dict }) =>
    widget.ref === undefined
      ? ref.equals(widget.dict.get('P'))
      : (doc.array(dict.get('Annots')) ?? []).some((item) => widget.ref?.equals(item)),
  );
  const page = pages[index];
  return page && { page: index, rect, frame: PageFrame.of(doc, page) };
}

/** Half a point more than the page is rounding, not intention. */
const slack = 0.5;

function placed(page: number, frame: PageFrame, x: number, y: number, { width, height }: Size): PlacedBox {
  const isOff =
    x < -slack || y < -slack || x + width > frame.width + slack || y + height > frame.height + slack;
  if (isOff || ![x, y].every(Number.isFinite)) {
    throw new AppearanceError('signing.appearance_off_page', 'the box leaves the page', {
      details: { page: page + 1, box: [x, y, x + width, y + height].map(Math.round) },
    });
  }
  const rect = frame.toUser([x, y, x + width, y + height]).map((value) => Math.round(value * 1000) / 1000);
  return { page, frame, rect: rect as unknown as Rect };
}
