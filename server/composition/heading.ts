import { type Box, beside, gap, paragraph, stack } from './boxes.ts';
import type { Canvas } from './canvas.ts';
import { CompositionError } from './errors.ts';
import type { FontStyle } from './font-files.ts';
import type { FontSet } from './font-set.ts';
import type { OutgoingDocument, Urgency } from './outgoing-document.ts';
import { mm } from './paginate.ts';
import { fieldRect, textFields } from './text-field.ts';

const red = [0.85, 0, 0] as const;
const stamps: Record<Exclude<Urgency, 'normal'>, { text: string; width: number }> = {
  urgent: { text: 'KHẨN', width: mm(20) },
  veryUrgent: { text: 'THƯỢNG KHẨN', width: mm(40) },
  express: { text: 'HOẢ TỐC', width: mm(30) },
};

/** Components 1 to 5b and 10b: what stands over the text of page 1 (ND 30/2020, Appendix I, II.1 to II.5). */
export function heading(document: OutgoingDocument, width: number, fonts: FontSet): Box[] {
  const split = width * 0.42;
  const left = { x: 0, width: split - mm(3) };
  const right = { x: split, width: width - split };
  const names = beside(
    [
      { x: left.x, box: agencyNames(document, left.width, fonts) },
      { x: right.x, box: nationalTitle(right.width, fonts) },
    ],
    { keepWithNext: true },
  );
  const isLetter = document.type.abbreviation === undefined;
  const underNumber = isLetter ? subjectOfLetter(document.subject, left.width, fonts) : [];
  const stamp = urgencyStamp(document.urgency ?? 'normal', left.width, fonts);
  const numbers = beside(
    [
      { x: left.x, box: stack([numberLine(document.symbol, left.width, fonts), ...underNumber, ...stamp]) },
      { x: right.x, box: dateLine(document.agency.place, right.width, fonts) },
    ],
    { spaceBefore: 6, keepWithNext: true },
  );
  return isLetter ? [names, numbers] : [names, numbers, ...typeAndSubject(document, width, fonts)];
}

function agencyNames({ agency }: OutgoingDocument, width: number, fonts: FontSet): Box {
  const name = nameLines(agency.name, 'bold', width, fonts);
  const parent = agency.parent === undefined ? [] : nameLines(agency.parent, 'regular', width, fonts);
  return stack([...parent, ...name, shortRule(width, width * 0.4)]);
}

/** The name of a people's committee or council too long for a line goes on with its place on the next one. */
const collective = /^(ỦY BAN NHÂN DÂN|UỶ BAN NHÂN DÂN|HỘI ĐỒNG NHÂN DÂN) (.+)$/u;

function nameLines(name: string, style: FontStyle, width: number, fonts: FontSet): Box[] {
  const size = 12;
  const text = name.toUpperCase();
  const fits = fonts[style].width(text, size) <= width;
  const lines = (fits ? undefined : collective.exec(text)?.slice(1)) ?? [text];
  return lines.flatMap((line) => paragraph([{ text: line, style }], width, { size, align: 'center' }, fonts));
}

function nationalTitle(width: number, fonts: FontSet): Box {
  const motto = { text: 'Độc lập - Tự do - Hạnh phúc', style: 'bold' } as const;
  const title = { text: 'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', style: 'bold' } as const;
  return stack([
    ...paragraph([title], width, { size: 12, align: 'center' }, fonts),
    ...paragraph([motto], width, { size: 13, align: 'center' }, fonts),
    shortRule(width, fonts.bold.width(motto.text, 13)),
  ]);
}

function shortRule(width: number, length: number): Box {
  return gap(5, (canvas, left, top) =>
    canvas.rule(left + (width - length) / 2, left + (width + length) / 2, top - 2.5),
  );
}

/** `Số:` and the symbol are printed; the number between them is a field, filled after the signature. */
function numberLine(symbol: string, width: number, fonts: FontSet): Box {
  const { size } = textFields.so_van_ban;
  const label = 'Số: ';
  const before = fonts.regular.width(label, size);
  const room = fonts.regular.width('0000', size);
  const total = before + room + fonts.regular.width(`/${symbol}`, size);
  if (total > width) {
    throw new CompositionError('composition.does_not_fit', 'the symbol is too long', {
      details: { where: 'symbol' },
    });
  }
  return gap(size * 1.3, (canvas, left, top) => {
    const x = left + (width - total) / 2;
    const y = top - size;
    canvas.text({ text: label, style: 'regular' }, size, x, y);
    canvas.mark('so_van_ban', fieldRect('so_van_ban', x + before, y, room));
    canvas.text({ text: `/${symbol}`, style: 'regular' }, size, x + before + room, y);
  });
}

/** The place is printed; the date after it is a field, as wide as the widest date. */
function dateLine(place: string, width: number, fonts: FontSet): Box {
  const { size } = textFields.ngay_ban_hanh;
  const text = `${place}, `;
  const before = fonts.italic.width(text, size);
  const room = fonts.italic.width('ngày 00 tháng 00 năm 0000', size) + 2;
  if (before + room > width) {
    throw new CompositionError('composition.does_not_fit', 'the place is too long', {
      details: { where: 'place' },
    });
  }
  return gap(size * 1.3, (canvas, left, top) => {
    const x = left + (width - before - room) / 2;
    const y = top - size;
    canvas.text({ text, style: 'italic' }, size, x, y);
    canvas.mark('ngay_ban_hanh', fieldRect('ngay_ban_hanh', x + before, y, room));
  });
}

function subjectOfLetter(subject: string, width: number, fonts: FontSet): Box[] {
  const style = { size: 12, align: 'center', spaceBefore: 6 } as const;
  return paragraph([{ text: `V/v ${subject}`, style: 'regular' }], width, style, fonts);
}

function urgencyStamp(urgency: Urgency, width: number, fonts: FontSet): Box[] {
  if (urgency === 'normal') return [];
  const stamp = stamps[urgency];
  const height = mm(8);
  const size = 13;
  const draw = (canvas: Canvas, left: number, top: number) => {
    const x = left + (width - stamp.width) / 2;
    canvas.frame([x, top - height, x + stamp.width, top], 1.2, red);
    const shift = (stamp.width - fonts.bold.width(stamp.text, size)) / 2;
    canvas.text({ text: stamp.text, style: 'bold' }, size, x + shift, top - height / 2 - size * 0.33, red);
  };
  return [gap(6), gap(height, draw)];
}

function typeAndSubject({ type, subject }: OutgoingDocument, width: number, fonts: FontSet): Box[] {
  const style = { size: 14, align: 'center', keepWithNext: true } as const;
  const inset = mm(12);
  const lines = paragraph([{ text: subject, style: 'bold' }], width - 2 * inset, style, fonts);
  const name = [{ text: type.name.toUpperCase(), style: 'bold' }] as const;
  return [
    ...paragraph(name, width, { ...style, spaceBefore: 16 }, fonts),
    beside([{ x: inset, box: stack(lines) }], { keepWithNext: true }),
    shortRule(width, width * 0.2),
    gap(6),
  ];
}
