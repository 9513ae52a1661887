import { crc32, deflateSync } from 'node:zlib';

export type Pixel = readonly [red: number, green: number, blue: number, alpha: number];

export interface PngOptions {
  readonly width: number;
  readonly height: number;
  /** Bytes 0 to 255; grey types take the red one. */
  readonly pixel: (x: number, y: number) => Pixel;
  /** Default RGB and alpha. */
  readonly colourType?: 0 | 2 | 3 | 4 | 6;
  readonly depth?: 1 | 2 | 4 | 8 | 16;
  readonly interlaced?: boolean;
  readonly dotsPerInch?: number;
  /** Chunks before IDAT: tRNS, or something that must not be there. */
  readonly chunks?: readonly (readonly [type: string, body: Uint8Array])[];
  /** The filter of each row; rows are then filtered as it says. */
  readonly filter?: number;
  readonly palette?: readonly Pixel[];
}

export const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

export function chunk(type: string, body: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

export function header(width: number, height: number, depth = 8, colourType = 6, interlaced = false): Buffer {
  const body = Buffer.alloc(13);
  body.writeUInt32BE(width, 0);
  body.writeUInt32BE(height, 4);
  body.set([depth, colourType, 0, 0, interlaced ? 1 : 0], 8);
  return chunk('IHDR', body);
}

/** A PNG of any colour type, depth, filter and order. */
export function makePng(options: PngOptions): Buffer {
  const { width, height, colourType = 6, depth = 8, interlaced = false } = options;
  const chunks = [header(width, height, depth, colourType, interlaced)];
  if (options.palette) {
    chunks.push(chunk('PLTE', Buffer.from(options.palette.flatMap((colour) => colour.slice(0, 3)))));
    chunks.push(chunk('tRNS', Buffer.from(options.palette.map(([, , , alpha]) => alpha))));
  }
  if (options.dotsPerInch !== undefined) {
    const body = Buffer.alloc(9);
    body.writeUInt32BE(Math.round(options.dotsPerInch / 0.0254), 0);
    body.writeUInt32BE(Math.round(options.dotsPerInch / 0.0254), 4);
    body[8] = 1;
    chunks.push(chunk('pHYs', body));
  }
  for (const [type, body] of options.chunks ?? []) chunks.push(chunk(type, body));
  const raw = Buffer.concat(passes(width, height, interlaced).flatMap((pass) => rows(options, pass)));
  chunks.push(chunk('IDAT', deflateSync(raw)), chunk('IEND', Buffer.alloc(0)));
  return Buffer.concat([pngSignature, ...chunks]);
}

interface Pass {
  readonly xs: readonly number[];
  readonly ys: readonly number[];
}

function passes(width: number, height: number, interlaced: boolean): Pass[] {
  const every = (first: number, step: number, end: number): number[] =>
    Array.from({ length: Math.max(0, Math.ceil((end - first) / step)) }, (_, i) => first + i * step);
  if (!interlaced) return [{ xs: every(0, 1, width), ys: every(0, 1, height) }];
  const starts = [
    [0, 8, 0, 8],
    [4, 8, 0, 8],
    [0, 4, 4, 8],
    [2, 4, 0, 4],
    [0, 2, 2, 4],
    [1, 2, 0, 2],
    [0, 1, 1, 2],
  ] as const;
  return starts
    .map(([x, dx, y, dy]) => ({ xs: every(x, dx, width), ys: every(y, dy, height) }))
    .filter(({ xs, ys }) => xs.length > 0 && ys.length > 0);
}

function rows(
  { pixel, colourType = 6, depth = 8, filter = 0, palette = [] }: PngOptions,
  { xs, ys }: Pass,
): Buffer[] {
  let above = Buffer.alloc(0);
  return ys.map((y) => {
    const samples = xs.flatMap((x) => samplesOf(pixel(x, y), colourType, palette));
    const plain = pack(
      samples.map((value) => (colourType === 3 ? value : scaled(value, depth))),
      depth,
    );
    const step = Math.max(1, (samples.length / xs.length) * (depth / 8));
    const line = Buffer.from(plain.map((value, i) => value - prediction(filter, plain, above, i, step)));
    above = plain;
    return Buffer.concat([Buffer.from([filter]), line]);
  });
}

function samplesOf([r, g, b, a]: Pixel, colourType: number, palette: readonly Pixel[]): number[] {
  if (colourType === 0) return [r];
  if (colourType === 2) return [r, g, b];
  if (colourType === 4) return [r, a];
  if (colourType === 6) return [r, g, b, a];
  return [palette.findIndex((entry) => entry.every((value, i) => value === [r, g, b, a][i]))];
}

const scaled = (value: number, depth: number): number =>
  depth === 16 ? value * 257 : Math.round((value / 255) * (2 ** depth - 1));

function pack(samples: readonly number[], depth: number): Buffer<ArrayBuffer> {
  const line = Buffer.alloc(Math.ceil((samples.length * depth) / 8));
  for (const [i, value] of samples.entries()) {
    if (depth === 16) line.writeUInt16BE(value, 2 * i);
    else {
      const bit = i * depth;
      line[bit >> 3] = (line[bit >> 3] ?? 0) | (value << (8 - depth - (bit & 7)));
    }
  }
  return line;
}

function prediction(filter: number, line: Uint8Array, above: Uint8Array, i: number, step: number): number {
  const left = i < step ? 0 : (line[i - step] ?? 0);
  const up = above[i] ?? 0;
  const corner = i < step ? 0 : (above[i - step] ?? 0);
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return Math.floor((left + up) / 2);
  if (filter !== 4) return 0;
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}
