import type { Rect } from './page-frame.ts';
import type { TextRun } from './page-text.ts';

/** A letter with the marks on it, and where it stands. */
interface Cluster {
  readonly letter: string;
  readonly run: number;
  /** Part of its run before and behind it, 0 to 1. */
  readonly from: number;
  readonly to: number;
}

/** A letter with all its marks; what has more is written to be slow. */
const LONGEST_LETTER = 20;

const letters = /\P{M}\p{M}*|\p{M}+/gu;

/**
 * Every place where a text stands among the runs of a page, in the order of its content: white space does not count
 * (runs are split where the writing program liked), nor does the form of normalisation, nor which run has which part.
 */
export function findAnchor(runs: readonly TextRun[], text: string): Rect[] {
  const wanted = clustersOf([{ text, box: [0, 0, 0, 0], isVertical: false }]);
  const [first] = wanted;
  if (first === undefined) return [];
  const present = clustersOf(runs);
  const found: Rect[] = [];
  for (let at = 0; at + wanted.length <= present.length; at++) {
    if (present[at]?.letter !== first.letter) continue;
    if (wanted.some(({ letter }, i) => present[at + i]?.letter !== letter)) continue;
    found.push(boxOf(present.slice(at, at + wanted.length), runs));
    at += wanted.length - 1;
  }
  return found;
}

function clustersOf(runs: readonly TextRun[]): Cluster[] {
  const clusters: Cluster[] = [];
  for (const [run, { text }] of runs.entries()) {
    for (const { 0: part, index } of text.matchAll(letters)) {
      const [from, to] = [index / text.length, (index + part.length) / text.length];
      const last = clusters.at(-1);
      if (/^\p{M}/u.test(part) && last !== undefined && last.letter.length < LONGEST_LETTER) {
        // A mark in a run of its own belongs to the letter before it.
        clusters[clusters.length - 1] = { ...last, letter: (last.letter + part).normalize('NFC') };
        continue;
      }
      const letter = part.normalize('NFC').replace(/[\s\u00ad\u200b\u2060\ufeff]/gu, '');
      if (letter !== '') clusters.push({ letter, run, from, to });
    }
  }
  return clusters;
}

function boxOf(clusters: readonly Cluster[], runs: readonly TextRun[]): Rect {
  const parts = clusters.flatMap(({ run, from, to }) => {
    const one = runs[run];
    return one === undefined ? [] : [partOf(one, from, to)];
  });
  return [
    Math.min(...parts.map(([x1]) => x1)),
    Math.min(...parts.map(([, y1]) => y1)),
    Math.max(...parts.map(([, , x2]) => x2)),
    Math.max(...parts.map(([, , , y2]) => y2)),
  ];
}

/** Letters are taken to be equally wide: good enough to stand by. */
function partOf({ box: [x1, y1, x2, y2], isVertical }: TextRun, from: number, to: number): Rect {
  if (isVertical) return [x1, y1 + (y2 - y1) * from, x2, y1 + (y2 - y1) * to];
  return [x1 + (x2 - x1) * from, y1, x1 + (x2 - x1) * to, y2];
}
