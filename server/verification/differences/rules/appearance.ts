import type { PdfDict, PdfObject } from '../../../pdf/objects.ts';
import type { Comparison } from '../comparison.ts';

const MODES = ['N', 'R', 'D'];

/** Appearance dictionaries (ISO 32000-2 12.5.5), compared down to the streams of each mode and state. */
export function sameAppearance(
  comparison: Comparison,
  before: PdfObject | undefined,
  after: PdfObject | undefined,
): boolean {
  if (!comparison.unchanged(before, after)) return false;
  const { older, newer } = comparison;
  const [old, now] = [older.dict(before), newer.dict(after)];
  return MODES.every((mode) => {
    const [oldMode, newMode] = [old?.get(mode), now?.get(mode)];
    if (!comparison.unchanged(oldMode, newMode)) return false;
    return sameStates(comparison, older.dict(oldMode), newer.dict(newMode));
  });
}

function sameStates(
  comparison: Comparison,
  before: PdfDict | undefined,
  after: PdfDict | undefined,
): boolean {
  const states = new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])]);
  return [...states].every((state) => comparison.unchanged(before?.get(state), after?.get(state)));
}
