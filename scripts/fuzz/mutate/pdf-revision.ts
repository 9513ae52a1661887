import { CodedError } from '../../../server/errors/coded-error.ts';
import { bytesSource } from '../../../server/pdf/byte-source.ts';
import { openPdf } from '../../../server/pdf/open-pdf.ts';
import { IncrementalUpdate } from '../../../server/pdf/update/incremental-update.ts';
import type { Mutation } from '../fuzz-case.ts';
import type { Random } from '../random.ts';
import { edits } from './pdf-edits.ts';

/** Files below other damage often cannot be opened; then the bytes stay. */
function readable<T>(otherwise: T, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof CodedError) return otherwise;
    throw error;
  }
}

/** How a revision that was written properly may be spoilt before it is appended. */
const spoil: readonly ((revision: Buffer, file: Buffer, random: Random) => Buffer)[] = [
  // No cross-reference section: only a reader that repairs would find the objects.
  (revision) => revision.subarray(0, Math.max(0, revision.lastIndexOf('xref\n') - 5)),
  (revision, file) => {
    const old = /startxref\s+(\d+)/.exec(file.toString('latin1', Math.max(0, file.length - 100)))?.[1] ?? '0';
    return Buffer.from(revision.toString('latin1').replace(/startxref\s+\d+/, `startxref\n${old}`), 'latin1');
  },
  (revision) => Buffer.from(revision.toString('latin1').replace(/%%EOF\s*$/, ''), 'latin1'),
  (revision) => Buffer.from(revision.toString('latin1').replace(/\/Prev \d+/, ''), 'latin1'),
  (revision, _, random) =>
    Buffer.concat([revision, Buffer.from(random.pick(['\n', '   ', '\r\n%x\n', '\0\0', 'x']))]),
  (revision, _, random) => Buffer.concat([Buffer.from(random.pick(['\n', ' ', '%x\n', 'x\n'])), revision]),
  // The same revision twice over: offsets of the second copy are those of the first.
  (revision) => Buffer.concat([revision, revision]),
];

function withRevision(file: Buffer, random: Random, edit: (typeof edits)[string]): Buffer {
  return readable(file, () => {
    const update = new IncrementalUpdate(openPdf(bytesSource(file)));
    for (let i = random.chance(0.7) ? 1 : random.length(4); i > 0; i--)
      readable(undefined, () => edit(update, random));
    const { bytes } = update.finish();
    return Buffer.concat([file, random.chance(0.7) ? bytes : random.pick(spoil)(bytes, file, random)]);
  });
}

/** Incremental updates after the fact: what shadow and incremental-saving attacks do, and what honest programs do. */
export const revisionMutations: readonly Mutation[] = Object.entries(edits).map(([name, edit]) => ({
  name: `revision: ${name}`,
  apply: (bytes, random) => withRevision(bytes, random, edit),
}));
