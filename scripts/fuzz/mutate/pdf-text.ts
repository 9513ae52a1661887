import type { Mutation } from '../fuzz-case.ts';
import type { Random } from '../random.ts';

const NUMBERS =
  /(?<=\/(?:ByteRange|Prev|Size|Length|W|Index|N|First|Count|XRefStm|Columns|Predictor|Colors|BitsPerComponent|P|F|Rotate|startxref)\s*\[?[\d\s]{0,40})\d+|(?<=startxref\s+)\d+|\b\d{10}(?= \d{5} [nf])|(?<=\d{10} )\d{5}(?= [nf])|(?<=xref\s+)\d+ \d+/g;
const REFERENCES = /\b\d+ \d+ R\b/g;
const VALUES =
  /(?<=\/[A-Za-z]+\s)(?:\d+ \d+ R|\[[^[\]<>]*\]|<<[^<>]*>>|\([^()\\]*\)|<[0-9a-fA-F]*>|\/[A-Za-z0-9.]+|-?\d+(?:\.\d+)?)/g;
const ENTRIES = /\/[A-Za-z]+ (?:\d+ \d+ R|\[[^[\]<>]*\]|\([^()\\]*\)|\/[A-Za-z0-9.]+|-?\d+(?:\.\d+)?)/g;
const BODIES = /(?<=\d+ \d+ obj\s)[\s\S]*?(?=endobj)/g;
const NAMES = /\/[A-Za-z]{1,20}\b/g;

interface Found {
  readonly at: number;
  readonly text: string;
}

/** How far into a file patterns are looked for; what stands behind is only moved about. */
const LOOKED_AT = 400_000;

function find(bytes: Buffer, pattern: RegExp): Found[] {
  const text = bytes.toString('latin1', 0, LOOKED_AT);
  return [...text.matchAll(pattern)].map((match) => ({ at: match.index, text: match[0] }));
}

/** Puts `text` in place of what was found; with the same length when asked, so that no offset moves. */
function replace(bytes: Buffer, { at, text: old }: Found, text: string, keepLength: boolean): Buffer {
  const fitting = keepLength && text.length <= old.length ? text.padEnd(old.length) : text;
  return Buffer.concat([
    bytes.subarray(0, at),
    Buffer.from(fitting, 'latin1'),
    bytes.subarray(at + old.length),
  ]);
}

/** A mutation of one place that the pattern finds. */
const inPlace = (
  name: string,
  pattern: RegExp,
  change: (found: Found, random: Random, all: readonly Found[], bytes: Buffer) => string,
): Mutation => ({
  name,
  apply: (bytes, random) => {
    const all = find(bytes, pattern);
    if (all.length === 0) return bytes;
    const place = random.pick(all);
    return replace(bytes, place, change(place, random, all, bytes), random.chance(0.7));
  },
});

const TELLING = [
  '0',
  '1',
  '-1',
  '2147483648',
  '4294967296',
  '9007199254740993',
  '99999999999999999999',
  '0.5',
  '65536',
];

function otherNumber({ text }: Found, random: Random, all: readonly Found[], bytes: Buffer): string {
  const value = Number.parseInt(text, 10);
  const choices = [
    () => String(value + random.pick([-2, -1, 1, 2, 10, 20, -20])),
    () => random.pick(TELLING),
    () => random.pick(all).text,
    () => String(random.below(bytes.length + 20)),
    () => String(value).padStart(text.length, '0'),
  ];
  return random.pick(choices)();
}

const nested = (text: string, random: Random): string => {
  const depth = random.length(4096);
  return random.chance(0.5)
    ? '['.repeat(depth) + text + ']'.repeat(depth)
    : '<</K '.repeat(depth) + text + '>>'.repeat(depth);
};

/** Damage that knows what PDF syntax looks like, in the file as text. */
export const pdfTextMutations: readonly Mutation[] = [
  inPlace('number', NUMBERS, otherNumber),
  inPlace('number', NUMBERS, otherNumber),
  inPlace('reference', REFERENCES, (_, random, all) => random.pick(all).text),
  inPlace(
    'reference to anything',
    REFERENCES,
    (_, random) => `${random.below(300)} ${random.chance(0.9) ? 0 : random.below(70_000)} R`,
  ),
  inPlace('value', VALUES, (_, random, all) => random.pick(all).text),
  inPlace('value nested', VALUES, ({ text }, random) => nested(text, random)),
  inPlace(
    'entry twice',
    ENTRIES,
    ({ text }, random, all) => `${text} ${random.chance(0.5) ? text : random.pick(all).text}`,
  ),
  inPlace('entry removed', ENTRIES, () => ''),
  inPlace('entry of another', ENTRIES, (_, random, all) => random.pick(all).text),
  inPlace('object of another', BODIES, (_, random, all) => random.pick(all).text),
  inPlace('object nested', BODIES, ({ text }, random) =>
    nested(text.includes('stream') ? 'null' : text, random),
  ),
  inPlace('name', NAMES, (_, random, all) => random.pick(all).text),
  inPlace('object itself', REFERENCES, ({ at }, _, __, bytes) => {
    const [own] = bytes
      .toString('latin1', Math.max(0, at - 4000), at)
      .match(/\d+ \d+(?= obj)(?![\s\S]*\d+ \d+ obj)/) ?? ['1 0'];
    return `${own} R`;
  }),
  {
    name: 'signature value',
    apply: (bytes, random) => {
      const all = find(bytes, /(?<=\/Contents\s*<)[0-9a-fA-F\s]{64,}(?=>)/g);
      if (all.length === 0) return bytes;
      const place = random.pick(all);
      const at = random.below(place.text.length);
      const text = random.pick([
        () => place.text.toUpperCase(),
        () => `${place.text.slice(0, at)} ${place.text.slice(at + 1)}`,
        () => `${place.text.slice(0, at)}>(${place.text.slice(at + 2)}`,
        () => random.pick(all).text.slice(0, place.text.length).padEnd(place.text.length, '0'),
        () => place.text.replace(/.0{40}$/, `${random.bytes(20).toString('hex')}0`),
      ])();
      return replace(bytes, place, text, true);
    },
  },
];
