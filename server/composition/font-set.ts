import type { FontStyle } from './font-files.ts';
import { SubsetFont } from './subset-font.ts';

/**
 * Characters that number and date may need when they are written after the first signature: their glyphs are
 * embedded at composition, under codes that are the same in every document.
 */
export const fillable: Partial<Record<FontStyle, string>> = {
  regular: ' 0123456789/-.,()ABCDEFGHIJKLMNOPQRSTUVWXYZĐÂĂÊÔƠƯabcdefghijklmnopqrstuvwxyzđâăêôơư',
  italic:
    ' 0123456789/-.,ngàyángăthcbdeiklmopqrsuvxABCDEFGHIKLMNOPQRSTUVXYĐâăđêôơưàảãáạầấậèéẹếềệìíịòóọốồộờợớùúụừứựỳý',
};

export type FontSet = Readonly<Record<FontStyle, SubsetFont>>;

/** Resource names of the styles in every page and in the form's default resources. */
export const resourceNames: Record<FontStyle, string> = {
  regular: 'AnSoRegular',
  bold: 'AnSoBold',
  italic: 'AnSoItalic',
  boldItalic: 'AnSoBoldItalic',
};

export function newFontSet(): FontSet {
  return {
    regular: new SubsetFont('regular', fillable.regular),
    bold: new SubsetFont('bold'),
    italic: new SubsetFont('italic', fillable.italic),
    boldItalic: new SubsetFont('boldItalic'),
  };
}
