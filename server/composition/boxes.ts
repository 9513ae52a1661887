import { balancedLines, breakLines, type Run } from './break-lines.ts';
import type { Canvas } from './canvas.ts';
import type { FontSet } from './font-set.ts';

/** Something that stands on one page. Lengths are points. */
export interface Box {
  readonly height: number;
  /** Left out at the top of a page. */
  readonly spaceBefore: number;
  /** Never the last of its page. */
  readonly keepWithNext: boolean;
  /** `top` is the y of the box's upper edge, `left` the x of the text area. */
  readonly draw: (canvas: Canvas, left: number, top: number) => void;
}

export interface ParagraphStyle {
  readonly size: number;
  readonly align: 'left' | 'center' | 'justify';
  readonly firstIndent?: number;
  /** Of every line but the first. */
  readonly hanging?: number;
  readonly spaceBefore?: number;
  /** Distance of base lines divided by the size; ND 30/2020 allows single (1.15) to one and a half. */
  readonly leading?: number;
  readonly keepWithNext?: boolean;
}

/** Part of a line's height that lies over the base line. */
const ascent = 0.8;

/**
 * The lines of a paragraph as boxes. Its first two and its last two lines stay together (no widow, no orphan).
 * @throws CompositionError `composition.unsupported_character`.
 */
export function paragraph(runs: readonly Run[], width: number, style: ParagraphStyle, fonts: FontSet): Box[] {
  const { size, align, firstIndent = 0, hanging = 0, spaceBefore = 0, leading = 1.15 } = style;
  const height = size * leading;
  const widths = { first: width - firstIndent, rest: width - hanging };
  const lines =
    align === 'center' ? balancedLines(runs, size, fonts, width) : breakLines(runs, size, fonts, widths);
  return lines.map((line, index) => {
    const isLast = index === lines.length - 1;
    const indent = index === 0 ? firstIndent : hanging;
    const room = width - indent - line.width;
    const gaps = line.words.length - 1;
    const stretch = align === 'justify' && !isLast && gaps > 0 ? room / gaps : 0;
    const shift = indent + (align === 'center' ? room / 2 : 0);
    return {
      height,
      spaceBefore: index === 0 ? spaceBefore : 0,
      keepWithNext: isLast ? style.keepWithNext === true : index === 0 || index === lines.length - 2,
      draw: (canvas, left, top) =>
        canvas.line(line, size, left + shift, top - (height - size) / 2 - size * ascent, stretch),
    };
  });
}

/** Boxes one under the other as one box that no page break divides. */
export function stack(boxes: readonly Box[], keepWithNext = false): Box {
  return {
    height: heightOf(boxes),
    spaceBefore: boxes[0]?.spaceBefore ?? 0,
    keepWithNext,
    draw: (canvas, left, top) => {
      let y = top;
      for (const [index, box] of boxes.entries()) {
        y -= index === 0 ? 0 : box.spaceBefore;
        box.draw(canvas, left, y);
        y -= box.height;
      }
    },
  };
}

/** Boxes beside each other, their upper edges level; `x` is each one's distance from the left. */
export function beside(
  columns: readonly { x: number; box: Box }[],
  options: { spaceBefore?: number; keepWithNext?: boolean } = {},
): Box {
  return {
    height: Math.max(0, ...columns.map(({ box }) => box.height)),
    spaceBefore: options.spaceBefore ?? 0,
    keepWithNext: options.keepWithNext ?? false,
    draw: (canvas, left, top) => {
      for (const { x, box } of columns) box.draw(canvas, left + x, top);
    },
  };
}

export function gap(height: number, draw: Box['draw'] = () => {}): Box {
  return { height, spaceBefore: 0, keepWithNext: true, draw };
}

export function heightOf(boxes: readonly Box[]): number {
  return boxes.reduce((sum, box, index) => sum + box.height + (index === 0 ? 0 : box.spaceBefore), 0);
}
