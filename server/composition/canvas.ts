import type { Line, Run } from './break-lines.ts';
import type { FontStyle } from './font-files.ts';
import { type FontSet, resourceNames } from './font-set.ts';

/** Points, origin at the lower left as PDF has it: lower-left and upper-right corner. */
export type Rect = readonly [x1: number, y1: number, x2: number, y2: number];
/** DeviceRGB, 0 to 1. */
export type Colour = readonly [red: number, green: number, blue: number];

export const black: Colour = [0, 0, 0];

/** Collects the operators of one content stream (ISO 32000-2 8 and 9) and the places named in it. */
export class Canvas {
  readonly fonts: FontSet;
  readonly marks = new Map<string, Rect>();
  readonly styles = new Set<FontStyle>();
  readonly #operators: string[] = [];

  constructor(fonts: FontSet) {
    this.fonts = fonts;
  }

  /** Text of one style from the baseline point on. */
  text({ text, style }: Run, size: number, x: number, y: number, colour: Colour = black): void {
    this.#show(style, size, x, y, `<${this.fonts[style].encode(text)}> Tj`, colour);
  }

  /** One broken line; `stretch` points are added to each space. */
  line(line: Line, size: number, x: number, y: number, stretch = 0, colour: Colour = black): void {
    // Tw does nothing to two-byte codes (ISO 32000-2 9.3.3): spaces are widened by TJ.
    const widen = stretch === 0 ? '' : `${number((-stretch * 1000) / size)} `;
    let left = x;
    for (const group of styleGroups(line)) {
      const font = this.fonts[group.style];
      const parts = group.parts.map((part) => `${part.startsWith(' ') ? widen : ''}<${font.encode(part)}>`);
      this.#show(group.style, size, left, y, `[${parts.join(' ')}] TJ`, colour);
      for (const part of group.parts) left += font.width(part, size) + (part.startsWith(' ') ? stretch : 0);
    }
  }

  rule(x1: number, x2: number, y: number, thickness = 0.75): void {
    this.#operators.push(
      `q ${number(thickness)} w ${number(x1)} ${number(y)} m ${number(x2)} ${number(y)} l S Q`,
    );
  }

  frame([x1, y1, x2, y2]: Rect, thickness: number, colour: Colour): void {
    const box = [x1, y1, x2 - x1, y2 - y1].map(number).join(' ');
    this.#operators.push(`q ${colour.map(number).join(' ')} RG ${number(thickness)} w ${box} re S Q`);
  }

  fill(boxes: readonly Rect[], colour: Colour): void {
    const paths = boxes.map(([x1, y1, x2, y2]) => `${[x1, y1, x2 - x1, y2 - y1].map(number).join(' ')} re`);
    if (paths.length > 0)
      this.#operators.push(`q ${colour.map(number).join(' ')} rg ${paths.join('\n')} f Q`);
  }

  /** An XObject of that resource name; `matrix` maps its coordinates to the page. */
  draw(name: string, matrix: readonly number[]): void {
    // Five decimals: an SVG's coordinates may be thousands where the picture has points.
    const operands = matrix.map((value) => String(Math.round(value * 1e5) / 1e5));
    this.#operators.push(`q ${operands.join(' ')} cm /${name} Do Q`);
  }

  /** Remembers a place for whoever fills or signs it. */
  mark(name: string, rect: Rect): void {
    this.marks.set(name, rect);
  }

  toString(): string {
    return `${this.#operators.join('\n')}\n`;
  }

  #show(style: FontStyle, size: number, x: number, y: number, show: string, colour: Colour): void {
    this.styles.add(style);
    const fill = `${colour.map(number).join(' ')} rg`;
    this.#operators.push(
      `BT ${fill} /${resourceNames[style]} ${number(size)} Tf ${number(x)} ${number(y)} Td ${show} ET`,
    );
  }
}

/** At most three decimals, never an exponent (ISO 32000-2 7.3.3). */
export function number(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}

/** The line's texts, those of one style together; a space leads the word that follows it. */
function styleGroups(line: Line): { style: FontStyle; parts: string[] }[] {
  const groups: { style: FontStyle; parts: string[] }[] = [];
  for (const [index, word] of line.words.entries()) {
    for (const [position, piece] of word.pieces.entries()) {
      const text = index > 0 && position === 0 ? ` ${piece.text}` : piece.text;
      const last = groups.at(-1);
      if (last?.style === piece.style) last.parts.push(text);
      else groups.push({ style: piece.style, parts: [text] });
    }
  }
  return groups;
}
