import { PdfError } from '../errors.ts';
import type { PdfDict } from '../objects.ts';
import { Parser } from '../parser.ts';
import type { Reader } from '../reader.ts';
import { MAX_GENERATION, Subsection } from './section.ts';

/** An entry is 20 bytes; writers that end it in one byte make it 19, and nothing is ambiguous in that. */
const SHORTEST_ENTRY = 19;

export interface Table {
  readonly subsections: readonly Subsection[];
  readonly trailer: PdfDict;
  readonly end: number;
}

/**
 * A cross-reference table with its trailer (ISO 32000-2 7.5.4, 7.5.5), `start` at the word `xref`. Offsets in it count
 * from `base`. `spend` is told of entries before they are read.
 */
export function readTable(
  reader: Reader,
  start: number,
  base: number,
  spend: (entries: number) => void,
): Table {
  const subsections: Subsection[] = [];
  let at = reader.parseAt(start, (parser) => {
    parser.expectKeyword('xref');
    return parser.offset;
  });
  for (;;) {
    const head = reader.parseAt(at, subsectionHead);
    at = head.offset;
    if (head.kind === 'trailer') break;
    if (head.count * SHORTEST_ENTRY > reader.source.length - at) {
      throw new PdfError('pdf.xref_invalid', `${head.count} entries do not fit behind offset ${at}`);
    }
    // An empty subsection is work too.
    spend(head.count + 1);
    const subsection = new Subsection(head.first, head.count);
    at = readEntries(reader, at, base, subsection);
    subsections.push(subsection);
  }
  const { trailer, end } = reader.parseAt(at, (parser) => ({
    trailer: parser.dictionary(),
    end: parser.offset,
  }));
  return { subsections, trailer, end };
}

type Head =
  | { readonly kind: 'trailer'; readonly offset: number }
  | { readonly kind: 'run'; readonly first: number; readonly count: number; readonly offset: number };

function subsectionHead(parser: Parser): Head {
  parser.skipSpace();
  if (parser.takeKeyword('trailer')) return { kind: 'trailer', offset: parser.offset };
  const first =
    parser.takeUnsigned() ?? parser.fail('neither a subsection nor a trailer', 'pdf.xref_invalid');
  const count = parser.expectUnsigned('the number of entries');
  if (first + count > 2 ** 31) parser.fail('object numbers out of range', 'pdf.xref_invalid');
  parser.skipSpace();
  return { kind: 'run', first, count, offset: parser.offset };
}

function readEntries(reader: Reader, at: number, base: number, subsection: Subsection): number {
  const { source, limits } = reader;
  const end = Math.min(source.length, at + subsection.count * 20 + 2);
  const parser: Parser = new Parser(source.read(at, end), at, limits.depth);
  for (let i = 0; i < subsection.count; i++) {
    parser.skipSpace();
    const place = parser.takeUnsigned();
    parser.skipSpace();
    const generation = parser.takeUnsigned();
    parser.skipSpace();
    if (place === undefined || generation === undefined || generation > 99_999) {
      parser.fail(`entry ${i} of a cross-reference subsection`, 'pdf.xref_invalid');
    }
    // Only the header stands at 0: readers agree that an object "in use" there is none, whatever its generation.
    if ((generation <= MAX_GENERATION || place === 0) && parser.takeKeyword('n')) {
      subsection.set(i, place === 0 ? 0 : 1, place + base, generation);
    } else if (parser.takeKeyword('f')) subsection.set(i, 0, 0, generation);
    else parser.fail(`entry ${i} is neither in use nor free`, 'pdf.xref_invalid');
  }
  return parser.offset;
}
