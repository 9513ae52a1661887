import { Random } from './random.ts';

/** A file to start from. */
export interface SeedFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** One way of damaging a file; gives the same bytes when there is nothing in them it could damage. */
export interface Mutation {
  readonly name: string;
  readonly apply: (bytes: Buffer, random: Random, others: readonly SeedFile[]) => Buffer;
}

/** What is fuzzed: where its files come from, how they are damaged, and what must hold of each afterwards. */
export interface Target {
  readonly name: string;
  readonly seeds: readonly SeedFile[];
  readonly mutations: readonly Mutation[];
  /** What is wrong with how the product took the bytes; undefined when all is well. Throws what the product threw. */
  readonly check: (bytes: Buffer) => string | undefined | Promise<string | undefined>;
}

/** Which case of a run: the same seed, target and number are the same bytes. */
export interface CaseId {
  readonly seed: number;
  readonly target: string;
  readonly number: number;
}

export interface FuzzCase extends CaseId {
  readonly bytes: Buffer;
  readonly from: string;
  /** Names of the mutations, in order. */
  readonly mutations: readonly string[];
}

/** Mutations one case goes through at most. */
const MOST = 6;
/** No case grows beyond this: size is no defect. */
const MAX_BYTES = 1 << 20;

/** Makes a case; `kept` leaves out some of its mutations without changing what the others do. */
export function makeCase(target: Target, id: CaseId, kept?: ReadonlySet<number>): FuzzCase {
  const random = new Random(id.seed, id.target, id.number);
  const start = random.pick(target.seeds);
  const count = 1 + Math.min(random.below(MOST), random.below(MOST));
  const mutations: string[] = [];
  let bytes = start.bytes;
  for (let i = 0; i < count; i++) {
    const mutation = random.pick(target.mutations);
    if (kept && !kept.has(i)) continue;
    const own = new Random(id.seed, id.target, id.number, i);
    mutations.push(mutation.name);
    bytes = mutation.apply(bytes, own, target.seeds).subarray(0, MAX_BYTES);
  }
  return { ...id, bytes: Buffer.from(bytes), from: start.name, mutations };
}
