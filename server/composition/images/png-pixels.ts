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
  /** The pixel of the picture where a row begins. */
  readonly start: (row: number) => number;
  /** From pixel to pixel in a row. */
  readonly stride: number;
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
  const paint = painter(parts);
  const step = Math.max(1, (samples * depth) / 8);
  let at = 0;
  for (const { columns, rows, start, stride } of passes) {
    const length = rowBytes(columns);
    const values = new Uint16Array(columns * samples);
    let above: Uint8Array = new Uint8Array(length);
    for (let row = 0; row < rows; row++) {
      const line = raw.subarray(at + 1, at + 1 + length);
      undoFilter(raw[at] ?? 0, line, above, step);
      unpack(line, depth, values);
      paint.row(values, start(row), stride);
      above = line;
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
  if (!interlaced) return [{ columns: width, rows: height, start: (row) => row * width, stride: 1 }];
  return adam7
    .map(([left, across, top, down]) => ({
      columns: Math.ceil((width - left) / across),
      rows: Math.ceil((height - top) / down),
      start: (row: number) => (top + row * down) * width + left,
      stride: across,
    }))
    .filter(({ columns, rows }) => columns > 0 && rows > 0);
}

/** W3C PNG 9.2, in place: each byte is added to what its filter foretells from the bytes at its left and above. */
function undoFilter(filter: number, line: Uint8Array, above: Uint8Array, step: number): void {
  if (filter > 4) throw damaged('an unknown filter');
  for (let i = 0; filter > 0 && i < line.length; i++) {
    const left = i < step ? 0 : (line[i - step] as number);
    const up = above[i] as number;
    let foretold = filter === 1 ? left : up;
    if (filter === 3) foretold = (left + up) >> 1;
    else if (filter === 4) foretold = paeth(left, up, i < step ? 0 : (above[i - step] as number));
    line[i] = (line[i] as number) + foretold;
  }
}

function paeth(left: number, up: number, corner: number): number {
  const toLeft = Math.abs(up - corner);
  const toUp = Math.abs(left - corner);
  const toCorner = Math.abs(left + up - 2 * corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

/** The samples of a row, as they stand. */
function unpack(line: Uint8Array, depth: number, values: Uint16Array): void {
  if (depth === 8) values.set(line);
  else if (depth === 16) {
    for (let i = 0; i < values.length; i++) {
      values[i] = ((line[2 * i] as number) << 8) | (line[2 * i + 1] as number);
    }
  } else {
    for (let i = 0; i < values.length; i++) {
      const bit = i * depth;
      values[i] = ((line[bit >> 3] as number) >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
    }
  }
}

/** Turns rows of samples into colour and alpha. */
function painter({ width, height, depth, colourType, palette, transparency }: PngParts) {
  const rgb = new Uint8Array(width * height * 3);
  const alpha = new Uint8Array(width * height).fill(255);
  let isOpaque = true;
  const set = (at: number, red: number, green: number, blue: number, opacity: number): void => {
    rgb[3 * at] = red;
    rgb[3 * at + 1] = green;
    rgb[3 * at + 2] = blue;
    alpha[at] = opacity;
    if (opacity < 255) isOpaque = false;
  };
  const factor = 255 / (2 ** depth - 1);
  const byte = (value: number): number => (depth === 16 ? value >> 8 : Math.round(value * factor));
  const samples = samplesOf[colourType] ?? 1;
  /** tRNS of a picture without palette: one colour that is not there (11.3.1.1). */
  const clear = (i: number): number =>
    transparency && transparency.length >= 2 * samples
      ? ((transparency[2 * i] ?? 0) << 8) | (transparency[2 * i + 1] ?? 0)
      : -1;
  const [clearRed, clearGreen, clearBlue] = [clear(0), clear(1), clear(2)];
  const hasAlpha = colourType >= 4;
  const isColour = colourType === 2 || colourType === 6;

  const row = (values: Uint16Array, start: number, stride: number): void => {
    for (let i = 0, at = start; i < values.length; i += samples, at += stride) {
      const first = values[i] as number;
      if (colourType === 3) {
        if (palette === undefined || 3 * first + 2 >= palette.length)
          throw damaged('a colour outside the palette');
        const entry = 3 * first;
        const [red, green, blue] = [palette[entry], palette[entry + 1], palette[entry + 2]];
        set(at, red as number, green as number, blue as number, transparency?.[first] ?? 255);
        continue;
      }
      const green = isColour ? (values[i + 1] as number) : first;
      const blue = isColour ? (values[i + 2] as number) : first;
      const isClear =
        !hasAlpha && first === clearRed && (!isColour || (green === clearGreen && blue === clearBlue));
      const opacity = hasAlpha ? byte(values[i + samples - 1] as number) : isClear ? 0 : 255;
      set(at, byte(first), byte(green), byte(blue), opacity);
    }
  };
  return { rgb, row, alpha: () => (isOpaque ? undefined : alpha) };
}
