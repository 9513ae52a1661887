import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FuzzCase } from './fuzz-case.ts';

export interface Finding {
  readonly case: FuzzCase;
  /** The case with what does not matter left out. */
  readonly bytes: Uint8Array;
  readonly problem: string;
  readonly stack?: string;
}

/** Writes the file that shows the defect and, beside it, how it was made. */
export function writeFinding(folder: string, { case: made, bytes, problem, stack }: Finding): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${made.target}-${made.seed}-${made.number}`);
  const { seed, target, number, from, mutations } = made;
  const rerun = `npm run fuzz -- --target ${target} --seed ${seed} --first ${number} --cases 1`;
  writeFileSync(`${path}.bin`, bytes);
  writeFileSync(
    `${path}.json`,
    `${JSON.stringify({ problem, seed, target, number, from, mutations, rerun, stack }, null, 2)}\n`,
  );
  return `${path}.bin`;
}
