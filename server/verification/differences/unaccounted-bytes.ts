import type { ByteSource } from '../../pdf/byte-source.ts';
import type { PdfDocument } from '../../pdf/document.ts';
import type { Revision } from '../../pdf/xref/revision.ts';

/** Bytes of gaps looked at in one revision; more is not the work of any program. */
const MAX_GAP_BYTES = 1_000_000;

interface Stretch {
  readonly start: number;
  readonly end: number;
}

/**
 * The first offset of an update that belongs neither to an object its cross-reference section names nor to the section
 * itself; undefined when all bytes are accounted for. White space and comments (ISO 32000-2 7.2.4) may stand anywhere.
 * A reader that repairs files by searching for objects would find what hides there.
 * @throws PdfError when an object cannot be read
 */
export function unaccountedByte(document: PdfDocument, revision: Revision): number | undefined {
  const known = [...sections(revision), ...objects(document, revision)].toSorted((a, b) => a.start - b.start);
  let at = revision.start;
  let budget = MAX_GAP_BYTES;
  for (const { start, end } of known) {
    if (start > at) {
      budget -= start - at;
      const stray = budget < 0 ? at : firstStray(document.source, at, start);
      if (stray !== undefined) return stray;
    }
    at = Math.max(at, end);
  }
  return at < revision.end ? firstStray(document.source, at, revision.end) : undefined;
}

/** The sections; what follows the newest one is `startxref`, an offset and `%%EOF`, which the reader has parsed. */
function sections(revision: Revision): readonly Stretch[] {
  const tail = { start: Math.max(...revision.sections.map(({ end }) => end)), end: revision.end };
  return [
    ...revision.sections.flatMap((s) => (s.hidden ? [s, s.hidden] : [s])),
    ...(revision.closed ? [tail] : []),
  ];
}

function objects(document: PdfDocument, revision: Revision): readonly Stretch[] {
  const view = document.at(revision.index);
  return [...revision.numbers()].flatMap((number) => {
    const span = revision.entry(number)?.kind === 'offset' ? view.inspect(number)?.span : undefined;
    return span ? [span] : [];
  });
}

const WHITE_SPACE = new Set([0, 9, 10, 12, 13, 32]);
const LINE_ENDS = new Set([10, 13]);
const PERCENT = 0x25;

function firstStray(source: ByteSource, start: number, end: number): number | undefined {
  let inComment = false;
  for (const [index, byte] of source.read(start, end).entries()) {
    if (inComment) inComment = !LINE_ENDS.has(byte);
    else if (byte === PERCENT) inComment = true;
    else if (!WHITE_SPACE.has(byte)) return start + index;
  }
  return undefined;
}
