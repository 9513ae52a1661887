import { balancedLines, breakLines, type Line } from './break-lines.ts';
import type { FontStyle } from './font-files.ts';
import type { FontSet } from './font-set.ts';

const leading = 1.2;

/**
 * Texts broken into a room (points) at the largest size that fits, in steps of half a point; undefined when even the
 * smallest does not.
 */
export function fitText(
  texts: readonly string[],
  room: { readonly width: number; readonly height: number },
  fonts: FontSet,
  options: {
    readonly largest: number;
    readonly smallest: number;
    readonly style: FontStyle;
    /** Lines of like length, as centred text has them. */
    readonly isBalanced: boolean;
  },
): { lines: Line[]; size: number; leading: number } | undefined {
  const { largest, smallest, style, isBalanced } = options;
  for (let size = largest; room.width > size && size >= smallest; size -= 0.5) {
    const lines = texts.flatMap((text) => {
      const runs = [{ text, style }];
      return isBalanced
        ? balancedLines(runs, size, fonts, room.width)
        : breakLines(runs, size, fonts, { first: room.width, rest: room.width });
    });
    if (lines.length * size * leading <= room.height) return { lines, size, leading: size * leading };
  }
  return undefined;
}
