import type { Image } from '../../composition/images/image.ts';
import type { AppearanceProfile } from './profile.ts';

const texts = {
  over_text: {
    vi: 'Ô chữ ký đè lên chữ đã có trên trang.',
    en: 'The box of the signature lies over text of the page.',
  },
  text_not_checked: {
    vi: 'Không kiểm tra được ô chữ ký có đè lên chữ hay không.',
    en: 'Whether the box lies over text could not be checked.',
  },
  image_not_transparent: {
    vi: 'Nền hình ảnh không trong suốt; Nghị định 30/2020/NĐ-CP yêu cầu PNG nền trong suốt.',
    en: 'The picture is not transparent; Decree 30/2020 asks for a PNG with a transparent background.',
  },
  image_ink: {
    vi: 'Màu mực của hình ảnh không đúng quy định (chữ ký màu xanh, con dấu màu đỏ).',
    en: 'The ink has another colour than the rule asks for (signatures blue, seals red).',
  },
  image_not_for_pdfa: {
    vi: 'Hình ảnh CMYK có thể làm tệp PDF/A không còn hợp chuẩn.',
    en: 'A CMYK picture may take its conformance from a PDF/A file.',
  },
} as const;

/** Something to be seen by whoever signs, though nothing forbids it. */
export interface Warning {
  readonly code: keyof typeof texts;
  readonly vi: string;
  readonly en: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export const warning = (code: Warning['code'], details: Warning['details'] = {}): Warning => ({
  code,
  ...texts[code],
  details,
});

/** The texts that the warnings say a box lies over. */
export const textsIn = (warnings: readonly Warning[]): string[] =>
  warnings.flatMap(({ code, details }) => (code === 'over_text' ? (details.overText as string[]) : []));

/** What the rule says of the picture and this one is not. */
export function imageWarnings(
  image: Image,
  { ink }: NonNullable<AppearanceProfile['image']>,
  pdfa: number | undefined,
): Warning[] {
  return [
    ...(ink !== undefined && !image.isTransparent ? [warning('image_not_transparent')] : []),
    ...(ink !== undefined && image.ink && !isInk(image.ink, ink) ? [warning('image_ink', { ink })] : []),
    ...(pdfa !== undefined && image.isCmyk ? [warning('image_not_for_pdfa')] : []),
  ];
}

function isInk([red, green, blue]: NonNullable<Image['ink']>, wanted: 'blue' | 'red'): boolean {
  const [main, others] = wanted === 'blue' ? [blue, [red, green]] : [red, [green, blue]];
  return others.every((other) => main > other + 0.1);
}
