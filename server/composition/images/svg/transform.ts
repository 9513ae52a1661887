import { damaged, identity, type Matrix, multiply } from '../image.ts';
import { numberOf } from './style.ts';

// White space before a comma and behind it is matched apart: together each split of it would be tried.
const step = /\s*(?:,\s*)?(matrix|translate|scale|rotate|skewX|skewY)\s*\(([^()]*)\)\s*/y;

/** The matrix of a transform list (SVG 1.1, 7.6). @throws CompositionError `composition.image_damaged` */
export function transformOf(text: string): Matrix {
  let matrix = identity;
  for (step.lastIndex = 0; step.lastIndex < text.length; ) {
    const found = step.exec(text);
    if (!found) throw damaged('a transform that is none');
    const values = (found[2] ?? '')
      .trim()
      .split(/[\s,]+/)
      .map((part) => numberOf(part, 0));
    matrix = multiply(oneStep(found[1] ?? '', values), matrix);
  }
  return matrix;
}

function oneStep(name: string, values: readonly number[]): Matrix {
  const [a = 0, b, c] = values;
  const radians = (a * Math.PI) / 180;
  switch (name) {
    case 'matrix': {
      const [, , , d = 0, e = 0, f = 0] = values;
      if (values.length !== 6) throw damaged('a matrix of six numbers is needed');
      return [a, b ?? 0, c ?? 0, d, e, f];
    }
    case 'translate':
      return [1, 0, 0, 1, a, b ?? 0];
    case 'scale':
      return [a, 0, 0, b ?? a, 0, 0];
    case 'rotate': {
      const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
      const turned: Matrix = [cos, sin, -sin, cos, 0, 0];
      if (b === undefined) return turned;
      const back: Matrix = [1, 0, 0, 1, -b, -(c ?? 0)];
      return multiply(multiply(back, turned), [1, 0, 0, 1, b, c ?? 0]);
    }
    case 'skewX':
      return [1, 0, Math.tan(radians), 1, 0, 0];
    default:
      return [1, Math.tan(radians), 0, 1, 0, 0];
  }
}
