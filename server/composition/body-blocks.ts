import type { Box, ParagraphStyle } from './boxes.ts';
import { paragraph } from './boxes.ts';
import type { Run } from './break-lines.ts';
import type { FontSet } from './font-set.ts';
import { mm } from './paginate.ts';

/** Body text: 14 pt, first line indented 1.27 cm, 6 pt between paragraphs, line spacing up to 1.5 (Appendix I, II.6). */
export const bodyStyle = {
  size: 14,
  align: 'justify',
  firstIndent: mm(12.7),
  spaceBefore: 6,
  leading: 1.25,
} as const satisfies ParagraphStyle;

const centred = { size: 14, align: 'center', spaceBefore: 6, leading: 1.25, keepWithNext: true } as const;

/** `Phần I`, `Chương II`, `Mục 1`, `Tiểu mục 2`: on a line of their own (Appendix I, II.6). */
const division = /^(?:Phần|Chương|Mục|Tiểu mục)(?: thứ)? [\p{L}\d]+\.?$/u;
const article = /^(Điều \d{1,4}[a-zđ]?\.)\s*(.*)$/u;

/** `I. TÌNH HÌNH CHUNG` of a report or a công văn: a title, but in the line of the text. */
const section = /^(?:[IVXL]{1,7}|[A-Z])\. \S/u;

/** The body's boxes, one paragraph a line of `text`, which is clean. */
export function bodyBoxes(text: string, width: number, fonts: FontSet): Box[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .flatMap((line) => {
      const { runs, style } = blockOf(line);
      return paragraph(runs, width, style, fonts);
    });
}

function blockOf(line: string): { runs: Run[]; style: ParagraphStyle } {
  if (section.test(line) && isCapitals(line))
    return { runs: [{ text: line, style: 'bold' }], style: { ...bodyStyle, keepWithNext: true } };
  if (division.test(line) || isCapitals(line))
    return { runs: [{ text: line, style: 'bold' }], style: centred };
  const [, heading, rest] = article.exec(line) ?? [];
  if (heading !== undefined && rest !== undefined) {
    // An article's title is bold as its number is; a sentence after the number is text.
    const isTitle = rest !== '' && !/[.;:/]$/u.test(rest);
    return {
      runs: [
        { text: `${heading} `, style: 'bold' },
        { text: rest, style: isTitle ? 'bold' : 'regular' },
      ],
      style: { ...bodyStyle, keepWithNext: isTitle || rest === '' },
    };
  }
  return { runs: [{ text: line, style: 'regular' }], style: bodyStyle };
}

function isCapitals(line: string): boolean {
  return line.length >= 4 && line.length <= 200 && /\p{Lu}{2}/u.test(line) && line === line.toUpperCase();
}

/** The mark `./.` that closes the text of a document. */
export function closed(text: string): string {
  const body = text.trimEnd();
  if (body.endsWith('./.')) return body;
  return `${body.replace(/[.;]$/u, '')}./.`;
}
