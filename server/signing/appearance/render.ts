import { encode } from 'uqr';
import { Canvas } from '../../composition/canvas.ts';
import { cleanText } from '../../composition/clean-text.ts';
import { embedFont } from '../../composition/embed-font.ts';
import { fitText } from '../../composition/fit-text.ts';
import { type FontSet, resourceNames } from '../../composition/font-set.ts';
import { type Image, multiply } from '../../composition/images/image.ts';
import { SubsetFont } from '../../composition/subset-font.ts';
import { flateStream, type ObjectAdder, updateSink } from '../../composition/update-sink.ts';
import { PdfDict, type PdfObject, PdfStream } from '../../pdf/objects.ts';
import { fillTemplate, type Values } from './fill-template.ts';
import { doesNotFit, layOut, type Size } from './layout.ts';
import { mm, type PageFrame, type Rect } from './page-frame.ts';
import { calibrated } from './pdf-a.ts';
import type { AppearanceProfile } from './profile.ts';

export interface RenderOptions {
  readonly profile: AppearanceProfile;
  /** Points, as it is seen. */
  readonly box: Size;
  readonly image?: Image;
  /** Where in the box the picture stands, points; default: where the profile puts it. */
  readonly imageRect?: Rect;
  readonly values: Values;
  readonly frame: Pick<PageFrame, 'upright'>;
  /** The part of PDF/A the file claims to follow. */
  readonly pdfa?: number;
}

const maxCharacters = 2_000;
/** Between text and what is beside it, points. */
const padding = 2;
/** Modules around a QR code that stay white (ISO/IEC 18004 5.3.8). */
const quietZone = 4;
/** More modules would be too small to be read by a telephone. */
const smallestModule = mm(0.25);

/**
 * Draws a profile: a form XObject (ISO 32000-2 8.10) that is seen upright in its widget.
 * @throws AppearanceError `signing.appearance_does_not_fit`, `signing.appearance_value_missing`; CompositionError
 *   `composition.unsupported_character`, `composition.right_to_left`
 */
export function renderAppearance(options: RenderOptions): (update: ObjectAdder) => PdfStream {
  const { profile, box, image, imageRect, values, frame, pdfa } = options;
  const lines = textLines(profile, values);
  const code = profile.qr && fillTemplate(profile.qr.text, values);
  const shown = { image, hasText: lines.length > 0, hasQr: code !== undefined };
  const laidOut = layOut(profile, imageRect ? { ...shown, image: undefined } : shown, box);
  const layout = imageRect ? { ...laidOut, image: imageRect } : laidOut;
  const font = new SubsetFont(profile.text?.style ?? 'regular');
  const fonts: FontSet = { regular: font, bold: font, italic: font, boldItalic: font };
  const canvas = new Canvas(fonts);
  if (profile.frame) drawFrame(canvas, profile.frame, box);
  if (image && layout.image) canvas.draw('Im0', multiply(image.toUnitSquare, ontoRect(layout.image)));
  if (code !== undefined && layout.qr) drawQr(canvas, code, profile.qr?.correction ?? 'M', layout.qr);
  if (profile.text && layout.text) drawText(canvas, lines, profile.text, layout.text);
  const content = Buffer.from(canvas.toString(), 'latin1');
  const program = font.isUsed ? font.program() : undefined;
  return (update) => {
    const resources: Record<string, PdfObject> = pdfa === undefined ? {} : { ColorSpace: calibrated };
    if (program) {
      const ref = embedFont(program, updateSink(update));
      resources.Font = PdfDict.of({ [resourceNames[font.style]]: ref });
    }
    if (image && layout.image) {
      resources.XObject = PdfDict.of({ Im0: image.xobject({ hardMask: pdfa === 1 }) });
    }
    const stream = flateStream(content, {
      Type: 'XObject',
      Subtype: 'Form',
      BBox: [0, 0, box.width, box.height],
    });
    return new PdfStream(
      stream.dict.with({
        Matrix: [...frame.upright],
        Resources: PdfDict.of(resources),
      }),
      stream.bytes,
    );
  };
}

/** The lines of text that are shown with these values, clean. @throws as {@link renderAppearance} */
export function textLines({ text }: AppearanceProfile, values: Values): string[] {
  const lines = (text?.lines ?? [])
    .map((template) => fillTemplate(template, values))
    .filter((line) => line !== undefined)
    .map((line) => cleanText(line, 'signature').replace(/\s+/gu, ' ').trim());
  if (lines.join('').length > maxCharacters) throw doesNotFit('text');
  return lines.filter((line) => line !== '');
}

const ontoRect = ([x1, y1, x2, y2]: Rect) => [x2 - x1, 0, 0, y2 - y1, x1, y1] as const;

function drawFrame(
  canvas: Canvas,
  frame: NonNullable<AppearanceProfile['frame']>,
  { width, height }: Size,
): void {
  const thickness = mm(frame.width);
  const inset = thickness / 2;
  canvas.frame([inset, inset, width - inset, height - inset], thickness, colourOf(frame.colour));
}

function drawText(
  canvas: Canvas,
  lines: readonly string[],
  text: NonNullable<AppearanceProfile['text']>,
  [x1, y1, x2, y2]: Rect,
): void {
  const style = text.style ?? 'regular';
  for (const line of lines) canvas.fonts[style].demand(line, 'signature');
  const room = { width: x2 - x1 - 2 * padding, height: y2 - y1 - 2 * padding };
  const fitted = fitText(lines, room, canvas.fonts, {
    largest: text.size,
    smallest: text.smallest,
    style,
    isBalanced: text.align === 'center',
  });
  if (fitted === undefined) throw doesNotFit('text');
  const { size, leading } = fitted;
  let y = (y1 + y2) / 2 + (fitted.lines.length * leading) / 2 - size;
  for (const line of fitted.lines) {
    const free = room.width - line.width;
    const shift = { left: 0, center: free / 2, right: free }[text.align];
    canvas.line(line, size, x1 + padding + shift, y, 0, colourOf(text.colour));
    y -= leading;
  }
}

/** As rectangles, one for each run of dark modules: sharp at every size, nothing to unpack. */
function drawQr(canvas: Canvas, text: string, ecc: 'L' | 'M' | 'Q' | 'H', [x1, y1, x2, y2]: Rect): void {
  const { data, size } = encodeQr(text, ecc);
  const module = (x2 - x1) / (size + 2 * quietZone);
  if (module < smallestModule) throw doesNotFit('QR code');
  canvas.fill([[x1, y1, x2, y2]], [1, 1, 1]);
  const dark = data.flatMap((row, i) =>
    runs(row).map(([from, to]): Rect => {
      const top = y2 - (quietZone + i) * module;
      return [x1 + (quietZone + from) * module, top - module, x1 + (quietZone + to) * module, top];
    }),
  );
  canvas.fill(dark, [0, 0, 0]);
}

function encodeQr(text: string, ecc: 'L' | 'M' | 'Q' | 'H'): { data: boolean[][]; size: number } {
  try {
    return encode(text, { ecc, border: 0 });
  } catch {
    throw doesNotFit('QR code');
  }
}

function runs(row: readonly boolean[]): [from: number, to: number][] {
  const found: [number, number][] = [];
  for (const [i, isDark] of row.entries()) {
    const last = found.at(-1);
    if (!isDark) continue;
    if (last?.[1] === i) last[1] = i + 1;
    else found.push([i, i + 1]);
  }
  return found;
}

function colourOf(hex: string): readonly [number, number, number] {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
  return [red ?? 0, green ?? 0, blue ?? 0];
}
