import { loadFont } from '../../server/composition/font-files.ts';

/** A seal of nobody: its text says so. 36 mm, letters as outlines. */
export function sampleSealSvg(): string {
  const red = '#d8141e';
  const ring = (radius: number, width: number): string =>
    `<circle cx="0" cy="0" r="${radius}" fill="none" stroke="${red}" stroke-width="${width}"/>`;
  const points = Array.from({ length: 10 }, (_, i) => {
    const [angle, radius] = [(i * Math.PI) / 5, i % 2 === 0 ? 5.4 : 2.06];
    return `${(radius * Math.sin(angle)).toFixed(3)},${(-radius * Math.cos(angle)).toFixed(3)}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="36mm" height="36mm" viewBox="-18 -18 36 36">
${ring(17.5, 1)}${ring(16.4, 0.3)}${ring(9.6, 0.45)}
<polygon points="${points.join(' ')}" fill="${red}"/>
<g fill="${red}">${around('CƠ QUAN NHÀ NƯỚC MẪU', 11.9, 2.6)}${around('KHÔNG CÓ GIÁ TRỊ', -13.6, 2.3)}</g>
</svg>`;
}

/** A handwritten name as strokes of a pen, blue, 52 mm wide. */
export const sampleSignatureSvg = `<svg xmlns="http://www.w3.org/2000/svg" width="52mm" height="23mm" viewBox="0 0 520 230">
<g fill="none" stroke="#1a36a8" stroke-linecap="round" stroke-linejoin="round">
<path stroke-width="7" d="M38 176C62 118 96 42 122 26c16-8 14 26 4 62-12 44-26 84-20 90 8 8 30-38 46-58 12-14 20-8 14 8-6 18-8 32 4 30 16-2 24-38 38-42 10-2 4 16 0 28-4 12 4 18 16 8 14-12 18-34 30-34 10 0 2 18 0 28-2 10 8 12 18 4"/>
<path stroke-width="6" d="M270 138c22-40 46-98 62-106 14-6 10 26-2 58-14 36-26 62-18 66 10 4 26-44 44-46 14-2 2 30 10 34 10 4 22-30 36-32 10 0 4 20 12 22 14 2 34-26 76-38"/>
<path stroke-width="5" d="M24 204C140 182 330 168 498 150c-60 14-150 26-214 44"/>
<path stroke-width="5" d="M196 76c6-8 12-14 18-18m-10-22l12 10"/>
</g></svg>`;

/** Text along a circle: above the middle outside, or (a negative radius) below it, upright for whoever reads the seal. */
function around(text: string, radius: number, size: number): string {
  const font = loadFont('bold');
  const scale = size / font.unitsPerEm;
  const glyphs = [...text].map((character) => font.glyphForCodePoint(character.codePointAt(0) ?? 0));
  const spacing = size * 0.12;
  const widths = glyphs.map((glyph) => (glyph?.advanceWidth ?? 0) * scale + spacing);
  const whole = widths.reduce((sum, width) => sum + width, 0);
  let travelled = -whole / 2;
  return glyphs
    .map((glyph, i) => {
      const width = widths[i] ?? 0;
      const angle = ((travelled + width / 2) / radius) * (180 / Math.PI);
      travelled += width;
      const path = glyph?.path.toSVG() ?? '';
      if (path === '') return '';
      const place = `rotate(${angle.toFixed(3)}) translate(${(-width / 2).toFixed(3)} ${-radius})`;
      return `<path transform="${place} scale(${scale.toFixed(6)} ${(-scale).toFixed(6)})" d="${path}"/>`;
    })
    .join('');
}
