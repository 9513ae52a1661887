import type { Mutation } from '../fuzz-case.ts';
import type { Random } from '../random.ts';

/** A TLV taken apart as far as it goes, well-formed or not; what holds no further values keeps its octets. */
interface Tree {
  tag: number;
  parts: Tree[] | undefined;
  octets: Uint8Array;
  /** In front of the parts: the count of unused bits of a BIT STRING that holds DER. */
  lead: Uint8Array;
}

const NONE = new Uint8Array();
const DEEPEST = 40;
const OCTET_STRING = 4;
const BIT_STRING = 3;

function parseAll(bytes: Uint8Array, depth: number): Tree[] | undefined {
  const found: Tree[] = [];
  let at = 0;
  while (at < bytes.length) {
    const tag = bytes[at] ?? 0;
    const first = bytes[at + 1] ?? 0x80;
    const count = first > 0x80 ? first & 0x7f : 0;
    if (first === 0x80 || count > 4 || (tag & 0x1f) === 0x1f) return undefined;
    let length = first & 0x7f;
    if (count > 0) length = bytes.subarray(at + 2, at + 2 + count).reduce((sum, byte) => sum * 256 + byte, 0);
    const start = at + 2 + count;
    if (start + length > bytes.length) return undefined;
    found.push(parseOne(tag, bytes.subarray(start, start + length), depth));
    at = start + length;
  }
  return found;
}

function parseOne(tag: number, octets: Uint8Array, depth: number): Tree {
  const holds = (tag & 0x20) !== 0 || tag === OCTET_STRING || tag === BIT_STRING;
  const lead = tag === BIT_STRING ? octets.subarray(0, 1) : NONE;
  const parts = holds && depth < DEEPEST ? parseAll(octets.subarray(lead.length), depth + 1) : undefined;
  return { tag, parts: parts?.length || (tag & 0x20) !== 0 ? parts : undefined, octets, lead };
}

function encode({ tag, parts, octets, lead }: Tree): Buffer {
  const content = parts ? Buffer.concat([lead, ...parts.map(encode)]) : octets;
  return Buffer.concat([Buffer.of(tag), lengthOctets(content.length), content]);
}

function lengthOctets(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length);
  return length < 0x100 ? Buffer.of(0x81, length) : Buffer.of(0x83, length >> 16, length >> 8, length);
}

function* nodesOf(list: Tree[]): Generator<Place> {
  for (const [index, node] of list.entries()) {
    yield { list, index, node };
    if (node.parts) yield* nodesOf(node.parts);
  }
}

/** Where a value stands: the list it is in, so that it can be replaced there. */
interface Place {
  readonly list: Tree[];
  readonly index: number;
  readonly node: Tree;
}
type Change = (place: Place, random: Random, all: readonly Place[]) => void;

const leaf = (tag: number, octets: Uint8Array): Tree => ({ tag, parts: undefined, octets, lead: NONE });
const wrap = (tag: number, part: Tree): Tree => ({ tag, parts: [part], octets: NONE, lead: NONE });
/** A value is never in two places, else it could come to hold itself. */
const copyOf = (node: Tree): Tree => ({ ...node, parts: node.parts?.map(copyOf) });

const TAGS = [
  1, 2, 3, 4, 5, 6, 0x0a, 0x0c, 0x13, 0x16, 0x17, 0x18, 0x1c, 0x1e, 0x30, 0x31, 0x24, 0x80, 0xa0, 0xa1, 0xa3,
];
const TIMES = ['991231235959Z', '260229000000Z', '99991231235959Z', '00000101000000Z', '260101000000+9999'];

/** Damage that leaves every length right, so that it reaches what lies behind the DER reader. */
const changes: Readonly<Record<string, Change>> = {
  tag: ({ node }, random) => {
    node.tag = random.chance(0.5) ? random.pick(TAGS) : node.tag ^ (1 << random.below(8));
  },
  remove: ({ list, index }) => void list.splice(index, 1),
  double: ({ list, index, node }, random) => {
    const most = Math.max(1, Math.floor(2 ** 19 / (encode(node).length + 1)));
    const times = random.chance(0.2) ? Math.min(most, random.length(8192)) : 1;
    list.splice(index, 0, ...Array.from({ length: times }, () => copyOf(node)));
  },
  swap: ({ list, index, node }, random, all) => {
    const other = random.pick(all);
    list[index] = copyOf(other.node);
    other.list[other.index] = copyOf(node);
  },
  graft: ({ list, index }, random, all) => {
    list[index] = copyOf(random.pick(all).node);
  },
  nest: ({ list, index, node }, random) => {
    let inner = node;
    for (let i = random.length(200); i > 0; i--) inner = wrap(random.pick([0x30, 0x31, 0xa0, 0x24]), inner);
    list[index] = inner;
  },
  empty: ({ list, index, node }) => {
    list[index] = leaf(node.tag, NONE);
  },
  'object identifier': ({ list, index }, random, all) => {
    const known = all.filter(({ node }) => node.tag === 6).map(({ node }) => node);
    list[index] =
      known.length > 0 && random.chance(0.8)
        ? copyOf(random.pick(known))
        : leaf(6, Buffer.concat([Buffer.alloc(random.length(70_000), 0xff), Buffer.of(1)]));
  },
  integer: ({ list, index }, random) => {
    const octets = random.pick([
      Buffer.of(0),
      Buffer.of(0xff),
      Buffer.from('7fffffff', 'hex'),
      Buffer.from('7fffffffffffffff', 'hex'),
      Buffer.from('00ffffffffffffffff', 'hex'),
      Buffer.concat([Buffer.of(1), random.bytes(random.length(70_000))]),
      Buffer.concat([Buffer.of(0x80), random.bytes(random.length(64))]),
    ]);
    list[index] = leaf(2, octets);
  },
  octets: ({ list, index, node }, random) => {
    const octets = node.parts
      ? Buffer.concat([node.lead, ...node.parts.map(encode)])
      : Buffer.from(node.octets);
    if (octets.length > 0) octets[random.below(octets.length)] = random.next() & 0xff;
    list[index] = leaf(node.tag, octets);
  },
  time: ({ list, index }, random) => {
    const text = random.pick(TIMES);
    list[index] = leaf(text.startsWith('99991') || text.startsWith('0000') ? 0x18 : 0x17, Buffer.from(text));
  },
};

/** Changes one value somewhere inside. Bytes that are no DER stay as they are. */
export function changeDer(bytes: Buffer, random: Random, change: Change): Buffer {
  const trees = parseAll(bytes, 0);
  if (!trees?.length) return bytes;
  const all = [...nodesOf(trees)];
  change(random.pick(all), random, all);
  return Buffer.concat(trees.map(encode));
}

export const derMutations: readonly Mutation[] = [
  ...Object.entries(changes).map(
    ([name, change]): Mutation => ({
      name: `der ${name}`,
      apply: (bytes, random) => changeDer(bytes, random, change),
    }),
  ),
  {
    name: 'der length',
    // Lengths that lie: one octet of a header somewhere, too large, indefinite or of too many octets.
    apply: (bytes, random) => {
      const out = Buffer.from(bytes);
      const headers = [...out.keys()].filter((at) => (out[at - 1] ?? 0) === 0x30 || (out[at - 1] ?? 0) === 4);
      if (headers.length > 0)
        out[random.pick(headers)] = random.pick([0, 1, 0x7f, 0x80, 0x81, 0x84, 0x88, 0xff]);
      return out;
    },
  },
];
