import type { PdfView } from '../../pdf/document.ts';
import { PdfError } from '../../pdf/errors.ts';
import { PdfDict, type PdfObject, PdfRef, PdfStream } from '../../pdf/objects.ts';

/** A reference inside an object: the keys that lead to it, joined by `/` (array positions left out), and its target. */
export interface Edge {
  readonly path: string;
  readonly target: number;
}

/** Direct arrays and dictionaries inside one object; the parser's own limit on depth is lower. */
const MAX_DEPTH = 256;

/** Objects visited over all comparisons of one file; a file of 100,000 objects may have 200 updates. */
const MAX_VISITS = 20_000_000;

export function collectEdges(value: PdfObject): readonly Edge[] {
  const edges: Edge[] = [];
  collect(value, '', 0, edges);
  return edges;
}

function collect(value: PdfObject, path: string, depth: number, edges: Edge[]): void {
  if (depth > MAX_DEPTH) return;
  if (value instanceof PdfRef) edges.push({ path, target: value.number });
  else if (value instanceof PdfStream) collect(value.dict, path, depth + 1, edges);
  else if (value instanceof PdfDict) {
    for (const [key, item] of value) collect(item, path === '' ? key : `${path}/${key}`, depth + 1, edges);
  } else if (Array.isArray(value)) for (const item of value) collect(item, path, depth + 1, edges);
}

/**
 * The edges of objects, each version of an object read once: revisions of a file share nearly all of them. An object in
 * an object stream has the edges of that stream's dictionary too, since its bytes depend on them (/Length, say).
 */
export class EdgeCache {
  readonly #known = new Map<string, readonly Edge[]>();
  #visits = 0;

  /** Counts one object visited; false when the whole file has cost too many, however many updates it has. */
  visit(): boolean {
    return ++this.#visits <= MAX_VISITS;
  }

  /** @throws PdfError when the object cannot be read */
  of(view: PdfView, number: number): readonly Edge[] {
    const place = view.locate(number);
    if (!place || place.entry.kind === 'free') return [];
    const key = `${number}@${place.revision.index}`;
    const known = this.#known.get(key);
    if (known) return known;
    const ref = view.refOf(number);
    const own = ref ? edgesOf(view, ref) : [];
    const container = place.entry.kind === 'compressed' ? this.of(view, place.entry.container) : [];
    const edges = container.length > 0 ? [...own, ...container] : own;
    this.#known.set(key, edges);
    return edges;
  }
}

/** Of a stream with a wrong /Length, which no update has touched, the dictionary says as much. */
function edgesOf(view: PdfView, ref: PdfRef): readonly Edge[] {
  try {
    return collectEdges(view.get(ref));
  } catch (error) {
    const isMislaid = error instanceof PdfError && error.code === 'pdf.stream_length';
    const dict = isMislaid ? view.mislaidStreamDict(ref.number) : undefined;
    if (!dict) throw error;
    return collectEdges(dict);
  }
}
