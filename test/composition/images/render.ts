import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A page as poppler shows it. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly at: (x: number, y: number) => readonly [red: number, green: number, blue: number];
}

/** A page, from 1, drawn at that resolution. */
export function render(pdf: Uint8Array, dotsPerInch = 72, page = 1): Picture {
  const folder = mkdtempSync(join(tmpdir(), 'anso-picture-'));
  try {
    writeFileSync(join(folder, 'in.pdf'), pdf);
    const pages = ['-f', String(page), '-l', String(page), '-singlefile'];
    const options = [
      '-cropbox',
      '-r',
      String(dotsPerInch),
      ...pages,
      join(folder, 'in.pdf'),
      join(folder, 'out'),
    ];
    execFileSync('pdftoppm', options, { stdio: ['ignore', 'ignore', 'pipe'] });
    return parsePpm(readFileSync(join(folder, 'out.ppm')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function parsePpm(bytes: Buffer): Picture {
  const [head = '', width = '', height = ''] =
    /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(bytes.toString('latin1', 0, 40)) ?? [];
  const columns = Number(width);
  return {
    width: columns,
    height: Number(height),
    at: (x, y) => {
      const start = head.length + 3 * (y * columns + x);
      return [bytes[start] ?? 0, bytes[start + 1] ?? 0, bytes[start + 2] ?? 0];
    },
  };
}

/** The box (left, top, right, bottom; right and bottom not in it) and number of pixels that are of a kind. */
export function inkBox(picture: Picture, isInk: (colour: readonly [number, number, number]) => boolean) {
  const found = { left: picture.width, top: picture.height, right: 0, bottom: 0, count: 0 };
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++) {
      if (!isInk(picture.at(x, y))) continue;
      found.left = Math.min(found.left, x);
      found.top = Math.min(found.top, y);
      found.right = Math.max(found.right, x + 1);
      found.bottom = Math.max(found.bottom, y + 1);
      found.count++;
    }
  }
  return found;
}

export const isRed = ([r, g, b]: readonly [number, number, number]): boolean => r > 150 && g < 120 && b < 120;
export const isBlue = ([r, g, b]: readonly [number, number, number]): boolean =>
  b > 120 && r < 120 && g < 130;
export const isDark = ([r, g, b]: readonly [number, number, number]): boolean => r + g + b < 300;
