import { damaged, notSupported } from '../image.ts';
import { arcCurves } from './arc.ts';
import { operand } from './operand.ts';

// White space before a comma and behind it is matched apart: together each split of it would be tried.
const token = /\s*(?:,\s*)?(?:([MmLlHhVvCcSsQqTtAaZz])|([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?))/y;
const flag = /\s*(?:,\s*)?([01])/y;
const counts: Readonly<Record<string, number>> = {
  M: 2,
  L: 2,
  H: 1,
  V: 1,
  C: 6,
  S: 4,
  Q: 4,
  T: 2,
  A: 7,
  Z: 0,
};
/** Segments of all paths of one picture. */
export const maxSegments = 200_000;

interface Pen {
  x: number;
  y: number;
  /** Where the subpath began. */
  startX: number;
  startY: number;
  /** The last control point, for S and T. */
  controlX: number;
  controlY: number;
  last: string;
}

/**
 * SVG path data (SVG 1.1, 8.3) as path operators of a content stream.
 * @throws CompositionError `composition.image_damaged`, `composition.image_unsupported`
 */
export function pathOperators(data: string): string[] {
  const operators: string[] = [];
  const pen: Pen = { x: 0, y: 0, startX: 0, startY: 0, controlX: 0, controlY: 0, last: '' };
  for (const { command, values } of segments(data)) {
    if (operators.length > maxSegments) throw notSupported('so long a path');
    operators.push(...draw(pen, command, values));
  }
  return operators;
}

function* segments(data: string): Generator<{ command: string; values: number[] }> {
  let at = 0;
  let command = '';
  for (const end = data.trimEnd().length; at < end; ) {
    token.lastIndex = at;
    const found = token.exec(data);
    if (!found) throw damaged('path data that is none');
    if (found[1] !== undefined) {
      command = found[1];
      at = token.lastIndex;
    } else if (command === '' || command === 'Z' || command === 'z')
      throw damaged('a number without command');
    const count = counts[command.toUpperCase()] ?? 0;
    const values: number[] = [];
    for (let i = 0; i < count; i++) {
      const isFlag = command.toUpperCase() === 'A' && (i === 3 || i === 4);
      const pattern = isFlag ? flag : token;
      pattern.lastIndex = at;
      const number = pattern.exec(data);
      const text = isFlag ? number?.[1] : number?.[2];
      if (text === undefined) throw damaged('a number is missing in path data');
      values.push(Number(text));
      at = pattern.lastIndex;
    }
    yield { command, values };
    // More numbers behind a move are lines (8.3.2).
    if (command === 'M') command = 'L';
    if (command === 'm') command = 'l';
  }
}

function draw(pen: Pen, command: string, values: readonly number[]): string[] {
  const isRelative = command !== command.toUpperCase();
  const kind = command.toUpperCase();
  const [ox, oy] = isRelative ? [pen.x, pen.y] : [0, 0];
  const at = (i: number): [number, number] => [ox + (values[i] ?? 0), oy + (values[i + 1] ?? 0)];
  if (pen.last === '' && kind !== 'M') throw damaged('a path that does not begin with a move');
  const before = pen.last;
  pen.last = kind;
  switch (kind) {
    case 'M': {
      [pen.x, pen.y] = at(0);
      [pen.startX, pen.startY] = [pen.x, pen.y];
      return [`${operand(pen.x)} ${operand(pen.y)} m`];
    }
    case 'L':
      return lineTo(pen, ...at(0));
    case 'H':
      return lineTo(pen, at(0)[0], pen.y);
    case 'V':
      return lineTo(pen, pen.x, (isRelative ? pen.y : 0) + (values[0] ?? 0));
    case 'C':
      return curveTo(pen, ...at(0), ...at(2), ...at(4));
    case 'S': {
      const first = 'CS'.includes(before) ? reflected(pen) : ([pen.x, pen.y] as const);
      return curveTo(pen, ...first, ...at(0), ...at(2));
    }
    case 'Q':
      return quadraticTo(pen, ...at(0), ...at(2));
    case 'T':
      return quadraticTo(
        pen,
        ...('QT'.includes(before) ? reflected(pen) : ([pen.x, pen.y] as const)),
        ...at(0),
      );
    case 'A': {
      const [rx = 0, ry = 0, angle = 0, large = 0, sweep = 0] = values;
      const arc = { rx, ry, angle, isLarge: large === 1, isSweep: sweep === 1 };
      const curves = arcCurves([pen.x, pen.y], at(5), arc);
      if (curves === undefined) return lineTo(pen, ...at(5));
      return curves.flatMap((curve) => curveTo(pen, ...curve));
    }
    default:
      [pen.x, pen.y] = [pen.startX, pen.startY];
      return ['h'];
  }
}

const reflected = ({ x, y, controlX, controlY }: Pen): readonly [number, number] => [
  2 * x - controlX,
  2 * y - controlY,
];

function lineTo(pen: Pen, x: number, y: number): string[] {
  [pen.x, pen.y] = [x, y];
  return [`${operand(x)} ${operand(y)} l`];
}

function curveTo(pen: Pen, ...points: [number, number, number, number, number, number]): string[] {
  const [, , controlX, controlY, x, y] = points;
  Object.assign(pen, { controlX, controlY, x, y });
  return [`${points.map(operand).join(' ')} c`];
}

/** A quadratic curve raised to the third degree. */
function quadraticTo(pen: Pen, cx: number, cy: number, x: number, y: number): string[] {
  const third = (from: number, control: number): number => from + (2 / 3) * (control - from);
  const made = curveTo(pen, third(pen.x, cx), third(pen.y, cy), third(x, cx), third(y, cy), x, y);
  Object.assign(pen, { controlX: cx, controlY: cy });
  return made;
}
