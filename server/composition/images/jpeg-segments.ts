import { damaged, notSupported } from './image.ts';

export interface JpegFrame {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 3 YCbCr or RGB, 4 CMYK or YCCK. */
  readonly components: number;
}

export interface JpegParts extends JpegFrame {
  /** Of EXIF: 1 upright, 2 to 8 mirrored and turned. */
  readonly orientation: number;
  /** Written by Adobe, whose CMYK samples are upside down. */
  readonly isAdobe: boolean;
  /** Pixels a millimetre, when the file says so. */
  readonly density: readonly [number, number] | undefined;
  /** The file without comments and camera data: a signature need not tell where it was photographed. */
  readonly bytes: Buffer;
}

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
/** Baseline, extended and progressive Huffman: what DCTDecode reads (ISO 32000-2 7.4.8). */
const frames = [0xc0, 0xc1, 0xc2];
const otherFrames = [0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf];
const APP0 = 0xe0;
const APP14 = 0xee;
const COM = 0xfe;

/**
 * The marker segments of a JPEG (ITU T.81 annex B) up to its end.
 * @throws CompositionError `composition.image_damaged`, `composition.image_unsupported`
 */
export function jpegParts(bytes: Buffer): JpegParts {
  let frame: JpegFrame | undefined;
  let orientation = 1;
  let isAdobe = false;
  let density: readonly [number, number] | undefined;
  const kept: Buffer[] = [bytes.subarray(0, 2)];
  for (const { marker, segment, body } of segments(bytes)) {
    if (frames.includes(marker)) {
      if (frame !== undefined) throw damaged('two frames');
      frame = readFrame(body);
    } else if (otherFrames.includes(marker))
      throw notSupported('JPEG that is lossless, hierarchical or arithmetic');
    else if (marker === APP0 && body.toString('latin1', 0, 5) === 'JFIF\0') density = jfifDensity(body);
    else if (marker === APP0 + 1) orientation = exifOrientation(body) ?? orientation;
    else if (marker === APP14 && body.toString('latin1', 0, 5) === 'Adobe') isAdobe = true;
    const isPrivate = (marker > APP0 && marker < APP0 + 16 && marker !== APP14) || marker === COM;
    if (!isPrivate) kept.push(segment);
  }
  if (frame === undefined) throw damaged('no frame');
  return { ...frame, orientation, isAdobe, density, bytes: Buffer.concat(kept) };
}

interface Segment {
  readonly marker: number;
  readonly body: Buffer;
  /** Marker, length, body, and behind a scan header the coded data. */
  readonly segment: Buffer;
}

function* segments(bytes: Buffer): Generator<Segment> {
  let hasScan = false;
  for (let at = 2; at + 2 <= bytes.length; ) {
    if (bytes[at] !== 0xff) throw damaged('no marker where one must be');
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === EOI) {
      if (!hasScan) throw damaged('no scan');
      yield { marker, body: Buffer.alloc(0), segment: bytes.subarray(at, at + 2) };
      return;
    }
    if (marker === SOI || marker < 0xc0 || at + 4 > bytes.length) throw damaged('a marker out of place');
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    if (end > bytes.length || end < at + 4) break;
    const next = marker === SOS ? endOfScan(bytes, end) : end;
    hasScan ||= marker === SOS;
    yield { marker, body: bytes.subarray(at + 4, end), segment: bytes.subarray(at, next) };
    at = next;
  }
  throw damaged('the file ends too early');
}

/** The first marker behind coded data: stuffed zeros and restart markers belong to it (B.1.1.5). */
function endOfScan(bytes: Buffer, from: number): number {
  for (
    let at = bytes.indexOf(0xff, from);
    at >= 0 && at + 1 < bytes.length;
    at = bytes.indexOf(0xff, at + 1)
  ) {
    const next = bytes[at + 1] ?? 0;
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  throw damaged('the file ends too early');
}

function readFrame(body: Buffer): JpegFrame {
  if (body.length < 6) throw damaged('a frame that is too short');
  if (body[0] !== 8) throw notSupported('JPEG with more than eight bits a sample');
  const components = body[5] ?? 0;
  if (![1, 3, 4].includes(components)) throw notSupported(`JPEG with ${components} components`);
  if (body.length !== 6 + 3 * components) throw damaged('a frame of the wrong length');
  return { height: body.readUInt16BE(1), width: body.readUInt16BE(3), components };
}

function jfifDensity(body: Buffer): readonly [number, number] | undefined {
  if (body.length < 12) return undefined;
  const perMillimetre = { 1: 25.4, 2: 10 }[body[7] ?? 0];
  if (perMillimetre === undefined) return undefined;
  return [body.readUInt16BE(8) / perMillimetre, body.readUInt16BE(10) / perMillimetre];
}

/** Tag 0x0112 of the first directory (EXIF 2.32, 4.6.2). Camera data that is not understood says nothing. */
function exifOrientation(body: Buffer): number | undefined {
  if (body.toString('latin1', 0, 6) !== 'Exif\0\0') return undefined;
  const tiff = body.subarray(6);
  const order = tiff.toString('latin1', 0, 2);
  if (tiff.length < 14 || (order !== 'II' && order !== 'MM')) return undefined;
  const read16 = (at: number): number => (order === 'II' ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const start = order === 'II' ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  if (start + 2 > tiff.length) return undefined;
  const count = read16(start);
  for (let at = start + 2, i = 0; i < count && at + 12 <= tiff.length; i++, at += 12) {
    if (read16(at) !== 0x0112) continue;
    const value = read16(at + 8);
    return value >= 1 && value <= 8 ? value : undefined;
  }
  return undefined;
}
