import type { Target } from '../../scripts/fuzz/fuzz-case.ts';
import { byteMutations } from '../../scripts/fuzz/mutate/bytes.ts';

const text = 'a file that is very well as long as nobody changes anything in it, which is what will be done';
const common = { seeds: [{ name: 'text', bytes: Buffer.from(text) }], mutations: byteMutations };
const isShort = (bytes: Buffer): boolean => bytes.length < text.length / 2;

/** Programs with one defect each, which shows in files that have lost half of themselves. */
export const plantedTargets: ReadonlyMap<string, Target> = new Map(
  (
    [
      { ...common, name: 'sound', check: () => undefined },
      {
        ...common,
        name: 'wrong',
        check: (bytes) => (isShort(bytes) ? 'a short file is called long' : undefined),
      },
      {
        ...common,
        name: 'throws',
        check: (bytes) => {
          if (isShort(bytes)) throw new TypeError('a short file');
          return undefined;
        },
      },
      {
        ...common,
        name: 'hangs',
        check: (bytes) => {
          while (isShort(bytes));
          return undefined;
        },
      },
      {
        ...common,
        name: 'dies',
        check: (bytes) => (isShort(bytes) ? process.exit(3) : undefined),
      },
      {
        ...common,
        name: 'eats',
        check: (bytes) => (isShort(bytes) ? void Buffer.alloc(400 * 2 ** 20, 1) : undefined),
      },
    ] satisfies readonly Target[]
  ).map((target: Target) => [target.name, target]),
);
