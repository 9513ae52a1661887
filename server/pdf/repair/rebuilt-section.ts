import type { PdfDict } from '../objects.ts';
import { Revision } from '../xref/revision.ts';
import { Subsection, type XrefEntry, XrefSection } from '../xref/section.ts';

/** What a rebuilt section says of each number; offsets count from the first byte of the file. */
export type Entries = ReadonlyMap<number, XrefEntry>;

/** A file without cross-reference information as one revision: the section is one that stands nowhere yet. */
export function imaginedRevision(entries: Entries, trailer: PdfDict, end: number): Revision {
  const section = new XrefSection({
    kind: 'stream',
    start: end,
    end,
    trailer,
    subsections: subsections(entries),
  });
  return new Revision({
    index: 0,
    sections: [section],
    start: 0,
    end,
    endMark: undefined,
    tails: [],
    closed: false,
  });
}

function subsections(entries: Entries): Subsection[] {
  const numbers = [...entries.keys()].sort((a, b) => a - b);
  const found: Subsection[] = [];
  for (let from = 0; from < numbers.length; ) {
    const first = numbers[from] ?? 0;
    let to = from + 1;
    while (numbers[to] === first + to - from) to++;
    const subsection = new Subsection(first, to - from);
    for (let i = from; i < to; i++) {
      const entry = entries.get(first + i - from);
      if (entry?.kind === 'offset') subsection.set(i - from, 1, entry.offset, entry.generation);
      if (entry?.kind === 'compressed') subsection.set(i - from, 2, entry.container, entry.index);
    }
    found.push(subsection);
    from = to;
  }
  return found;
}
