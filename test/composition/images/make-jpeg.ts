/** What stands in a tiny JPEG: one grey value (or one of CMYK's samples, as stored) for each 8 by 8 block. */
export interface JpegOptions {
  readonly columns: number;
  readonly rows: number;
  /** 0 to 255, one for each component. */
  readonly block: (column: number, row: number) => readonly number[];
  readonly components?: 1 | 3 | 4;
  /** EXIF orientation, 1 to 8. */
  readonly orientation?: number;
  readonly isAdobe?: boolean;
  readonly dotsPerInch?: number;
  readonly comment?: string;
}

function segment(marker: number, body: readonly number[]): Buffer {
  const length = body.length + 2;
  return Buffer.from([0xff, marker, length >> 8, length & 255, ...body]);
}

const ascii = (text: string): number[] => [...Buffer.from(text, 'latin1')];

/** A baseline JPEG whose blocks are flat: only DC coefficients, all sampling factors 1. */
export function makeJpeg(options: JpegOptions): Buffer {
  const { columns, rows, components = 1 } = options;
  const [width, height] = [columns * 8, rows * 8];
  const ids = Array.from({ length: components }, (_, i) => i + 1);
  const parts: Uint8Array[] = [Buffer.from([0xff, 0xd8])];
  if (options.dotsPerInch !== undefined) {
    const d = options.dotsPerInch;
    parts.push(segment(0xe0, [...ascii('JFIF\0'), 1, 2, 1, d >> 8, d & 255, d >> 8, d & 255, 0, 0]));
  }
  if (options.orientation !== undefined) parts.push(segment(0xe1, exif(options.orientation)));
  if (options.isAdobe) parts.push(segment(0xee, [...ascii('Adobe'), 0, 100, 0, 0, 0, 0, 0]));
  if (options.comment !== undefined) parts.push(segment(0xfe, ascii(options.comment)));
  parts.push(segment(0xdb, [0, ...new Array<number>(64).fill(1)]));
  const frame = [8, height >> 8, height & 255, width >> 8, width & 255, components];
  parts.push(segment(0xc0, [...frame, ...ids.flatMap((id) => [id, 0x11, 0])]));
  // DC: categories 0 to 11, four bits each; AC: only "end of block", one bit.
  parts.push(
    segment(0xc4, [
      0,
      0,
      0,
      0,
      12,
      ...new Array<number>(12).fill(0),
      ...Array.from({ length: 12 }, (_, i) => i),
    ]),
  );
  parts.push(segment(0xc4, [0x10, 1, ...new Array<number>(15).fill(0), 0]));
  parts.push(segment(0xda, [components, ...ids.flatMap((id) => [id, 0]), 0, 63, 0]));
  parts.push(scan(options, components), Buffer.from([0xff, 0xd9]));
  return Buffer.concat(parts);
}

function scan({ columns, rows, block }: JpegOptions, components: number): Buffer {
  let bits = '';
  const last = new Array<number>(components).fill(0);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      for (const [i, value] of block(column, row).slice(0, components).entries()) {
        // The DC coefficient of a flat block is eight times its level.
        const dc = (value - 128) * 8;
        const step = dc - (last[i] ?? 0);
        last[i] = dc;
        const category = step === 0 ? 0 : Math.floor(Math.log2(Math.abs(step))) + 1;
        bits += category.toString(2).padStart(4, '0');
        if (category > 0)
          bits += (step > 0 ? step : step + 2 ** category - 1).toString(2).padStart(category, '0');
        bits += '0';
      }
    }
  }
  const bytes = (bits.match(/.{1,8}/g) ?? []).map((octet) => Number.parseInt(octet.padEnd(8, '1'), 2));
  return Buffer.from(bytes.flatMap((byte) => (byte === 0xff ? [0xff, 0] : [byte])));
}

function exif(orientation: number): number[] {
  const entry = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0];
  return [...ascii('Exif\0\0MM'), 0, 42, 0, 0, 0, 8, 0, 1, ...entry, 0, 0, 0, 0];
}
