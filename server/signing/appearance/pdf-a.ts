import type { ObjectReader } from '../../pdf/object-reader.ts';
import { PdfDict, PdfName } from '../../pdf/objects.ts';

/** The largest metadata stream looked at. */
const maxMetadata = 1024 * 1024;

/** The part of ISO 19005 that the document claims to follow; undefined when it claims none. Whether it does is another matter. */
export function pdfaPart(reader: ObjectReader): number | undefined {
  try {
    const stream = reader.stream(reader.catalog.get('Metadata'));
    if (!stream || stream.bytes.length > maxMetadata) return undefined;
    const text = Buffer.from(reader.decode(stream)).toString('utf8', 0, maxMetadata);
    const part = /pdfaid:part\s*(?:=\s*["']|>)\s*([1-4])/.exec(text)?.[1];
    return part === undefined ? undefined : Number(part);
  } catch {
    // Metadata that cannot be read claims nothing.
    return undefined;
  }
}

const white = [0.9505, 1, 1.089];

/**
 * What DeviceRGB and DeviceGray mean inside the appearance (ISO 32000-2 8.6.5.6): sRGB, so that a PDF/A of whatever
 * output intent may hold it (ISO 19005-2 6.2.4.3).
 */
export const calibrated = PdfDict.of({
  DefaultRGB: [
    PdfName.of('CalRGB'),
    PdfDict.of({
      WhitePoint: white,
      Gamma: [2.2, 2.2, 2.2],
      Matrix: [0.4124, 0.2126, 0.0193, 0.3576, 0.7152, 0.1192, 0.1805, 0.0722, 0.9505],
    }),
  ],
  DefaultGray: [PdfName.of('CalGray'), PdfDict.of({ WhitePoint: white, Gamma: 2.2 })],
});
