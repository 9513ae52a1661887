import { CompositionError } from './errors.ts';

/** Marks that carry no ink and arrive with text pasted from elsewhere: soft hyphen, zero-width space, joiners, BOM. */
const invisible = /\u00ad|\u200b|\u200c|\u200d|\u2060|\ufeff/gu;
/** Explicit directional formatting (Unicode 3.3.2 of UAX 9): can make a page read differently from its text. */
const directional = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const rightToLeft =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;
/** Controls other than white space. */
const control = /[^\P{Cc}\t\n\v\f\r\u0085]/u;

/**
 * Text as it will be printed: NFC (TCVN 6909:2001 demands precomposed letters), every line end `\n`, no invisible marks.
 * @param where the component it belongs to, for the error's details.
 * @throws CompositionError `composition.right_to_left`, `composition.unsupported_character` (controls, lone surrogates).
 */
export function cleanText(text: string, where: string): string {
  if (!text.isWellFormed() || control.test(text)) throw unsupported(where, []);
  if (directional.test(text) || rightToLeft.test(text)) {
    throw new CompositionError('composition.right_to_left', `right-to-left text in ${where}`, {
      details: { where },
    });
  }
  return text
    .replace(/\r\n?|[\v\f\u0085\u2028\u2029]/gu, '\n')
    .replace(invisible, '')
    .normalize('NFC');
}

/** The error for characters without a glyph; `characters` are shown to the user. */
export function unsupported(where: string, characters: readonly string[]): CompositionError {
  return new CompositionError('composition.unsupported_character', `no glyph for text in ${where}`, {
    details: { where, characters: characters.map((c) => `U+${hex(c)} ${c}`) },
  });
}

function hex(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
}
