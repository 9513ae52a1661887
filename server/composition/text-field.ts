import type { ObjectReader } from '../pdf/object-reader.ts';
import { PdfDict } from '../pdf/objects.ts';
import { number, type Rect } from './canvas.ts';
import { unsupported } from './clean-text.ts';
import { CompositionError } from './errors.ts';
import type { FontStyle } from './font-files.ts';
import { fillable, resourceNames } from './font-set.ts';
import { SubsetFont } from './subset-font.ts';

export type TextFieldName = 'so_van_ban' | 'ngay_ban_hanh';

interface TextFieldSpec {
  readonly title: string;
  readonly style: FontStyle & keyof typeof fillable;
  /** Points. */
  readonly size: number;
  readonly align: 'left' | 'right';
}

/** Number and date: empty when the document is composed, filled after the first signature. */
export const textFields: Readonly<Record<TextFieldName, TextFieldSpec>> = {
  so_van_ban: { title: 'Số văn bản', style: 'regular', size: 13, align: 'right' },
  ngay_ban_hanh: { title: 'Ngày ban hành', style: 'italic', size: 13, align: 'left' },
};

/** Smaller than this a number on an official document is no longer readable. */
const smallest = 9;
const depth = 0.28;

/** The widget's rectangle for text that shall stand on the base line `y`. */
export function fieldRect(name: TextFieldName, x: number, y: number, width: number): Rect {
  const { size } = textFields[name];
  return [x, y - size * depth, x + width, y + size];
}

/** Default appearance string of the field (ISO 32000-2 12.7.4.3). */
export function defaultAppearance(name: TextFieldName): string {
  const { style, size } = textFields[name];
  return `0 g /${resourceNames[style]} ${size} Tf`;
}

/**
 * Content of the appearance stream that shows `value` in a field of this size (points); its resources are one font,
 * named `fontResource`, which every composed document keeps in the form's default resources.
 * @throws CompositionError `composition.unsupported_character`, `composition.does_not_fit`.
 */
export function textFieldAppearance(
  name: TextFieldName,
  value: string,
  box: { width: number; height: number },
): { content: Uint8Array; fontResource: string } {
  const { style, size, align } = textFields[name];
  const known = fillable[style] ?? '';
  const missing = [...value].filter((character) => !known.includes(character));
  if (missing.length > 0) throw unsupported(name, missing);
  const font = new SubsetFont(style, known);
  const fitting = Math.min(size, (size * box.width) / Math.max(font.width(value, size), 1));
  if (fitting < smallest) {
    throw new CompositionError('composition.does_not_fit', `the value of ${name} is too long`, {
      details: { where: name },
    });
  }
  const x = align === 'right' ? box.width - font.width(value, fitting) : 0;
  const show = `BT ${defaultAppearance(name).replace(/ [\d.]+ Tf$/u, ` ${number(fitting)} Tf`)} ${number(x)} ${number(size * depth)} Td <${font.encode(value)}> Tj ET`;
  const content = value === '' ? '/Tx BMC EMC' : `/Tx BMC q ${show} Q EMC`;
  return { content: Buffer.from(content, 'latin1'), fontResource: resourceNames[style] };
}

/**
 * The appearance of a filled field for `fillTextFields` of pdf/: in the font that the composed document keeps for it.
 * @throws CompositionError also `composition.font_missing` when the document is none of ours.
 */
export function filledTextField(
  document: Pick<ObjectReader, 'catalog' | 'dict'>,
  name: TextFieldName,
  value: string,
  [x1, y1, x2, y2]: Rect,
): { content: Uint8Array; resources: PdfDict } {
  const { content, fontResource } = textFieldAppearance(name, value, { width: x2 - x1, height: y2 - y1 });
  const form = document.dict(document.catalog.get('AcroForm'));
  const fonts = document.dict(document.dict(form?.get('DR'))?.get('Font'));
  const font = fonts?.get(fontResource);
  if (font === undefined) throw new CompositionError('composition.font_missing', `no font ${fontResource}`);
  return { content, resources: PdfDict.of({ Font: PdfDict.of({ [fontResource]: font }) }) };
}
