import type { FontStyle } from './font-files.ts';
import type { FontSet } from './font-set.ts';

export interface Run {
  readonly text: string;
  readonly style: FontStyle;
}

/** A stretch of one style that no line is broken in. Widths are points. */
export interface Piece extends Run {
  readonly width: number;
}

/** Pieces that stand together without a space between them. */
export interface Word {
  readonly pieces: readonly Piece[];
  readonly width: number;
}

export interface Line {
  readonly words: readonly Word[];
  /** Natural width, spaces included. */
  readonly width: number;
}

/** Words are separated by white space; a no-break space stays inside its word. */
const separator = /[ \t\n]+/u;

/**
 * Fills lines greedily: syllables of Vietnamese are short, so the best break is hardly ever another one. A word wider
 * than a whole line is cut where it must be.
 * @param widths points: of the first line and of every other.
 */
export function breakLines(
  runs: readonly Run[],
  size: number,
  fonts: FontSet,
  widths: { first: number; rest: number },
): Line[] {
  const space = fonts.regular.width(' ', size);
  const lines: Line[] = [];
  let words: Word[] = [];
  let width = 0;
  const limit = () => (lines.length === 0 ? widths.first : widths.rest);
  const flush = () => {
    if (words.length > 0) lines.push({ words, width });
    words = [];
    width = 0;
  };
  for (const word of wordsOf(runs, size, fonts)) {
    if (words.length > 0 && width + space + word.width > limit()) flush();
    let rest = word;
    while (words.length === 0 && rest.width > limit()) {
      const [head, tail] = cut(rest, limit(), size, fonts);
      if (tail === undefined) break;
      lines.push({ words: [head], width: head.width });
      rest = tail;
    }
    width += (words.length > 0 ? space : 0) + rest.width;
    words.push(rest);
  }
  flush();
  return lines;
}

/** A title longer than this is text, and balancing it costs more than it gives. */
const maxBalanced = 6;

/** Lines of like length, as titles have them: the narrowest measure that needs no more lines than `width` does. */
export function balancedLines(runs: readonly Run[], size: number, fonts: FontSet, width: number): Line[] {
  const linesIn = (measure: number) => breakLines(runs, size, fonts, { first: measure, rest: measure });
  let best = linesIn(width);
  if (best.length > maxBalanced) return best;
  for (let low = width / 2, high = width; high - low > 1; ) {
    const middle = (low + high) / 2;
    const lines = linesIn(middle);
    if (lines.length > best.length) low = middle;
    else [best, high] = [lines, middle];
  }
  return best;
}

function* wordsOf(runs: readonly Run[], size: number, fonts: FontSet): Generator<Word> {
  let pieces: Piece[] = [];
  for (const { text, style } of runs) {
    for (const [index, part] of text.split(separator).entries()) {
      if (index > 0 && pieces.length > 0) {
        yield wordOf(pieces);
        pieces = [];
      }
      if (part !== '') pieces.push({ text: part, style, width: fonts[style].width(part, size) });
    }
  }
  if (pieces.length > 0) yield wordOf(pieces);
}

function wordOf(pieces: readonly Piece[]): Word {
  return { pieces, width: pieces.reduce((sum, piece) => sum + piece.width, 0) };
}

/** As many characters as fit (one at least), and what is left. */
function cut(word: Word, limit: number, size: number, fonts: FontSet): [Word, Word | undefined] {
  const head: Piece[] = [];
  let room = limit;
  for (const [index, piece] of word.pieces.entries()) {
    if (piece.width <= room) {
      head.push(piece);
      room -= piece.width;
      continue;
    }
    const font = fonts[piece.style];
    let taken = '';
    let used = 0;
    for (const character of piece.text) {
      const width = font.width(character, size);
      if (used + width > room && (taken !== '' || head.length > 0)) break;
      taken += character;
      used += width;
    }
    if (taken !== '') head.push({ text: taken, style: piece.style, width: used });
    const left = piece.text.slice(taken.length);
    const tail: Piece[] = left === '' ? [] : [{ ...piece, text: left, width: piece.width - used }];
    tail.push(...word.pieces.slice(index + 1));
    return [wordOf(head), tail.length > 0 ? wordOf(tail) : undefined];
  }
  return [word, undefined];
}
