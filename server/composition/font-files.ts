import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { create, type Font } from '@cantoo/fontkit';

export type FontStyle = 'regular' | 'bold' | 'italic' | 'boldItalic';

/** Tinos has the metrics of Times New Roman, the typeface of Decree 30/2020 (Appendix I, I.2), and may be embedded freely. */
const files: Record<FontStyle, string> = {
  regular: '@expo-google-fonts/tinos/400Regular/Tinos_400Regular.ttf',
  bold: '@expo-google-fonts/tinos/700Bold/Tinos_700Bold.ttf',
  italic: '@expo-google-fonts/tinos/400Regular_Italic/Tinos_400Regular_Italic.ttf',
  boldItalic: '@expo-google-fonts/tinos/700Bold_Italic/Tinos_700Bold_Italic.ttf',
};

const require = createRequire(import.meta.url);
const loaded = new Map<FontStyle, Font>();

/** The parsed font file of a style; read once a process. */
export function loadFont(style: FontStyle): Font {
  const known = loaded.get(style);
  if (known !== undefined) return known;
  const font = create(readFileSync(require.resolve(files[style])));
  if (!('createSubset' in font)) throw new Error(`${files[style]} is a font collection`);
  loaded.set(style, font);
  return font;
}
