import { PdfError } from '../errors.ts';

export interface PredictorParameters {
  readonly predictor: number;
  readonly colors: number;
  readonly bitsPerComponent: number;
  readonly columns: number;
}

/** Undoes the predictor functions of LZWDecode and FlateDecode (ISO 32000-2 7.4.4.4). */
export function undoPredictor(bytes: Uint8Array, parameters: PredictorParameters): Uint8Array {
  const { predictor, colors, bitsPerComponent, columns } = parameters;
  if (predictor === 1) return bytes;
  const bits = colors * bitsPerComponent;
  const rowBytes = Math.ceil((bits * columns) / 8);
  const sane =
    [1, 2, 4, 8, 16].includes(bitsPerComponent) &&
    colors >= 1 &&
    colors <= 64 &&
    columns >= 1 &&
    rowBytes <= 2 ** 26;
  if (!sane) throw new PdfError('pdf.stream_invalid', 'predictor parameters out of range');
  const pixelBytes = Math.max(1, bits >> 3);
  if (predictor === 2) return undoTiff(bytes, parameters, rowBytes);
  if (predictor >= 10 && predictor <= 15) return undoPng(bytes, rowBytes, pixelBytes);
  throw new PdfError('pdf.stream_invalid', `predictor ${predictor} does not exist`);
}

/** PNG 1.2, 6: each row begins with the number of its filter. A last row that is cut short stays short. */
function undoPng(bytes: Uint8Array, rowBytes: number, pixelBytes: number): Uint8Array {
  const rows = Math.ceil(bytes.length / (rowBytes + 1));
  const out = new Uint8Array(Math.max(0, bytes.length - rows));
  // A row may state to be far longer than the data is.
  let above = new Uint8Array(Math.min(rowBytes, bytes.length));
  for (let row = 0; row < rows; row++) {
    const from = row * (rowBytes + 1);
    const line = bytes.subarray(from + 1, from + 1 + rowBytes);
    const to = out.subarray(row * rowBytes, row * rowBytes + line.length);
    const filter = bytes[from] ?? 0;
    if (filter > 4) throw new PdfError('pdf.stream_invalid', `PNG filter ${filter} does not exist`);
    for (let i = 0; i < line.length; i++) {
      const left = i >= pixelBytes ? (to[i - pixelBytes] ?? 0) : 0;
      const up = above[i] ?? 0;
      const corner = i >= pixelBytes ? (above[i - pixelBytes] ?? 0) : 0;
      to[i] = (line[i] ?? 0) + predict(filter, left, up, corner);
    }
    above = to;
  }
  return out;
}

function predict(filter: number, left: number, up: number, corner: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  const estimate = left + up - corner;
  const a = Math.abs(estimate - left);
  const b = Math.abs(estimate - up);
  const c = Math.abs(estimate - corner);
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

/** TIFF 6.0, 14: each component is the difference from the one to its left. */
function undoTiff(bytes: Uint8Array, parameters: PredictorParameters, rowBytes: number): Uint8Array {
  const { colors, bitsPerComponent, columns } = parameters;
  const out = Uint8Array.from(bytes);
  const mask = 2 ** bitsPerComponent - 1;
  for (let from = 0; from + rowBytes <= out.length; from += rowBytes) {
    const last = new Uint32Array(colors);
    for (let i = 0; i < columns * colors; i++) {
      const bit = i * bitsPerComponent;
      const at = from + (bit >> 3);
      const color = i % colors;
      if (bitsPerComponent === 16) {
        const sum = (((out[at] ?? 0) << 8) + (out[at + 1] ?? 0) + (last[color] ?? 0)) & 0xffff;
        out[at] = sum >> 8;
        out[at + 1] = sum & 0xff;
        last[color] = sum;
        continue;
      }
      const shift = 8 - bitsPerComponent - (bit & 7);
      const byte = out[at] ?? 0;
      const sum = (((byte >> shift) & mask) + (last[color] ?? 0)) & mask;
      out[at] = (byte & ~(mask << shift)) | (sum << shift);
      last[color] = sum;
    }
  }
  return out;
}
