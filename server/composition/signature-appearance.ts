import type { PdfStream } from '../pdf/objects.ts';
import { Canvas, type Colour, type Rect } from './canvas.ts';
import { cleanText } from './clean-text.ts';
import { embedFont } from './embed-font.ts';
import { CompositionError } from './errors.ts';
import { fitText } from './fit-text.ts';
import { type FontSet, resourceNames } from './font-set.ts';
import { SubsetFont } from './subset-font.ts';
import { flateStream, type ObjectAdder, updateSink } from './update-sink.ts';

export interface SignatureAppearanceOptions {
  /** Vietnamese text, any length; broken into the box and made smaller until it fits. */
  readonly lines: readonly string[];
  /** Points. */
  readonly width: number;
  readonly height: number;
  /** Of text and frame; blue is the colour of a personal signature, red of a seal (ND 30/2020, Appendix I, II.7, II.8). */
  readonly colour?: Colour;
  readonly frame?: boolean;
  /** The part of the box that is written in, from its lower left corner; default all of it. */
  readonly area?: Rect;
}

export const signatureColours = {
  personal: [0.05, 0.15, 0.6],
  organization: [0.8, 0, 0],
} as const satisfies Record<string, Colour>;

const maxCharacters = 1_000;
const largest = 10;
const smallest = 4;
const padding = 3;

/**
 * A plain visible signature: the text of `lines`, centred, with an embedded font. The result is an
 * `Appearance` of pdf/: it makes the form XObject (ISO 32000-2 12.5.5) and adds the font to the update.
 * @throws CompositionError `composition.does_not_fit`, `composition.unsupported_character`, `composition.right_to_left`.
 */
export function signatureAppearance(options: SignatureAppearanceOptions): (update: ObjectAdder) => PdfStream {
  const { width, height, colour = signatureColours.personal } = options;
  const [left, bottom, right, top] = options.area ?? [0, 0, width, height];
  const fonts = oneFont();
  const texts = options.lines
    .map((line) => cleanText(line, 'signature'))
    .filter((line) => line.trim() !== '');
  if (texts.join('').length > maxCharacters) throw doesNotFit();
  for (const text of texts) fonts.regular.demand(text, 'signature');
  const room = { width: right - left - 2 * padding, height: top - bottom - 2 * padding };
  const fitted = fitText(texts, room, fonts, { largest, smallest, style: 'regular', isBalanced: true });
  if (fitted === undefined) throw doesNotFit();
  const { lines, size, leading } = fitted;
  const canvas = new Canvas(fonts);
  if (options.frame === true) canvas.frame([left + 0.5, bottom + 0.5, right - 0.5, top - 0.5], 1, colour);
  let y = (bottom + top) / 2 + (lines.length * leading) / 2 - size;
  for (const line of lines) {
    canvas.line(line, size, left + padding + (room.width - line.width) / 2, y, 0, colour);
    y -= leading;
  }
  const content = Buffer.from(canvas.toString(), 'latin1');
  const program = fonts.regular.isUsed ? fonts.regular.program() : undefined;
  return (update) => {
    const font =
      program === undefined ? {} : { [resourceNames.regular]: embedFont(program, updateSink(update)) };
    return flateStream(content, {
      Type: 'XObject',
      Subtype: 'Form',
      BBox: [0, 0, width, height],
      Resources: { Font: font },
    });
  };
}

/** Only the upright style is used, but a canvas wants all. */
function oneFont(): FontSet {
  const regular = new SubsetFont('regular');
  return { regular, bold: regular, italic: regular, boldItalic: regular };
}

const doesNotFit = (): CompositionError =>
  new CompositionError('composition.does_not_fit', 'the signature text does not fit', {
    details: { where: 'signature' },
  });
