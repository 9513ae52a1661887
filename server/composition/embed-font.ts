import type { FontProgram } from './subset-font.ts';

/** Strings are names; `Ref` is whatever the receiving document calls a reference, `Text` its string objects. */
export type Entry<Ref, Text> =
  | number
  | string
  | Ref
  | Text
  | readonly Entry<Ref, Text>[]
  | { readonly [key: string]: Entry<Ref, Text> };
export type Entries<Ref, Text> = Readonly<Record<string, Entry<Ref, Text>>>;

/** A document being made (through pdf-lib) or an update being written (through our own objects). */
export interface FontSink<Ref, Text> {
  readonly dictionary: (entries: Entries<Ref, Text>) => Ref;
  /** Compresses the bytes. */
  readonly stream: (bytes: Uint8Array, entries: Entries<Ref, Text>) => Ref;
  readonly text: (ascii: string) => Text;
}

/** Writes a composite font with Identity-H codes (ISO 32000-2 9.7.4 to 9.7.6); answers the font dictionary's reference. */
export function embedFont<Ref, Text>(program: FontProgram, sink: FontSink<Ref, Text>): Ref {
  const { baseFont, descriptor } = program;
  const fontDescriptor = sink.dictionary({
    Type: 'FontDescriptor',
    FontName: baseFont,
    Flags: descriptor.flags,
    FontBBox: descriptor.bbox,
    ItalicAngle: descriptor.italicAngle,
    Ascent: descriptor.ascent,
    Descent: descriptor.descent,
    CapHeight: descriptor.capHeight,
    StemV: 80,
    FontFile2: sink.stream(program.file, { Length1: program.file.length }),
  });
  const descendant = sink.dictionary({
    Type: 'Font',
    Subtype: 'CIDFontType2',
    BaseFont: baseFont,
    CIDSystemInfo: { Registry: sink.text('Adobe'), Ordering: sink.text('Identity'), Supplement: 0 },
    CIDToGIDMap: 'Identity',
    FontDescriptor: fontDescriptor,
    W: [1, program.widths],
  });
  return sink.dictionary({
    Type: 'Font',
    Subtype: 'Type0',
    BaseFont: baseFont,
    Encoding: 'Identity-H',
    DescendantFonts: [descendant],
    ToUnicode: sink.stream(Buffer.from(program.toUnicode, 'latin1'), {}),
  });
}
