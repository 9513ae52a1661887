import { crc32 } from 'node:zlib';
import { checkDimensions, damaged, notSupported } from './image.ts';

export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits of one sample: 1, 2, 4, 8, 16. */
  readonly depth: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha. */
  readonly colourType: number;
  readonly interlaced: boolean;
}

export interface PngParts extends PngHeader {
  readonly palette: Uint8Array | undefined;
  readonly transparency: Uint8Array | undefined;
  /** From pHYs when its unit is the metre. */
  readonly pixelsPerMetre: readonly [number, number] | undefined;
  /** The IDAT chunks, still compressed. */
  readonly data: Uint8Array;
}

export const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

const depths: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/**
 * The chunks of a PNG that say what it looks like (W3C PNG 5 and 11), each checked against its CRC.
 * @throws CompositionError `composition.image_damaged`, `composition.image_too_large`, `composition.image_unsupported`
 */
export function pngParts(bytes: Buffer, most: number): PngParts {
  let header: PngHeader | undefined;
  let palette: Uint8Array | undefined;
  let transparency: Uint8Array | undefined;
  let pixelsPerMetre: readonly [number, number] | undefined;
  const data: Uint8Array[] = [];
  for (const { type, body } of chunks(bytes)) {
    if ((header === undefined) !== (type === 'IHDR')) throw damaged('IHDR is not the first chunk');
    if (type === 'IHDR') header = readHeader(body, most);
    else if (type === 'PLTE') palette = body;
    else if (type === 'tRNS') transparency = body;
    else if (type === 'IDAT') data.push(body);
    else if (type === 'pHYs' && body.length === 9 && body[8] === 1) {
      pixelsPerMetre = [body.readUInt32BE(0), body.readUInt32BE(4)];
    } else if (type !== 'IEND' && /^[A-Z]/.test(type)) throw notSupported(`PNG chunk ${type}`);
  }
  if (header === undefined || data.length === 0) throw damaged('no IDAT chunk');
  if (header.colourType === 3 && (palette === undefined || palette.length % 3 !== 0)) {
    throw damaged('no palette');
  }
  return { ...header, palette, transparency, pixelsPerMetre, data: Buffer.concat(data) };
}

function* chunks(bytes: Buffer): Generator<{ type: string; body: Buffer }> {
  for (let at = pngSignature.length; at + 12 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const end = at + 12 + length;
    if (end > bytes.length) break;
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (!/^[A-Za-z]{4}$/.test(type)) throw damaged('a chunk without a name');
    if (crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4)) {
      throw damaged(`the checksum of ${type} is wrong`);
    }
    yield { type, body: bytes.subarray(at + 8, end - 4) };
    if (type === 'IEND') return;
    at = end;
  }
  throw damaged('the file ends too early');
}

function readHeader(body: Buffer, most: number): PngHeader {
  if (body.length !== 13) throw damaged('IHDR has a wrong length');
  const [width, height] = [body.readUInt32BE(0), body.readUInt32BE(4)];
  const [depth = 0, colourType = 0, compression, filter, interlace] = body.subarray(8);
  checkDimensions(width, height, most);
  if (!depths[colourType]?.includes(depth) || compression !== 0 || filter !== 0 || (interlace ?? 2) > 1) {
    throw damaged('IHDR has values that PNG does not know');
  }
  return { width, height, depth, colourType, interlaced: interlace === 1 };
}
