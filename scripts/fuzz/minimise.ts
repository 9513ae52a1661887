import { type CaseId, type FuzzCase, makeCase, type Target } from './fuzz-case.ts';

/** Tries a case is given to become smaller. */
const TRIES = 200;

/** Leaves out first whole mutations, then stretches of the file, as long as `isStill` says the defect is there. */
export async function minimise(
  target: Target,
  original: FuzzCase,
  isStill: (bytes: Buffer) => Promise<boolean>,
): Promise<FuzzCase> {
  let tries = 0;
  const holds = async (bytes: Buffer): Promise<boolean> => tries++ < TRIES && (await isStill(bytes));
  let smallest = await withoutMutations(target, original, holds);
  for (let size = smallest.bytes.length >> 1; size >= 1 && tries < TRIES; size >>= 1) {
    for (let at = 0; at < smallest.bytes.length; at += size) {
      const bytes = Buffer.concat([smallest.bytes.subarray(0, at), smallest.bytes.subarray(at + size)]);
      if (await holds(bytes)) smallest = { ...smallest, bytes };
    }
  }
  return smallest;
}

async function withoutMutations(
  target: Target,
  original: FuzzCase,
  holds: (bytes: Buffer) => Promise<boolean>,
): Promise<FuzzCase> {
  const { seed, number } = original;
  const id: CaseId = { seed, target: target.name, number };
  let smallest = original;
  const kept = new Set(original.mutations.keys());
  for (const index of original.mutations.keys()) {
    const fewer = new Set([...kept].filter((i) => i !== index));
    const made = makeCase(target, id, fewer);
    if (!(await holds(made.bytes))) continue;
    kept.delete(index);
    smallest = made;
  }
  return smallest;
}
