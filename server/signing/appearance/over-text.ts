import { intersection, type Rect } from './page-frame.ts';
import type { TextRun } from './page-text.ts';

const MAX_NAMED = 20;
const MAX_LETTERS = 80;
/** Lines touch the box by the height of their font alone, where there is no ink. */
const GRAZE = 0.15;

/** The texts that a box (user space) lies over, in the order of the page. */
export function textsUnder(runs: readonly TextRun[], box: Rect): string[] {
  return runs
    .filter(({ text, box: ink }) => {
      const common = intersection(box, shrunk(ink));
      return text.trim() !== '' && common !== undefined;
    })
    .slice(0, MAX_NAMED)
    .map(({ text }) => text.normalize('NFC').trim().slice(0, MAX_LETTERS));
}

function shrunk([x1, y1, x2, y2]: Rect): Rect {
  const edge = Math.min(x2 - x1, y2 - y1) * GRAZE;
  return [x1 + edge, y1 + edge, x2 - edge, y2 - edge];
}
