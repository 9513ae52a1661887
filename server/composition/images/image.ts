import type { PdfStream } from '../../pdf/objects.ts';
import { CompositionError } from '../errors.ts';

/** `a b c d e f` of ISO 32000-2 8.3.3. */
export type Matrix = readonly [number, number, number, number, number, number];

export const identity: Matrix = [1, 0, 0, 1, 0, 0];

/** First `inner`, then `outer`. */
export function multiply(inner: Matrix, outer: Matrix): Matrix {
  const [a, b, c, d, e, f] = inner;
  const [A, B, C, D, E, F] = outer;
  return [a * A + b * C, a * B + b * D, c * A + d * C, c * B + d * D, e * A + f * C + E, e * B + f * D + F];
}

export type ImageFormat = 'png' | 'jpeg' | 'svg';

/** A picture that was read whole and found sound: what an appearance needs to draw it. */
export interface Image {
  readonly format: ImageFormat;
  /** Width divided by height, as it is seen. */
  readonly aspect: number;
  /** Millimetres, when the file says how large it is (pHYs, JFIF density, an SVG in mm). */
  readonly size?: { readonly width: number; readonly height: number };
  /** Paper shows through where there is no ink. */
  readonly isTransparent: boolean;
  /** The mean colour of the ink, DeviceRGB 0 to 1; only of pictures whose pixels are decoded here. */
  readonly ink?: readonly [number, number, number];
  /** CMYK samples, which a PDF/A of another colour space may not hold. */
  readonly isCmyk: boolean;
  /** From the coordinates of the XObject to the unit square. */
  readonly toUnitSquare: Matrix;
  /**
   * The picture as an XObject (ISO 32000-2 8.9, 8.10). `hardMask`: transparency as a mask of one bit, which PDF/A-1 allows
   * (ISO 19005-1 6.4 forbids soft masks).
   */
  xobject(options?: { readonly hardMask?: boolean }): PdfStream;
}

export const mediaTypes: Readonly<Record<ImageFormat, string>> = {
  png: 'image/png',
  jpeg: 'image/jpeg',
  svg: 'image/svg+xml',
};

/** Pixels of one picture: A4 at 300 dots an inch has 8.7 million; a signature has a tenth. */
export const maxPixels = 8_000_000;
export const maxSide = 8_000;

export function checkDimensions(width: number, height: number, most = maxPixels): void {
  if (width < 1 || height < 1) throw damaged('a picture without pixels');
  if (width > maxSide || height > maxSide || width * height > most) {
    throw new CompositionError('composition.image_too_large', `${width} by ${height} pixels`, {
      details: { width, height, maxSide, maxPixels: most },
    });
  }
}

export const damaged = (why: string, cause?: unknown): CompositionError =>
  new CompositionError('composition.image_damaged', why, {
    details: { why },
    ...(cause === undefined ? {} : { cause }),
  });

export const notSupported = (what: string): CompositionError =>
  new CompositionError('composition.image_unsupported', `not supported: ${what}`, { details: { what } });

/** A size a seal or signature can have; nonsense densities are as good as none. */
export function plausibleSize(width: number, height: number): Pick<Image, 'size'> {
  const fits = (side: number): boolean => Number.isFinite(side) && side >= 2 && side <= 300;
  return fits(width) && fits(height) ? { size: { width, height } } : {};
}
