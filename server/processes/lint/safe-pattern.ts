/** Why a regular expression of a schema is refused. */
export type PatternFault = 'malformed' | 'too_long' | 'unsupported' | 'may_backtrack';

const maxLength = 300;
/** Ways in which all bounded quantifiers of a pattern together may match one text, from one place and from any place. */
const maxChoices = { anchored: 10_000, floating: 50 };
/** A quantifier with more counts than this is as good as unbounded. */
const openFrom = 50;

/**
 * Whether a pattern may be run on hostile text. Refused: look-around and back references; repeating what itself varies
 * (exponential backtracking); more than one part of open length, or one that is not anchored at the start
 * (polynomial backtracking). A `maxLength` beside it is no help: every fault of a text is looked for, its length and its pattern.
 */
export function patternFault(pattern: string): PatternFault | undefined {
  if (pattern.length > maxLength) return 'too_long';
  try {
    new RegExp(pattern, 'u');
  } catch {
    return 'malformed';
  }
  const all = [...tokens(pattern)];
  if (all.some(({ text }) => /^\\[1-9k]|^\(\?(?!:)/u.test(text))) return 'unsupported';
  let open = 0;
  let choices = 1;
  let group: { varies: boolean } | undefined;
  const outer: { varies: boolean }[] = [{ varies: false }];
  for (const { text, counts } of all) {
    const inside = outer.at(-1) ?? { varies: false };
    if (counts !== undefined) {
      if (group?.varies === true) return 'may_backtrack';
      if (counts > 1) inside.varies = true;
      if (counts > openFrom) open++;
      else choices *= counts;
    }
    group = undefined;
    if (text.startsWith('(')) outer.push({ varies: false });
    else if (text === '|') inside.varies = true;
    else if (text === ')') {
      group = outer.pop();
      const parent = outer.at(-1);
      if (parent !== undefined && group?.varies === true) parent.varies = true;
    }
  }
  const isAnchored = pattern.startsWith('^') && !branchesAtTop(all);
  const allowed = isAnchored ? maxChoices.anchored : maxChoices.floating;
  return choices > allowed || open > (isAnchored ? 1 : 0) ? 'may_backtrack' : undefined;
}

interface Token {
  readonly text: string;
  /** Of a quantifier: how many different counts it allows. */
  readonly counts?: number;
}

/** Escapes, classes, group marks, quantifiers and characters of a well-formed pattern. */
function* tokens(pattern: string): Generator<Token> {
  const grammar = /\\.|\[(?:\\.|[^\]\\])*\]|\(\?<?.|\(|\)|\||[*+?]\??|\{\d+(?:,\d*)?\}\??|[\s\S]/gu;
  for (const [text] of pattern.matchAll(grammar)) {
    const counts = countsOf(text);
    yield counts === undefined ? { text } : { text, counts };
  }
}

function countsOf(token: string): number | undefined {
  if (/^[*+]/u.test(token)) return Number.POSITIVE_INFINITY;
  if (token.startsWith('?')) return 2;
  const [, low, range, high] = /^\{(\d+)(,?)(\d*)\}/u.exec(token) ?? [];
  if (low === undefined) return undefined;
  if (range === '') return 1;
  return high === '' ? Number.POSITIVE_INFINITY : Number(high) - Number(low) + 1;
}

function branchesAtTop(all: readonly Token[]): boolean {
  let depth = 0;
  for (const { text } of all) {
    if (text.startsWith('(')) depth++;
    else if (text === ')') depth--;
    else if (text === '|' && depth === 0) return true;
  }
  return false;
}
