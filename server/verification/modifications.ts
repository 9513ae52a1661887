import type { SignatureEntry } from '../pdf/signatures/list-signatures.ts';
import type { DocMdp, FieldLock } from '../pdf/signatures/locks.ts';
import { isLocked } from '../pdf/signatures/locks.ts';
import type { StepDifference } from './differences/compare-revisions.ts';
import type { Change } from './differences/comparison.ts';
import { isWithin, type Level, worst } from './differences/level.ts';

export interface Modifications {
  readonly level: Level;
  /** Everything done after the signature is allowed by it and by the certification signature, if there is one. */
  readonly permitted: boolean;
  readonly changes: readonly Change[];
  /** Fields filled although a signature had locked them. */
  readonly lockedFields: readonly string[];
}

/** ISO 32000-2 table 257; without a certification, filling and further signatures, as readers do. */
const LIMITS: Readonly<Record<DocMdp, Level>> = { 1: 'lta', 2: 'form-filling', 3: 'annotations' };
const DEFAULT_LIMIT: Level = 'form-filling';

/** Judges the updates after a signature against DocMDP, FieldMDP and the field's /Lock (12.8.2.2, 12.8.2.4, 12.7.5.5). */
export function modificationsAfter(
  entry: SignatureEntry,
  all: readonly SignatureEntry[],
  steps: readonly StepDifference[],
): Modifications {
  const locks = [entry.fieldMdp, entry.lock].filter((lock) => lock !== undefined);
  const limited = steps.map((step) => ({ step, limit: limitAt(step.revision, all) }));
  const lockedFields = steps.flatMap(({ filledFields }) =>
    [...filledFields].filter((f) => lockedBy(locks, f)),
  );
  return {
    // An update that changes nothing was written after the signature all the same: `none` is kept for "not a byte".
    level: steps.reduce<Level>((level, step) => worst(level, step.level), steps.length > 0 ? 'lta' : 'none'),
    permitted: lockedFields.length === 0 && limited.every(({ step, limit }) => isWithin(step.level, limit)),
    changes: steps.flatMap(({ changes }) => changes),
    lockedFields,
  };
}

/** The strictest permission given by a signature made before the revision. */
function limitAt(revision: number, all: readonly SignatureEntry[]): Level {
  const permissions = all
    .filter(({ revisionIndex }) => revisionIndex < revision)
    .flatMap(({ docMdp, lock }) => [docMdp, lock?.permission])
    .filter((permission) => permission !== undefined);
  if (permissions.length === 0) return DEFAULT_LIMIT;
  return LIMITS[Math.min(...permissions) as DocMdp];
}

const lockedBy = (locks: readonly FieldLock[], field: string): boolean =>
  locks.some((lock) => isLocked(lock, field));
