import { inflateSync } from 'node:zlib';
import { damaged } from './image.ts';
import type { PngParts } from './png-chunks.ts';

/** Eight bits a sample. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
  /** Undefined: all of it is opaque. */
  readonly alpha: Uint8Array | undefined;
}

const samplesOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** Columns and rows of the seven passes of Adam7 (W3C PNG 8.2): first, then every how many. */
const adam7 = [
  [0, 8, 0, 8],
  [4, 8, 0, 8],
  [0, 4, 4, 8],
  [2, 4, 0, 4],
  [0, 2, 2, 4],
  [1, 2, 0, 2],
  [0, 1, 1, 2],
] as const;

interface Pass {
  readonly columns: number;
  readonly rows: number;
  /** The pixel of the picture. */
  readonly at: (column: number, row: number) => number;
}

/**
 * All pixels of a PNG, whatever its colour type, depth and order.
 * @throws CompositionError `composition.image_damaged`: too few or too many bytes, unknown filters, a colour outside the palette.
 */
export function pngPixels(parts: PngParts): Pixels {
  const { width, height, depth, colourType } = parts;
  const samples = samplesOf[colourType] ?? 1;
  const passes = passesOf(parts);
  const rowBytes = (columns: number): number => Math.ceil((columns * samples * depth) / 8);
  const size = passes.reduce((sum, { columns, rows }) => sum + rows * (1 + rowBytes(columns)), 0);
  const raw = inflated(parts.data, size);
  const paint = painter(parts, width * height);
  const bytesAPixel = Math.max(1, (samples * depth) / 8);
  let at = 0;
  for (const { columns, rows, at: pixelAt } of passes) {
    const length = rowBytes(columns);
    let previous = new Uint8Array(length);
    for (let row = 0; row < rows; row++) {
      const line = raw.subarray(at + 1, at + 1 + length);
      undoFilter(raw[at] ?? 0, line, previous, bytesAPixel);
      for (let column = 0; column < columns; column++) paint.pixel(line, column, pixelAt(column, row));
      previous = line;
      at += 1 + length;
    }
  }
  return { width, height, rgb: paint.rgb, alpha: paint.alpha() };
}

function inflated(data: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  try {
    const raw = inflateSync(data, { maxOutputLength: size });
    if (raw.length === size) return raw;
  } catch (cause) {
    throw damaged('the pixels cannot be unpacked', cause);
  }
  throw damaged('pixels are missing');
}

function passesOf({ width, height, interlaced }: PngParts): Pass[] {
  if (!interlaced) return [{ columns: width, rows: height, at: (column, row) => row * width + column }];
  return adam7
    .map(([left, across, top, down]) => ({
      columns: Math.ceil((width - left) / across),
      rows: Math.ceil((height - top) / down),
      at: (column: number, row: number) => (top + row * down) * width + left + column * across,
    }))
    .filter(({ columns, rows }) => columns > 0 && rows > 0);
}

/** W3C PNG 9.2, in place. */
function undoFilter(filter: number, line: Uint8Array, above: Uint8Array, step: number): void {
  if (filter > 4) throw damaged('an unknown filter');
  if (filter === 0) return;
  for (let i = 0; i < line.length; i++) {
    const left = i < step ? 0 : (line[i - step] ?? 0);
    const up = above[i] ?? 0;
    const corner = i < step ? 0 : (above[i - step] ?? 0);
    line[i] = (line[i] ?? 0) + predicted(filter, left, up, corner);
  }
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  const [toLeft, toUp, toCorner] = [
    Math.abs(up - corner),
    Math.abs(left - corner),
    Math.abs(left + up - 2 * corner),
  ];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

/** Turns the samples of a pixel into colour and alpha. */
function painter({ depth, colourType, palette, transparency }: PngParts, count: number) {
  const rgb = new Uint8Array(count * 3);
  const alpha = new Uint8Array(count).fill(255);
  let isOpaque = true;
  const samples = samplesOf[colourType] ?? 1;
  const largest = 2 ** depth - 1;
  /** The sample as it stands. */
  const sample = (line: Uint8Array, index: number): number => {
    if (depth === 8) return line[index] ?? 0;
    if (depth === 16) return ((line[2 * index] ?? 0) << 8) | (line[2 * index + 1] ?? 0);
    const bit = index * depth;
    return ((line[bit >> 3] ?? 0) >> (8 - depth - (bit & 7))) & largest;
  };
  const byte = (value: number): number => (depth === 16 ? value >> 8 : Math.round((value * 255) / largest));
  const set = (at: number, red: number, green: number, blue: number, opacity: number): void => {
    rgb[3 * at] = red;
    rgb[3 * at + 1] = green;
    rgb[3 * at + 2] = blue;
    alpha[at] = opacity;
    if (opacity < 255) isOpaque = false;
  };
  /** tRNS of a picture without palette: one colour that is not there (11.3.1.1). */
  const clear = Array.from({ length: samples }, (_, i) =>
    transparency && transparency.length >= 2 * samples
      ? ((transparency[2 * i] ?? 0) << 8) | (transparency[2 * i + 1] ?? 0)
      : -1,
  );
  const pixel = (line: Uint8Array, column: number, at: number): void => {
    const values = [0, 1, 2, 3].map((i) => (i < samples ? sample(line, column * samples + i) : 0));
    const [a = 0, b = 0, c = 0, d = 0] = values;
    if (colourType === 3) {
      if (palette === undefined || 3 * a + 2 >= palette.length) throw damaged('a colour outside the palette');
      const [red = 0, green = 0, blue = 0] = palette.subarray(3 * a, 3 * a + 3);
      set(at, red, green, blue, transparency?.[a] ?? 255);
    } else if (colourType === 4) set(at, byte(a), byte(a), byte(a), byte(b));
    else if (colourType === 6) set(at, byte(a), byte(b), byte(c), byte(d));
    else {
      const isClear = clear.every((value, i) => value === values[i]);
      const [green, blue] = colourType === 0 ? [a, a] : [b, c];
      set(at, byte(a), byte(green), byte(blue), isClear ? 0 : 255);
    }
  };
  return { rgb, pixel, alpha: () => (isOpaque ? undefined : alpha) };
}
