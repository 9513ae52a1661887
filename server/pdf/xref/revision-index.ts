import type { Revision } from './revision.ts';
import type { XrefEntry } from './section.ts';

export interface Located {
  readonly entry: XrefEntry;
  /** The revision that makes the entry. */
  readonly revision: Revision;
}

/** Up to this many revisions are asked one after the other; above, a table says which of them to ask. */
const FEW = 16;

/** Finds the entry of an object number as of a revision, also in a file of thousands of revisions. */
export class RevisionIndex {
  readonly #revisions: readonly Revision[];
  #naming: Map<number, Revision[]> | undefined;

  constructor(revisions: readonly Revision[]) {
    this.#revisions = revisions;
  }

  /** The entries that revisions up to that index make for a number, newest first. */
  *history(number: number, upTo: number): Generator<Located> {
    const revisions = this.#revisionsNaming(number);
    for (let i = revisions.length - 1; i >= 0; i--) {
      const revision = revisions[i];
      if (!revision || revision.index > upTo) continue;
      const entry = revision.entry(number);
      if (entry) yield { entry, revision };
    }
  }

  /** The first of {@link history}, on the way to every object. */
  locate(number: number, upTo: number): Located | undefined {
    const revisions = this.#revisionsNaming(number);
    for (let i = revisions.length - 1; i >= 0; i--) {
      const revision = revisions[i];
      const entry = revision && revision.index <= upTo ? revision.entry(number) : undefined;
      if (revision && entry) return { entry, revision };
    }
    return undefined;
  }

  #revisionsNaming(number: number): readonly Revision[] {
    if (this.#revisions.length <= FEW) return this.#revisions;
    this.#naming ??= this.#build();
    return this.#naming.get(number) ?? [];
  }

  #build(): Map<number, Revision[]> {
    const naming = new Map<number, Revision[]>();
    for (const revision of this.#revisions) {
      for (const number of revision.numbers()) {
        const known = naming.get(number);
        if (known) known.push(revision);
        else naming.set(number, [revision]);
      }
    }
    return naming;
  }
}
