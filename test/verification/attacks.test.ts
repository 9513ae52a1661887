import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { bytesSource } from '../../server/pdf/byte-source.ts';
import { PdfDict } from '../../server/pdf/objects.ts';
import { openPdf } from '../../server/pdf/open-pdf.ts';
import { listSignatures } from '../../server/pdf/signatures/list-signatures.ts';
import * as pki from '../pki/authority.ts';
import {
  agency,
  formObjects,
  formPdf,
  judged,
  N,
  reportOn,
  signed,
  startOf,
  stream,
  updated,
  withSection,
} from './files.ts';
import { cmsBy } from './sign-anything.ts';

const signer = pki.certify({ subject: 'Signer', keyUsage: 0xc0 });

type Objects = Readonly<Record<number, string>>;

/** Body of an object of the form, with a text replaced. */
const swap = (number: number, from: string, to: string): string =>
  (formObjects[number] ?? '').replace(from, to);
/** Body of an object as signing left it, with a text replaced. */
function edit(file: Uint8Array, number: number, from: string | RegExp, to: string): string {
  const text = Buffer.from(file).toString('latin1');
  const body = text
    .slice(text.lastIndexOf(`\n${number} 0 obj\n`))
    .split('\n')
    .slice(2)
    .join('\n');
  return body.slice(0, body.indexOf('\nendobj')).replace(from, to);
}

const overlay = stream('1 g 0 0 595 842 re f', '/Type /XObject /Subtype /Form /BBox [0 0 595 842]');
const widget = '/Type /Annot /Subtype /Widget /P 3 0 R /F 4 /Rect [0 0 595 842] /AP << /N 51 0 R >>';
const comment = '<< /Type /Annot /Subtype /FreeText /Rect [0 0 595 842] /Contents (Gia mao) >>';
const withAnnots = (list: string): string => swap(N.page, '[6 0 R 9 0 R]', list);
const signatureOf = (file: Uint8Array): string => /\/V (\d+ 0 R)/.exec(edit(file, N.sign, '', ''))?.[1] ?? '';

/** A Type 3 font of the page whose only letter is the stream that `holder` has under `key`. */
const glyphFrom = (holder: number, key: string): Objects => ({
  [N.page]: swap(N.page, '/F 8 0 R', '/F 8 0 R /T 30 0 R'),
  30: `<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [1 0 0 1 0 0] /FirstChar 65 /LastChar 65 /Widths [9] /Encoding << /Differences [65 /${key}] >> /CharProcs ${holder} 0 R >>`,
});
const glyph = stream('9 0 d0 0 0 9 9 re f');
const drawnField: Objects = {
  [N.page]: swap(N.page, '/Font <<', '/XObject 6 0 R /Font <<'),
  [N.content]: stream('/V Do'),
  [N.text]: swap(N.text, '(01)', '7 0 R'),
};

interface Attack {
  readonly what: string;
  readonly code: string;
  /** What the attacker prepared before the signer signed. */
  readonly base?: Objects;
  readonly update: (file: Uint8Array) => Objects;
}

const attacks: readonly Attack[] = [
  {
    what: 'a widget over the page that inherits the signature of its field',
    code: 'field_changed',
    update: (file) => ({
      [N.sign]: edit(file, N.sign, '/T (ky)', '/T (ky) /Kids [50 0 R]'),
      [N.page]: withAnnots('[6 0 R 9 0 R 50 0 R]'),
      50: `<< ${widget} /Parent 9 0 R >>`,
      51: overlay,
    }),
  },
  {
    what: 'a field over the page that inherits a signature through a group',
    code: 'field_changed',
    update: (file) => ({
      [N.form]: edit(file, N.form, '9 0 R]', '9 0 R 52 0 R]'),
      [N.page]: withAnnots('[6 0 R 9 0 R 50 0 R]'),
      50: `<< ${widget} /T (con) /Parent 52 0 R >>`,
      51: overlay,
      52: `<< /T (nhom) /FT /Sig /Kids [50 0 R] /V ${signatureOf(file)} >>`,
    }),
  },
  {
    what: 'a comment at a place that a rewritten list of annotations kept free',
    code: 'annotation_added',
    base: { [N.page]: withAnnots('30 0 R'), 30: '[6 0 R 9 0 R 50 0 R]' },
    update: () => ({ 30: '[6 0 R 9 0 R 50 0 R 50 0 R]', 50: comment }),
  },
  {
    what: 'a field filled that the page draws as an XObject',
    code: 'object_changed',
    base: drawnField,
    update: () => ({ [N.text]: swap(N.text, '(01)', '50 0 R'), 50: overlay }),
  },
  {
    what: 'the value rewritten of a field that the page draws as an XObject',
    code: 'object_changed',
    base: drawnField,
    update: () => ({ [N.look]: overlay }),
  },
  {
    what: 'metadata that a font of the page draws as a letter',
    code: 'object_changed',
    base: glyphFrom(N.catalog, 'Metadata'),
    update: (file) => ({
      [N.catalog]: edit(file, N.catalog, '/Pages', '/Metadata 50 0 R /Pages'),
      50: glyph,
    }),
  },
  {
    what: 'an unknown entry of the page tree that a font draws as a letter',
    code: 'object_changed',
    base: glyphFrom(N.pages, 'X'),
    update: () => ({ [N.pages]: '<< /Type /Pages /Kids [3 0 R] /Count 1 /X 50 0 R >>', 50: glyph }),
  },
  {
    what: 'an alignment of the form that a font draws as a letter',
    code: 'object_changed',
    base: glyphFrom(N.form, 'Q'),
    update: (file) => ({ [N.form]: edit(file, N.form, '/DA', '/Q 50 0 R /DA'), 50: glyph }),
  },
  {
    what: 'a time of change of the page that a font draws as a letter',
    code: 'page_changed',
    base: glyphFrom(N.page, 'LastModified'),
    update: () => ({
      [N.page]: (glyphFrom(N.page, '')[N.page] ?? '').replace('/MediaBox', '/LastModified 50 0 R /MediaBox'),
      50: glyph,
    }),
  },
  {
    what: 'annotations that are no list but a stream',
    code: 'page_changed',
    update: () => ({ [N.page]: withAnnots('50 0 R'), 50: glyph }),
  },
  {
    what: 'readers told to show values in place of the appearances that were signed',
    code: 'form_changed',
    base: { [N.text]: swap(N.text, '(01)', '(9000000000)') },
    update: (file) => ({ [N.form]: edit(file, N.form, '/DA', '/NeedAppearances true /DA') }),
  },
  {
    what: 'a signature field that is an attached file',
    code: 'field_added',
    update: (file) => ({
      [N.form]: edit(file, N.form, '9 0 R]', '9 0 R 50 0 R]'),
      [N.page]: withAnnots('[6 0 R 9 0 R 50 0 R]'),
      50: '<< /Type /Annot /Subtype /FileAttachment /FT /Sig /T (x) /Rect [0 0 0 0] >>',
    }),
  },
];

describe('an attack on a signed document', () => {
  for (const { what, code, base, update } of attacks) {
    it(`is seen: ${what}`, async () => {
      const file = await signed(formPdf(base), undefined, { field: 'ky' });
      expect(judged(file), 'before the attack').to.include({ verdict: 'valid', documentIntegrity: 'intact' });
      const report = judged(updated(file, update(file)));
      expect(report).to.include({ verdict: 'invalid', documentIntegrity: 'tampered' });
      expect(reportOn(report, 'ky').changes.map((change) => change.code)).to.include(code);
    });
  }

  /** Signs as the agency in a new visible field. */
  const sealed = (file: Uint8Array, rect: readonly [number, number, number, number]): Promise<Buffer> =>
    signed(file, agency, {
      field: 'dau',
      visible: {
        page: 0,
        rect,
        appearance: () => ({ content: Buffer.from('1 g 0 0 595 842 re f'), resources: new PdfDict() }),
      },
    });

  it('is seen: a sneaky signature that covers the page, where a seal beside the text is welcome', async () => {
    for (const docMdp of [undefined, 2, 3] as const) {
      const file = await signed(formPdf(), undefined, { field: 'ky', ...(docMdp && { docMdp }) });
      expect(judged(await sealed(file, [300, 100, 450, 200]))).to.include({ verdict: 'valid' });
      const report = judged(await sealed(file, [0, 0, 595, 842]));
      expect(report).to.include({ verdict: 'invalid', documentIntegrity: 'tampered' });
      expect(reportOn(report, 'ky').changes.map(({ code }) => code)).to.include('page_covered');
    }
  });

  it('is seen: objects that cross-references signed before their place was written', async () => {
    const base = formPdf({ [N.page]: swap(N.page, '4 0 R', '[4 0 R 40 0 R]') });
    const prepared: readonly ((at: number) => { readonly before: string; readonly place: number })[] = [
      () => ({ before: '', place: 9000 }),
      // A stream that only ends behind the signature.
      (at) => ({ before: `40 0 obj\n<< /Length ${9000 - at} >>\nstream\n`, place: at }),
    ];
    for (const prepare of prepared) {
      const { before, place } = prepare(base.length);
      const file = await signed(updated(base, {}, { stray: before, places: { 40: place } }), undefined, {
        field: 'ky',
      });
      expect(judged(file)).to.include({ verdict: 'valid' });
      const dataAt = before === '' ? 9000 : base.length + before.length + (9000 - base.length);
      const gap = Buffer.alloc(dataAt - file.length, ' ');
      const rest = before === '' ? `40 0 obj\n${stream('1 g')}\nendobj\n` : '\nendstream\nendobj\n';
      const report = judged(
        withSection(Buffer.concat([file, gap, Buffer.from(rest)]), {}, { prev: startOf(file) }),
      );
      expect(report).to.include({ verdict: 'invalid', documentIntegrity: 'tampered' });
    }
  });

  it('is seen: an object stream that older references to its objects waited for', async () => {
    const base = formPdf({ [N.page]: withAnnots('[6 0 R 9 0 R 60 0 R]') });
    const row = (...bytes: readonly number[]): string => String.fromCharCode(...bytes);
    const rows = row(2, 0, 50, 0) + row(1, base.length >> 8, base.length & 255, 0);
    const trailer = `/Type /XRef /W [1 2 1] /Index [60 1 62 1] /Size 200 /Prev ${startOf(base)} /Root 1 0 R`;
    const waiting = `62 0 obj\n${stream(rows, trailer)}\nendobj\nstartxref\n${base.length}\n%%EOF\n`;
    const file = await signed(Buffer.concat([base, Buffer.from(waiting, 'latin1')]), undefined, {
      field: 'ky',
    });
    expect(judged(file)).to.include({ verdict: 'valid' });
    const container = stream(`60 0 ${comment}`, '/Type /ObjStm /N 1 /First 5');
    expect(judged(updated(file, { 50: container }))).to.include({
      verdict: 'invalid',
      documentIntegrity: 'tampered',
    });
  });

  it('is seen: a hybrid update whose table and stream name two places for one object', async () => {
    const file = await signed(formPdf(), undefined, { field: 'ky' });
    const page = swap(N.page, '4 0 R', '50 0 R');
    const objects = { 50: overlay, 51: stream(`3 0 ${page}`, '/Type /ObjStm /N 1 /First 4') };
    const at = file.length + `50 0 obj\n${objects[50]}\nendobj\n51 0 obj\n${objects[51]}\nendobj\n`.length;
    const hidden = stream('\x02\x33\x00', '/Type /XRef /W [1 1 1] /Index [3 1] /Size 200 /Root 1 0 R');
    const shadowing = (places: Readonly<Record<number, number>>): Buffer =>
      updated(
        file,
        { ...objects, 52: hidden },
        { trailer: `/Root 1 0 R /Info 10 0 R /XRefStm ${at}`, places },
      );
    const own = file.toString('latin1').lastIndexOf('3 0 obj\n');
    const codes = (places: Readonly<Record<number, number>>): readonly string[] =>
      reportOn(judged(shadowing(places)), 'ky').changes.map(({ code }) => code);
    expect(codes({ [N.page]: own })).to.deep.equal(['ambiguous_object']);
    expect(codes({})).to.include('page_changed');
  });

  it('is seen: a gap that is not hexadecimal, where objects could stand', async () => {
    const file = await signed(formPdf(), undefined, { field: 'ky' });
    const [entry] = listSignatures(openPdf(bytesSource(file)));
    const { start = 0, end = 0 } = entry?.contentsSpan ?? {};
    const cms = Buffer.from(entry?.contents ?? []);
    const literal = cms
      .subarray(0, 4 + cms.readUInt16BE(2))
      .toString('latin1')
      .replace(/[\\()\r]/g, (c) => `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`);
    const gap = Buffer.from(`(${literal.padEnd(end - start - 2)})`, 'latin1');
    const report = judged(Buffer.concat([file.subarray(0, start), gap, file.subarray(end)]));
    expect(reportOn(report, 'ky')).to.include({
      integrity: 'intact',
      coverage: 'invalid',
      verdict: 'invalid',
    });
  });

  it('is seen: a stream around the bytes that are not signed, which could be given another look', async () => {
    const room = '0'.repeat(4000);
    const signature = `\n40 0 obj\n<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange [0 ${'0'.repeat(32)}] /Contents <${room}> >>\nendobj\n`;
    const picture = '/Subtype /Image /Width 64 /Height 30 /BitsPerComponent 8 /ColorSpace /DeviceGray';
    for (const around of [
      stream(signature, picture),
      stream(signature, picture).replace(/Length \d+/, 'Length 1'),
      `null\nendobj\n${signature}`,
    ]) {
      const objects = {
        ...formObjects,
        [N.page]: swap(N.page, '/Font <<', '/XObject << /I 30 0 R >> /Font <<'),
        [N.content]: stream('q 400 0 0 400 50 50 cm /I Do Q'),
        [N.sign]: swap(N.sign, '>>', '/V 40 0 R >>'),
        30: around,
      };
      const start = Buffer.from('%PDF-1.7\n');
      const place = withSection(start, objects, {}).indexOf('40 0 obj');
      const file = withSection(start, objects, { places: { 40: place } });
      const gap = file.indexOf(`<${room}`);
      const [before, after] = [file.subarray(0, gap), file.subarray(gap + room.length + 2)];
      const range = [before.length, file.length - after.length, after.length];
      file.write(range.map((n) => String(n).padStart(10, '0')).join(' '), file.indexOf('[0 00') + 3);
      const digest = createHash('sha256').update(before).update(after).digest();
      file.write(Buffer.from(await cmsBy(signer)(digest)).toString('hex'), gap + 1);
      const isAround = around.includes('stream');
      expect(reportOn(judged(file), 'ky')).to.include({
        integrity: 'intact',
        coverage: isAround ? 'invalid' : 'whole-file',
      });
    }
  });
});
