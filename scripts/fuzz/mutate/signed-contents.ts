import type { Mutation } from '../fuzz-case.ts';
import { derMutations } from './der.ts';

/** Where the CMS of each signature stands, in hexadecimal and filled up with zeros. */
const CONTENTS = /(?<=\/Contents\s*<)[0-9a-fA-F]{64,}(?=>)/g;

/** Damage to the CMS inside a PDF that leaves the PDF around it as it is. */
export const contentsMutations: readonly Mutation[] = derMutations.map(({ name, apply }) => ({
  name: `contents ${name}`,
  apply: (bytes, random, others) => {
    const all = [...bytes.toString('latin1').matchAll(CONTENTS)];
    if (all.length === 0) return bytes;
    const { 0: hex, index } = random.pick(all);
    const cms = Buffer.from(hex, 'hex');
    // The zeros behind the CMS are no part of it.
    const length = cms[1] === 0x82 ? cms.readUInt16BE(2) + 4 : cms.length;
    const changed = apply(cms.subarray(0, length), random, others).toString('hex');
    if (changed.length > hex.length) return bytes;
    const out = Buffer.from(bytes);
    out.write(changed.padEnd(hex.length, '0'), index, 'latin1');
    return out;
  },
}));
