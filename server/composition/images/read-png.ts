import { PdfStream } from '../../pdf/objects.ts';
import { flateStream } from '../update-sink.ts';
import { type Image, identity, plausibleSize } from './image.ts';
import { pngParts } from './png-chunks.ts';
import { type Pixels, pngPixels } from './png-pixels.ts';

/** Less than this is paper shining through. */
const hardEdge = 128;

/** @throws CompositionError as {@link pngParts} and {@link pngPixels} */
export function readPng(bytes: Buffer, most: number): Image {
  const parts = pngParts(bytes, most);
  const pixels = pngPixels(parts);
  const [across, down] = parts.pixelsPerMetre ?? [0, 0];
  const soft = once(() => imageXObject(pixels, false));
  const hard = once(() => imageXObject(pixels, true));
  return {
    format: 'png',
    aspect: parts.width / parts.height,
    ...plausibleSize((1000 * parts.width) / across, (1000 * parts.height) / down),
    isTransparent: pixels.alpha !== undefined,
    ...inkOf(pixels),
    isCmyk: false,
    toUnitSquare: identity,
    xobject: ({ hardMask = false } = {}) => (hardMask ? hard() : soft()),
  };
}

function imageXObject({ width, height, rgb, alpha }: Pixels, hardMask: boolean): PdfStream {
  const isGrey = isWithoutColour(rgb);
  const samples = isGrey ? rgb.filter((_, i) => i % 3 === 0) : rgb;
  const common = { Type: 'XObject', Subtype: 'Image', Width: width, Height: height };
  const image = flateStream(samples, {
    ...common,
    ColorSpace: isGrey ? 'DeviceGray' : 'DeviceRGB',
    BitsPerComponent: 8,
  });
  if (alpha === undefined) return image;
  if (hardMask) {
    const mask = flateStream(bitsOf(alpha, width), { ...common, BitsPerComponent: 1 });
    const stencil = new PdfStream(mask.dict.with({ ImageMask: true }), mask.bytes);
    return new PdfStream(image.dict.with({ Mask: stencil }), image.bytes);
  }
  const softMask = flateStream(alpha, { ...common, ColorSpace: 'DeviceGray', BitsPerComponent: 8 });
  return new PdfStream(image.dict.with({ SMask: softMask }), image.bytes);
}

function isWithoutColour(rgb: Uint8Array): boolean {
  for (let i = 0; i < rgb.length; i += 3) {
    if (rgb[i] !== rgb[i + 1] || rgb[i] !== rgb[i + 2]) return false;
  }
  return true;
}

/** A stencil: 1 hides (ISO 32000-2 8.9.6.3). */
function bitsOf(alpha: Uint8Array, width: number): Uint8Array {
  const rowBytes = Math.ceil(width / 8);
  const bits = new Uint8Array(rowBytes * (alpha.length / width));
  for (const [i, value] of alpha.entries()) {
    const column = i % width;
    const at = Math.floor(i / width) * rowBytes + (column >> 3);
    if (value < hardEdge) bits[at] = (bits[at] ?? 0) | (0x80 >> (column & 7));
  }
  return bits;
}

/** The mean of what is neither transparent nor white, the stronger the more opaque. */
function inkOf({ rgb, alpha }: Pixels): Pick<Image, 'ink'> {
  let weight = 0;
  const sum: [number, number, number] = [0, 0, 0];
  for (let i = 0; i < rgb.length / 3; i++) {
    const red = rgb[3 * i] as number;
    const green = rgb[3 * i + 1] as number;
    const blue = rgb[3 * i + 2] as number;
    const opacity = alpha ? (alpha[i] as number) : 255;
    if (opacity === 0 || (red > 230 && green > 230 && blue > 230)) continue;
    weight += opacity;
    sum[0] += red * opacity;
    sum[1] += green * opacity;
    sum[2] += blue * opacity;
  }
  if (weight === 0) return {};
  return { ink: [sum[0] / weight / 255, sum[1] / weight / 255, sum[2] / weight / 255] };
}

/** Compressed once, for however many files it goes into. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
