import { createHash } from 'node:crypto';
import type { Font, Glyph, Subset } from '@cantoo/fontkit';
import { unsupported } from './clean-text.ts';
import { type FontStyle, loadFont } from './font-files.ts';

/** What a PDF needs of an embedded composite font (ISO 32000-2 9.7), in no library's objects. Glyph space: 1/1000 em. */
export interface FontProgram {
  /** With the six-letter subset tag of ISO 32000-2 9.9.2. */
  readonly baseFont: string;
  /** Advance widths of the character codes 1, 2, 3 … */
  readonly widths: readonly number[];
  /** TrueType file holding only the glyphs used. */
  readonly file: Uint8Array;
  /** ToUnicode CMap (ISO 32000-2 9.10.3). */
  readonly toUnicode: string;
  readonly descriptor: {
    readonly flags: number;
    readonly bbox: readonly [number, number, number, number];
    readonly italicAngle: number;
    readonly ascent: number;
    readonly descent: number;
    readonly capHeight: number;
  };
}

interface Entry {
  readonly code: number;
  readonly width: number;
}

/** FontDescriptor flags (ISO 32000-2 table 121). */
const serif = 1 << 1;
const symbolic = 1 << 2;
const italic = 1 << 6;

/**
 * A font that grows with the text shown in it. Codes are given in order of first use, so a font begun with the same
 * `always` characters gives them the same codes in every document (how later revisions can write in it).
 */
export class SubsetFont {
  readonly style: FontStyle;
  readonly #font: Font;
  readonly #subset: Subset;
  readonly #entries = new Map<string, Entry>();
  readonly #used: { glyph: Glyph; character: string }[] = [];

  constructor(style: FontStyle, always = '') {
    this.style = style;
    this.#font = loadFont(style);
    this.#subset = this.#font.createSubset();
    for (const character of always) this.#entry(character);
  }

  /** Width in points. @throws CompositionError `composition.unsupported_character`. */
  width(text: string, size: number): number {
    let units = 0;
    for (const character of text) units += this.#entry(character).width;
    return (units * size) / 1000;
  }

  /** The hexadecimal digits of the text's two-byte codes, for a string operand. */
  encode(text: string): string {
    let hex = '';
    for (const character of text) hex += this.#entry(character).code.toString(16).padStart(4, '0');
    return hex;
  }

  /** @throws CompositionError `composition.unsupported_character`, naming every one; `where` names the component. */
  demand(text: string, where: string): void {
    const missing = new Set([...text].filter((character) => character !== '\n' && !this.#has(character)));
    if (missing.size > 0) throw unsupported(where, [...missing].slice(0, 20));
  }

  get isUsed(): boolean {
    return this.#used.length > 0;
  }

  program(): FontProgram {
    const scale = 1000 / this.#font.unitsPerEm;
    const { minX, minY, maxX, maxY } = this.#font.bbox;
    const file = this.#subset.encode();
    return {
      baseFont: `${tagOf(file)}+${this.#font.postscriptName ?? 'Font'}`,
      widths: this.#used.map(({ glyph }) => Math.round(glyph.advanceWidth * scale)),
      file,
      toUnicode: toUnicode(this.#used.map(({ character }) => character)),
      descriptor: {
        flags: serif | symbolic | (this.style.toLowerCase().includes('italic') ? italic : 0),
        bbox: [minX * scale, minY * scale, maxX * scale, maxY * scale].map(Math.round) as [
          number,
          number,
          number,
          number,
        ],
        italicAngle: Math.round(this.#font.italicAngle),
        ascent: Math.round(this.#font.ascent * scale),
        descent: Math.round(this.#font.descent * scale),
        capHeight: Math.round((this.#font.capHeight || this.#font.ascent) * scale),
      },
    };
  }

  #has(character: string): boolean {
    return this.#entries.has(character) || this.#font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0);
  }

  #entry(character: string): Entry {
    const known = this.#entries.get(character);
    if (known !== undefined) return known;
    const glyph = this.#font.glyphForCodePoint(character.codePointAt(0) ?? 0);
    if (glyph === null || !this.#has(character)) throw unsupported('text', [character]);
    const code = this.#subset.includeGlyph(glyph);
    // Two characters may share a glyph (space and no-break space): the first one names it.
    this.#used[code - 1] ??= { glyph, character };
    const width = Math.round((glyph.advanceWidth * 1000) / this.#font.unitsPerEm);
    const entry = { code, width };
    this.#entries.set(character, entry);
    return entry;
  }
}

function tagOf(file: Uint8Array): string {
  const digest = createHash('sha256').update(file).digest();
  return [...digest.subarray(0, 6)].map((byte) => String.fromCharCode(65 + (byte % 26))).join('');
}

function toUnicode(characters: readonly string[]): string {
  const lines = characters.map(
    (character, index) => `<${hex16(index + 1)}> <${[...utf16(character)].map(hex16).join('')}>`,
  );
  const blocks: string[] = [];
  // A block holds at most 100 entries (Adobe Technical Note 5014).
  for (let start = 0; start < lines.length; start += 100) {
    const block = lines.slice(start, start + 100);
    blocks.push(`${block.length} beginbfchar\n${block.join('\n')}\nendbfchar`);
  }
  return `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <ffff>
endcodespacerange
${blocks.join('\n')}
endcmap
CMapName currentdict /CMap defineresource pop
end
end`;
}

function utf16(character: string): number[] {
  return Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
}

function hex16(value: number): string {
  return value.toString(16).padStart(4, '0');
}
