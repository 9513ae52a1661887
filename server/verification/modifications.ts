import type { SignatureEntry } from '../pdf/signatures/list-signatures.ts';
import type { DocMdp } from '../pdf/signatures/locks.ts';
import { lockMatcher } from '../pdf/signatures/locks.ts';
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

/** For each revision, the strictest permission given by a signature made before it; those after the last are as the last. */
export class Permissions {
  readonly #limits: Level[] = [];

  constructor(all: readonly SignatureEntry[], revisions: number) {
    let strictest: DocMdp | undefined;
    for (let revision = 0, next = 0; revision <= revisions; revision++) {
      for (; (all[next]?.revisionIndex ?? revisions) < revision; next++) {
        for (const permission of [all[next]?.docMdp, all[next]?.lock?.permission]) {
          if (permission !== undefined) strictest = Math.min(strictest ?? permission, permission) as DocMdp;
        }
      }
      this.#limits.push(strictest ? LIMITS[strictest] : DEFAULT_LIMIT);
    }
  }

  at(revision: number): Level {
    return this.#limits[revision] ?? this.#limits.at(-1) ?? DEFAULT_LIMIT;
  }
}

/** Judges the updates after a signature against DocMDP, FieldMDP and the field's /Lock (12.8.2.2, 12.8.2.4, 12.7.5.5). */
export function modificationsAfter(
  entry: SignatureEntry,
  permissions: Permissions,
  steps: readonly StepDifference[],
): Modifications {
  const locks = [entry.fieldMdp, entry.lock].filter((lock) => lock !== undefined).map(lockMatcher);
  const lockedFields = steps.flatMap(({ filledFields }) =>
    [...filledFields].filter((field) => locks.some((isLocked) => isLocked(field))),
  );
  return {
    // An update that changes nothing was written after the signature all the same: `none` is kept for "not a byte".
    level: steps.reduce<Level>((level, step) => worst(level, step.level), steps.length > 0 ? 'lta' : 'none'),
    permitted:
      lockedFields.length === 0 &&
      steps.every(({ level, revision }) => isWithin(level, permissions.at(revision))),
    changes: steps.flatMap(({ changes }) => changes),
    lockedFields,
  };
}
