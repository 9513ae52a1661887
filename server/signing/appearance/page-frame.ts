import type { Matrix } from '../../composition/images/image.ts';
import type { ObjectReader } from '../../pdf/object-reader.ts';
import type { PdfPage } from '../../pdf/pages.ts';
import { rectangle } from '../../pdf/update/appearance.ts';

/** Lower left and upper right corner. */
export type Rect = readonly [number, number, number, number];

/** What readers take when a page does not say how large it is. */
const LETTER: Rect = [0, 0, 612, 792];

const pointsPerMillimetre = 72 / 25.4;
export const mm = (millimetres: number): number => millimetres * pointsPerMillimetre;

/**
 * A page as it is seen: points from the lower left corner of what is shown, upright. Behind it stand the crop box
 * (ISO 32000-2 14.11.2), /Rotate and /UserUnit (7.7.3.3).
 */
export class PageFrame {
  readonly width: number;
  readonly height: number;
  readonly #box: Rect;
  readonly #turns: number;
  readonly #unit: number;

  constructor(box: Rect, rotate: number, unit: number) {
    this.#box = box;
    this.#turns = (((Math.round(rotate / 90) % 4) + 4) % 4) as 0 | 1 | 2 | 3;
    this.#unit = unit;
    const [across, up] = [(box[2] - box[0]) * unit, (box[3] - box[1]) * unit];
    [this.width, this.height] = this.#turns % 2 === 0 ? [across, up] : [up, across];
  }

  static of(reader: ObjectReader, page: PdfPage): PageFrame {
    const media = visible(rectangle(reader, page.attributes.get('MediaBox'))) ?? LETTER;
    const crop = visible(rectangle(reader, page.attributes.get('CropBox')));
    const box = (crop && intersection(crop, media)) ?? media;
    const unit = reader.number(reader.resolve(page.dict.get('UserUnit'))) ?? 1;
    const rotate = reader.number(reader.resolve(page.attributes.get('Rotate'))) ?? 0;
    return new PageFrame(box, rotate, unit > 0 && unit < 75_000 ? unit : 1);
  }

  /** From what is seen to the page's user space. */
  toUser([x1, y1, x2, y2]: Rect): Rect {
    return ordered([...this.#pointToUser(x1, y1), ...this.#pointToUser(x2, y2)]);
  }

  /** From the page's user space to what is seen. */
  toSeen([x1, y1, x2, y2]: Rect): Rect {
    return ordered([...this.#pointToSeen(x1, y1), ...this.#pointToSeen(x2, y2)]);
  }

  /** The /Matrix of a form XObject that shall be seen upright (ISO 32000-2 12.5.5 fits its box into the rectangle). */
  get upright(): Matrix {
    const turns: readonly Matrix[] = [
      [1, 0, 0, 1, 0, 0],
      [0, 1, -1, 0, 0, 0],
      [-1, 0, 0, -1, 0, 0],
      [0, -1, 1, 0, 0, 0],
    ];
    return turns[this.#turns] ?? [1, 0, 0, 1, 0, 0];
  }

  #pointToUser(x: number, y: number): [number, number] {
    const [left, bottom, right, top] = this.#box;
    const [u, v] = [x / this.#unit, y / this.#unit];
    if (this.#turns === 1) return [right - v, bottom + u];
    if (this.#turns === 2) return [right - u, top - v];
    if (this.#turns === 3) return [left + v, top - u];
    return [left + u, bottom + v];
  }

  #pointToSeen(x: number, y: number): [number, number] {
    const [left, bottom, right, top] = this.#box;
    const scaled = (u: number, v: number): [number, number] => [u * this.#unit, v * this.#unit];
    if (this.#turns === 1) return scaled(y - bottom, right - x);
    if (this.#turns === 2) return scaled(right - x, top - y);
    if (this.#turns === 3) return scaled(top - y, x - left);
    return scaled(x - left, y - bottom);
  }
}

const visible = (rect: Rect): Rect | undefined =>
  rect[2] - rect[0] > 0 && rect[3] - rect[1] > 0 && rect.every(Number.isFinite) ? rect : undefined;

export function intersection(a: Rect, b: Rect): Rect | undefined {
  return visible([Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])]);
}

function ordered([x1, y1, x2, y2]: readonly [number, number, number, number]): Rect {
  return [Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)];
}
