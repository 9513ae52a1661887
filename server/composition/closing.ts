import { type Box, beside, gap, paragraph, stack } from './boxes.ts';
import type { FontSet } from './font-set.ts';
import type { OutgoingDocument } from './outgoing-document.ts';
import { mm } from './paginate.ts';

/** Room for the handwritten signature's image, and for the seal over a third of it at its left (Appendix I, II.7 and II.8). */
const signature = { width: mm(60), height: mm(25) };
/** Its field is larger than any seal: where in it the seal is drawn, the signature under it decides. */
const seal = { width: mm(52), height: mm(42), beyond: mm(10) };
const room = mm(34);

/** Components 7 to 9b: recipients at the left, competence, signature, seal and name at the right; never divided. */
export function closing(document: OutgoingDocument, width: number, fonts: FontSet): Box {
  const split = width * 0.46;
  return beside(
    [
      { x: 0, box: recipients(document, split - mm(4), fonts) },
      { x: split, box: signatory(document, width - split, fonts) },
    ],
    { spaceBefore: 12 },
  );
}

/** Lines the layout brings itself. Whoever typed one all the same shall not have it twice. */
const sameAsAbove = /^-?\s*Như trên[;.]?$/iu;
const filing = /^-?\s*Lưu\s*:/iu;

function recipients(document: OutgoingDocument, width: number, fonts: FontSet): Box {
  const first = document.addressees.length > 0 ? ['Như trên'] : [];
  const typed = document.recipients.filter(
    (line) => !filing.test(line) && !(first.length > 0 && sameAsAbove.test(line)),
  );
  const lines = [...first, ...typed].map((line) => `- ${bare(line)};`);
  lines.push(
    `- ${bare(document.recipients.find((line) => filing.test(line)) ?? `Lưu: ${document.filing}`)}.`,
  );
  return stack([
    ...paragraph([{ text: 'Nơi nhận:', style: 'boldItalic' }], width, { size: 12, align: 'left' }, fonts),
    ...lines.flatMap((text) =>
      paragraph([{ text, style: 'regular' }], width, { size: 11, align: 'left', hanging: 6 }, fonts),
    ),
  ]);
}

const bare = (line: string): string => line.replace(/^-\s*/u, '').replace(/[;.]$/u, '');

function signatory({ signer }: OutgoingDocument, width: number, fonts: FontSet): Box {
  const style = { size: 13, align: 'center' } as const;
  const titles = authorityLines(signer).flatMap((text) =>
    paragraph([{ text: text.toUpperCase(), style: 'bold' }], width, style, fonts),
  );
  const name = paragraph([{ text: signer.name, style: 'bold' }], width, { ...style, size: 14 }, fonts);
  return stack([...titles, signatureRoom(width), ...name]);
}

function signatureRoom(width: number): Box {
  return gap(room, (canvas, left, top) => {
    const x = left + (width - signature.width) / 2;
    const middle = top - room / 2;
    const edge = x + signature.width / 3;
    canvas.mark('ky_lanh_dao', [
      x,
      middle - signature.height / 2,
      x + signature.width,
      middle + signature.height / 2,
    ]);
    const right = edge + seal.beyond;
    canvas.mark('dau_co_quan', [
      right - seal.width,
      middle - seal.height / 2,
      right,
      middle + seal.height / 2,
    ]);
  });
}

/** Quyền hạn and chức vụ of the signer (ND 30/2020, article 13 and Appendix I, II.7.a). */
export function authorityLines(signer: OutgoingDocument['signer']): string[] {
  const { competence, onBehalfOf, collective, position } = signer;
  const lines = collective === undefined ? [] : [`TM. ${collective}`];
  if (competence === 'Q.') return [...lines, `Q. ${position}`];
  if (competence !== undefined && onBehalfOf !== undefined) lines.push(`${competence} ${onBehalfOf}`);
  return [...lines, position];
}
