import { CompositionError } from '../errors.ts';
import { type Image, type ImageFormat, maxPixels } from './image.ts';
import { pngSignature } from './png-chunks.ts';
import { readJpeg } from './read-jpeg.ts';
import { readPng } from './read-png.ts';
import { readSvg } from './svg/read-svg.ts';

/** Bytes of a picture of a signature or a seal. */
export const maxImageBytes = 4 * 1024 * 1024;

const extensions: Readonly<Record<string, ImageFormat>> = {
  '.png': 'png',
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.svg': 'svg',
};

/**
 * A picture of a signature or a seal from an untrusted file: read whole, bounded, and refused when anything in it could
 * not be shown as it is meant. What it is, the bytes say; a name that says otherwise is refused. `most`: pixels, looked at
 * before any is unpacked.
 * @throws CompositionError `composition.image_unknown`, `composition.image_wrong_type`, `composition.image_damaged`,
 *   `composition.image_too_large`, `composition.image_unsupported`
 */
export function readImage(content: Uint8Array, name?: string, most = maxPixels): Image {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  if (bytes.length > maxImageBytes) {
    throw new CompositionError('composition.image_too_large', `${bytes.length} bytes`, {
      details: { bytes: bytes.length, maxBytes: maxImageBytes },
    });
  }
  const format = formatOf(bytes);
  if (format === undefined) throw new CompositionError('composition.image_unknown', 'no PNG, JPEG or SVG');
  const promised = extensions[/\.[a-z]+$/.exec(name?.toLowerCase() ?? '')?.[0] ?? ''];
  if (promised !== undefined && promised !== format) {
    throw new CompositionError('composition.image_wrong_type', `named ${promised}, is ${format}`, {
      details: { named: promised, is: format },
    });
  }
  return { png: readPng, jpeg: readJpeg, svg: readSvg }[format](bytes, most);
}

function formatOf(bytes: Buffer): ImageFormat | undefined {
  if (bytes.subarray(0, 8).equals(pngSignature)) return 'png';
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'jpeg';
  return /^\uFEFF?\s*<(\?xml|!--|!DOCTYPE|svg)/.test(bytes.toString('utf8', 0, 200)) ? 'svg' : undefined;
}
