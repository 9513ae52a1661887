import { damaged } from '../image.ts';
import { arcCurves } from './arc.ts';
import { operand } from './operand.ts';
import type { XmlElement } from './parse-xml.ts';
import { pathOperators } from './path-data.ts';
import { numberOf } from './style.ts';

/** The outline of a basic shape (SVG 1.1, 9) or path as path operators; undefined for other elements. */
export function outlineOf(element: XmlElement): string[] | undefined {
  const get = (name: string): number => numberOf(element.attributes.get(name), 0);
  switch (element.name) {
    case 'path':
      return pathOperators(element.attributes.get('d') ?? '');
    case 'line':
      return polygon([get('x1'), get('y1'), get('x2'), get('y2')], false);
    case 'polyline':
    case 'polygon':
      return polygon(points(element.attributes.get('points') ?? ''), element.name === 'polygon');
    case 'circle':
      return ellipse(get('cx'), get('cy'), get('r'), get('r'));
    case 'ellipse':
      return ellipse(get('cx'), get('cy'), get('rx'), get('ry'));
    case 'rect':
      return rectangle(element, get);
    default:
      return undefined;
  }
}

function points(text: string): number[] {
  const parts = text.trim().split(/[\s,]+/);
  return text.trim() === '' ? [] : parts.map((part) => numberOf(part, 0));
}

function polygon(values: readonly number[], isClosed: boolean): string[] {
  if (values.length % 2 !== 0) throw damaged('an odd number of coordinates');
  const lines: string[] = [];
  for (let i = 0; i + 1 < values.length; i += 2) {
    lines.push(`${operand(values[i] ?? 0)} ${operand(values[i + 1] ?? 0)} ${i === 0 ? 'm' : 'l'}`);
  }
  return isClosed && lines.length > 0 ? [...lines, 'h'] : lines;
}

function ellipse(cx: number, cy: number, rx: number, ry: number): string[] {
  if (rx <= 0 || ry <= 0) return [];
  const half = (from: number, to: number): string[] =>
    (arcCurves([from, cy], [to, cy], { rx, ry, angle: 0, isLarge: false, isSweep: true }) ?? []).map(
      (curve) => `${curve.map(operand).join(' ')} c`,
    );
  return [`${operand(cx - rx)} ${operand(cy)} m`, ...half(cx - rx, cx + rx), ...half(cx + rx, cx - rx), 'h'];
}

function rectangle({ attributes }: XmlElement, get: (name: string) => number): string[] {
  const [x, y, width, height] = [get('x'), get('y'), get('width'), get('height')];
  if (width <= 0 || height <= 0) return [];
  const rx = Math.min(attributes.has('rx') ? get('rx') : get('ry'), width / 2);
  const ry = Math.min(attributes.has('ry') ? get('ry') : get('rx'), height / 2);
  if (rx <= 0 || ry <= 0) return [`${[x, y, width, height].map(operand).join(' ')} re`];
  const arc = `a${rx} ${ry} 0 0 1`;
  return pathOperators(
    `M${x + rx} ${y}h${width - 2 * rx}${arc} ${rx} ${ry}v${height - 2 * ry}${arc} ${-rx} ${ry}` +
      `h${2 * rx - width}${arc} ${-rx} ${-ry}v${2 * ry - height}${arc} ${rx} ${-ry}z`,
  );
}
