import type { Mutation } from '../fuzz-case.ts';
import type { Random } from '../random.ts';

/** Bytes at which numbers turn over, and those that mean something to PDF or DER. */
const TELLING = [0, 1, 0x7f, 0x80, 0x81, 0x84, 0xff, 0x30, 0x31, 0x0a, 0x20, 0x28, 0x2f, 0x3c, 0x3e, 0x5b];

const splice = (bytes: Buffer, at: number, removed: number, ...inserted: readonly Uint8Array[]): Buffer =>
  Buffer.concat([bytes.subarray(0, at), ...inserted, bytes.subarray(at + removed)]);

function stretch(bytes: Buffer, random: Random): { readonly at: number; readonly length: number } {
  const length = Math.min(bytes.length, random.length(bytes.length));
  return { at: random.below(bytes.length - length + 1), length };
}

/** Damage that knows nothing of the format. */
export const byteMutations: readonly Mutation[] = [
  {
    name: 'flip',
    apply: (bytes, random) => {
      const out = Buffer.from(bytes);
      for (let i = random.length(16); i > 0; i--) {
        const at = random.below(out.length);
        out[at] = (out[at] ?? 0) ^ (1 << random.below(8));
      }
      return out;
    },
  },
  {
    name: 'set',
    apply: (bytes, random) => {
      const out = Buffer.from(bytes);
      for (let i = random.length(8); i > 0; i--) out[random.below(out.length)] = random.pick(TELLING);
      return out;
    },
  },
  {
    name: 'insert',
    apply: (bytes, random) =>
      splice(bytes, random.below(bytes.length + 1), 0, random.bytes(random.length(64))),
  },
  {
    name: 'delete',
    apply: (bytes, random) => {
      const { at, length } = stretch(bytes, random);
      return splice(bytes, at, Math.min(length, 512));
    },
  },
  {
    name: 'truncate',
    apply: (bytes, random) => bytes.subarray(0, bytes.length - random.length(bytes.length)),
  },
  {
    name: 'repeat',
    apply: (bytes, random) => {
      const { at, length } = stretch(bytes, random);
      const most = Math.max(1, Math.floor(2 ** 19 / length));
      const times = Math.min(most, random.length(random.chance(0.2) ? 4096 : 4));
      return splice(bytes, at, 0, ...Array(times).fill(bytes.subarray(at, at + length)));
    },
  },
  {
    name: 'move',
    apply: (bytes, random) => {
      const { at, length } = stretch(bytes, random);
      const part = Buffer.from(bytes.subarray(at, at + length));
      const rest = splice(bytes, at, length);
      return splice(rest, random.below(rest.length + 1), 0, part);
    },
  },
  {
    name: 'splice',
    apply: (bytes, random, others) => {
      const other = random.pick(others).bytes;
      return Buffer.concat([
        bytes.subarray(0, random.below(bytes.length + 1)),
        other.subarray(random.below(other.length + 1)),
      ]);
    },
  },
  {
    name: 'append',
    apply: (bytes, random, others) => {
      const { bytes: other } = random.pick(others);
      const { at, length } = stretch(other, random);
      return Buffer.concat([bytes, random.chance(0.3) ? other : other.subarray(at, at + length)]);
    },
  },
];
