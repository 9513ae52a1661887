import type { Box } from './boxes.ts';
import { Canvas } from './canvas.ts';
import { CompositionError } from './errors.ts';
import type { FontSet } from './font-set.ts';

/** Points. */
export interface PageGeometry {
  readonly width: number;
  readonly height: number;
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

const pointsPerMillimetre = 72 / 25.4;
export const mm = (millimetres: number): number => millimetres * pointsPerMillimetre;

/** A4 and the margins of ND 30/2020, Appendix I, I.3 to I.4 (top and bottom 20-25, left 30-35, right 15-20 mm). */
export const a4: PageGeometry = {
  width: mm(210),
  height: mm(297),
  top: mm(20),
  bottom: mm(20),
  left: mm(30),
  right: mm(15),
};

export const maxPages = 500;

/**
 * Lays boxes on pages, top to bottom. Boxes kept with their next go to the next page together.
 * @throws CompositionError `composition.block_too_tall`, `composition.too_long`.
 */
export function paginate(boxes: readonly Box[], page: PageGeometry, fonts: FontSet): Canvas[] {
  const first = page.height - page.top;
  const room = first - page.bottom;
  const pages: Canvas[] = [];
  let canvas: Canvas | undefined;
  let y = first;
  const place = (box: Box) => {
    if (box.height > room)
      throw new CompositionError('composition.block_too_tall', 'a block is taller than a page');
    if (canvas === undefined || y - box.spaceBefore - box.height < page.bottom) {
      canvas = nextPage(pages, fonts);
      y = first;
    } else {
      y -= box.spaceBefore;
    }
    box.draw(canvas, page.left, y);
    y -= box.height;
  };
  for (const chunk of chunks(boxes)) {
    const height = chunk.reduce((sum, box) => sum + box.spaceBefore + box.height, 0);
    // A chain longer than a page cannot be kept together: it breaks where the page ends.
    if (canvas !== undefined && height <= room && y - height < page.bottom) canvas = undefined;
    for (const box of chunk) place(box);
  }
  return pages;
}

function nextPage(pages: Canvas[], fonts: FontSet): Canvas {
  if (pages.length >= maxPages) throw new CompositionError('composition.too_long', `over ${maxPages} pages`);
  const canvas = new Canvas(fonts);
  pages.push(canvas);
  return canvas;
}

function* chunks(boxes: readonly Box[]): Generator<Box[]> {
  let chunk: Box[] = [];
  for (const box of boxes) {
    chunk.push(box);
    if (box.keepWithNext) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
