import { PdfDict, PdfName, PdfStream } from '../../pdf/objects.ts';
import { checkDimensions, type Image, identity, type Matrix, plausibleSize } from './image.ts';
import { jpegParts } from './jpeg-segments.ts';

/** How the stored picture lies in the unit square, by EXIF orientation (EXIF 2.32, 4.6.4 A). */
const upright: Readonly<Record<number, Matrix>> = {
  1: identity,
  2: [-1, 0, 0, 1, 1, 0],
  3: [-1, 0, 0, -1, 1, 1],
  4: [1, 0, 0, -1, 0, 1],
  5: [0, -1, -1, 0, 1, 1],
  6: [0, -1, 1, 0, 0, 1],
  7: [0, 1, 1, 0, 0, 0],
  8: [0, 1, -1, 0, 1, 0],
};

const colourSpaces: Readonly<Record<number, string>> = { 1: 'DeviceGray', 3: 'DeviceRGB', 4: 'DeviceCMYK' };

/**
 * A JPEG goes into the PDF as it is, without its metadata; its markers are checked, its coded data is left to readers.
 * @throws CompositionError as {@link jpegParts}, `composition.image_too_large`
 */
export function readJpeg(file: Buffer, most: number): Image {
  const { width, height, components, orientation, isAdobe, density, bytes } = jpegParts(file);
  checkDimensions(width, height, most);
  const isTurned = orientation > 4;
  const [seenWidth, seenHeight] = isTurned ? [height, width] : [width, height];
  const [across, down] = density ?? [0, 0];
  const [seenAcross, seenDown] = isTurned ? [down, across] : [across, down];
  const dict = PdfDict.of({
    Type: PdfName.of('XObject'),
    Subtype: PdfName.of('Image'),
    Width: width,
    Height: height,
    ColorSpace: PdfName.of(colourSpaces[components] ?? 'DeviceRGB'),
    BitsPerComponent: 8,
    Filter: PdfName.of('DCTDecode'),
    Length: bytes.length,
    Decode: components === 4 && isAdobe ? [1, 0, 1, 0, 1, 0, 1, 0] : undefined,
  });
  return {
    format: 'jpeg',
    aspect: seenWidth / seenHeight,
    ...plausibleSize(seenWidth / seenAcross, seenHeight / seenDown),
    isTransparent: false,
    isCmyk: components === 4,
    toUnitSquare: upright[orientation] ?? identity,
    xobject: () => new PdfStream(dict, bytes),
  };
}
