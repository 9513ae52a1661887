import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import {
  type PDFContext,
  PDFDocument,
  PDFHexString,
  PDFName,
  type PDFObject,
  type PDFPage,
  type PDFRawStream,
  type PDFRef,
  PDFString,
} from 'pdf-lib';
import type { Canvas, Rect } from './canvas.ts';
import { type Entries, embedFont, type FontSink } from './embed-font.ts';
import type { FontStyle } from './font-files.ts';
import { type FontSet, resourceNames } from './font-set.ts';
import type { PageGeometry } from './paginate.ts';
import { defaultAppearance, type TextFieldName, textFieldAppearance, textFields } from './text-field.ts';

export type PlaceName = 'so_van_ban' | 'ngay_ban_hanh' | 'ky_lanh_dao' | 'dau_co_quan';

interface Parts {
  readonly pages: readonly Canvas[];
  readonly geometry: PageGeometry;
  readonly fonts: FontSet;
  readonly places: Readonly<Record<PlaceName, { page: number; rect: Rect }>>;
  readonly title: string;
  readonly author: string;
  readonly now: Date;
}

/** A new PDF with a classic cross-reference table; nothing in it depends on chance or on the hour it is run. */
export async function writePdf(parts: Parts): Promise<Uint8Array> {
  const pdf = await PDFDocument.create({ updateMetadata: false });
  const { context } = pdf;
  const fontRefs = embedFonts(context, parts.fonts);
  const pages = parts.pages.map((canvas) => addPage(pdf, canvas, parts.geometry, fontRefs));
  addForm(pdf, pages, parts, fontRefs);
  describe(pdf, parts);
  context.trailerInfo.ID = context.obj(fileIdentifier(parts));
  return pdf.save({ useObjectStreams: false, updateFieldAppearances: false, addDefaultPage: false });
}

/** Annotation flag (ISO 32000-2 table 167). */
const print = 4;
const textFieldNames: readonly TextFieldName[] = ['so_van_ban', 'ngay_ban_hanh'];

type FontRefs = Partial<Record<FontStyle, PDFRef>>;

function embedFonts(context: PDFContext, fonts: FontSet): FontRefs {
  const refs: FontRefs = {};
  const sink = documentSink(context);
  for (const font of Object.values(fonts)) {
    if (font.isUsed) refs[font.style] = embedFont(font.program(), sink);
  }
  return refs;
}

type LiteralObject = NonNullable<Parameters<PDFContext['flateStream']>[1]>;

function documentSink(context: PDFContext): FontSink<PDFRef, PDFString> {
  const literal = (entries: Entries<PDFRef, PDFString>) => entries as LiteralObject;
  return {
    dictionary: (entries) => context.register(context.obj(literal(entries))),
    stream: (bytes, entries) => context.register(flateStream(context, bytes, literal(entries))),
    text: (ascii) => PDFString.of(ascii),
  };
}

/** node's zlib is several times faster than the one that pdf-lib brings. */
function flateStream(context: PDFContext, bytes: Uint8Array, entries: LiteralObject = {}): PDFRawStream {
  return context.stream(deflateSync(bytes), { ...entries, Filter: 'FlateDecode' });
}

function fontResources(refs: FontRefs, styles: Iterable<FontStyle>): Record<string, PDFRef> {
  const named: Record<string, PDFRef> = {};
  for (const style of styles) {
    const ref = refs[style];
    if (ref !== undefined) named[resourceNames[style]] = ref;
  }
  return named;
}

function addPage(pdf: PDFDocument, canvas: Canvas, geometry: PageGeometry, fonts: FontRefs): PDFPage {
  const page = pdf.addPage([geometry.width, geometry.height]);
  const content = flateStream(pdf.context, Buffer.from(canvas.toString(), 'latin1'));
  page.node.set(PDFName.of('Contents'), pdf.context.register(content));
  page.node.set(PDFName.of('Resources'), pdf.context.obj({ Font: fontResources(fonts, canvas.styles) }));
  return page;
}

/**
 * Merged field and widget dictionaries (ISO 32000-2 12.7.4): all fields exist before the first signature, so that
 * filling and signing them are permitted changes; the fonts they are filled in are kept in /DR.
 */
function addForm(pdf: PDFDocument, pages: readonly PDFPage[], parts: Parts, fonts: FontRefs): void {
  const { context } = pdf;
  const field = (name: PlaceName, entries: Entries<PDFRef, PDFObject>): PDFRef => {
    const { page, rect } = parts.places[name];
    const target = pages[page];
    const widget = {
      Type: 'Annot',
      Subtype: 'Widget',
      T: PDFHexString.fromText(name),
      Rect: [...rect],
      F: print,
      ...(target === undefined ? {} : { P: target.ref }),
      ...entries,
    };
    const ref = context.register(context.obj(widget as LiteralObject));
    target?.node.addAnnot(ref);
    return ref;
  };
  const fields = [
    ...textFieldNames.map((name) => field(name, textField(context, name, parts.places[name].rect))),
    field('ky_lanh_dao', { FT: 'Sig', TU: PDFHexString.fromText('Chữ ký số của người có thẩm quyền') }),
    field('dau_co_quan', {
      FT: 'Sig',
      TU: PDFHexString.fromText('Chữ ký số của cơ quan, tổ chức'),
      // Sealing closes number and date (ISO 32000-2 12.7.5.5).
      Lock: {
        Type: 'SigFieldLock',
        Action: 'Include',
        Fields: textFieldNames.map((name) => PDFHexString.fromText(name)),
      },
    }),
  ];
  const form = context.obj({
    Fields: fields,
    DA: PDFString.of(defaultAppearance('so_van_ban')),
    DR: { Font: fontResources(fonts, ['regular', 'italic']) },
  });
  pdf.catalog.set(PDFName.of('AcroForm'), context.register(form));
}

function textField(context: PDFContext, name: TextFieldName, rect: Rect): Entries<PDFRef, PDFObject> {
  return {
    FT: 'Tx',
    TU: PDFHexString.fromText(textFields[name].title),
    V: PDFHexString.fromText(''),
    DA: PDFString.of(defaultAppearance(name)),
    AP: { N: emptyAppearance(context, name, rect) },
  };
}

function emptyAppearance(context: PDFContext, name: TextFieldName, [x1, y1, x2, y2]: Rect): PDFRef {
  const box = { width: x2 - x1, height: y2 - y1 };
  const { content } = textFieldAppearance(name, '', box);
  return context.register(
    context.stream(content, {
      Type: 'XObject',
      Subtype: 'Form',
      BBox: [0, 0, box.width, box.height],
      Resources: {},
    }),
  );
}

function describe(pdf: PDFDocument, { title, author, now }: Parts): void {
  pdf.setTitle(title, { showInWindowTitleBar: true });
  pdf.setAuthor(author);
  pdf.setCreator('Ấn Số');
  pdf.setProducer('Ấn Số');
  pdf.setLanguage('vi-VN');
  pdf.setCreationDate(now);
  pdf.setModificationDate(now);
}

/** Both identifiers from the content (ISO 32000-2 14.4), so that equal input gives an equal file. */
function fileIdentifier({ pages, title, now }: Parts): [PDFHexString, PDFHexString] {
  const hash = createHash('sha256').update(title).update(now.toISOString());
  for (const page of pages) hash.update(page.toString());
  const id = PDFHexString.of(hash.digest('hex').slice(0, 32));
  return [id, id];
}
