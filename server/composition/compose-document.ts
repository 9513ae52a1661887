import { bodyBoxes, bodyStyle, closed } from './body-blocks.ts';
import { type Box, paragraph } from './boxes.ts';
import type { Canvas, Rect } from './canvas.ts';
import { closing } from './closing.ts';
import { type FontSet, newFontSet } from './font-set.ts';
import { heading } from './heading.ts';
import type { OutgoingDocument } from './outgoing-document.ts';
import { a4, mm, paginate } from './paginate.ts';
import { prepareText } from './prepare-text.ts';
import { type PlaceName, writePdf } from './write-pdf.ts';

export interface ComposedDocument {
  readonly bytes: Uint8Array;
  readonly pages: number;
  /** Where number and date are filled and where person and organization sign; pages count from 0, rectangles are points. */
  readonly places: Readonly<Record<PlaceName, { readonly page: number; readonly rect: Rect }>>;
}

/**
 * The PDF of an administrative document in the layout of Decree 30/2020 (Appendix I), ready to be signed: number and
 * date are empty text fields whose fonts lie in the form's default resources, so filling them later is a permitted
 * change (ISO 32000-2 12.8.2.2, DocMDP 2). The same document and time give the same bytes.
 * @param now goes into the document's information dictionary.
 * @throws CompositionError for text that is empty, too long, or cannot be printed.
 */
export async function composeDocument(
  document: OutgoingDocument,
  options: { now: Date },
): Promise<ComposedDocument> {
  const fonts = newFontSet();
  const text = prepareText(document, fonts);
  const pages = paginate(boxesOf(text, a4.width - a4.left - a4.right, fonts), a4, fonts);
  numberPages(pages);
  const places = placesOf(pages);
  const title = `${text.type.name}: ${text.subject}`;
  const bytes = await writePdf({
    pages,
    geometry: a4,
    fonts,
    places,
    title,
    author: text.agency.name,
    ...options,
  });
  return { bytes, pages: pages.length, places };
}

function boxesOf(text: OutgoingDocument, width: number, fonts: FontSet): Box[] {
  const body = bodyBoxes(closed(text.body), width, fonts);
  const last = body.pop();
  return [
    ...heading(text, width, fonts),
    ...addressees(text.addressees, width, fonts),
    ...bases(text, width, fonts),
    ...body,
    // The signature never stands alone on a page.
    ...(last === undefined ? [] : [{ ...last, keepWithNext: true }]),
    closing(text, width, fonts),
  ];
}

/** Kính gửi (component 9a): one addressee on its line, several below each other. */
function addressees(names: readonly string[], width: number, fonts: FontSet): Box[] {
  const style = { size: 14, leading: 1.25, keepWithNext: true } as const;
  const [first] = names;
  if (first === undefined) return [];
  if (names.length === 1) {
    const run = { text: `Kính gửi: ${first}`, style: 'regular' } as const;
    return paragraph([run], width, { ...style, align: 'center', spaceBefore: 14 }, fonts);
  }
  const indent = width * 0.2;
  const label = paragraph(
    [{ text: 'Kính gửi:', style: 'regular' }],
    width,
    { ...style, align: 'left', firstIndent: indent, spaceBefore: 14 },
    fonts,
  );
  const lines = names.flatMap((name, index) => {
    const end = index === names.length - 1 ? '.' : ';';
    const run = { text: `- ${name.replace(/[;.]$/u, '')}${end}`, style: 'regular' } as const;
    const indents = { firstIndent: indent + 60, hanging: indent + 68 };
    return paragraph([run], width, { ...style, align: 'left', ...indents }, fonts);
  });
  return [...label, ...lines];
}

/** Who decides, and the legal bases in italics, each ending with a semicolon, the last with a full stop (component 6). */
function bases({ authority, legalBasis, type }: OutgoingDocument, width: number, fonts: FontSet): Box[] {
  const capitals = { size: 14, align: 'center', spaceBefore: 8, leading: 1.25, keepWithNext: true } as const;
  const centred = (text: string) => paragraph([{ text, style: 'bold' }], width, capitals, fonts);
  const lines = legalBasis.flatMap((basis, index) => {
    const end = index === legalBasis.length - 1 ? '.' : ';';
    const run = { text: `${basis.replace(/[;.]$/u, '')}${end}`, style: 'italic' } as const;
    return paragraph([run], width, bodyStyle, fonts);
  });
  if (authority === undefined) return lines;
  return [...centred(authority.toUpperCase()), ...lines, ...centred(`${type.name.toUpperCase()}:`)];
}

/** Arabic, 13 pt upright, centred in the top margin, not on page 1 (ND 30/2020, Appendix I, I.7). */
function numberPages(pages: readonly Canvas[]): void {
  for (const [index, canvas] of pages.entries()) {
    if (index === 0) continue;
    const text = String(index + 1);
    const x = (a4.left + a4.width - a4.right) / 2 - canvas.fonts.regular.width(text, 13) / 2;
    canvas.text({ text, style: 'regular' }, 13, x, a4.height - mm(12));
  }
}

function placesOf(pages: readonly Canvas[]): ComposedDocument['places'] {
  const marks = pages.flatMap((canvas, page) =>
    [...canvas.marks].map(
      ([name, rect]) => [name, { page, rect: rect.map(round) as unknown as Rect }] as const,
    ),
  );
  return Object.fromEntries(marks) as ComposedDocument['places'];
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
