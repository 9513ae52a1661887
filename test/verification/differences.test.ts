import { expect } from 'chai';
import { bytesSource } from '../../server/pdf/byte-source.ts';
import { PdfDict } from '../../server/pdf/objects.ts';
import { openPdf } from '../../server/pdf/open-pdf.ts';
import { listSignatures } from '../../server/pdf/signatures/list-signatures.ts';
import { FileBuilder } from '../pdf/file-builder.ts';
import {
  agency,
  formObjects,
  formPdf,
  judged,
  N,
  reportOn,
  signed,
  stream,
  type UpdateParts,
  updated,
} from './files.ts';

type Objects = Readonly<Record<number, string>>;
interface Case {
  readonly what: string;
  readonly objects: Objects;
  readonly parts?: UpdateParts;
  readonly base?: Objects;
}

const catalog = (extra: string): Objects => ({
  [N.catalog]: `<< /Type /Catalog /Pages 2 0 R /AcroForm 5 0 R /Note 11 0 R ${extra} >>`,
});
/** Object as it is in the form, with a text replaced. */
const swap = (number: number, from: string, to: string): string => {
  const body = formObjects[number] ?? '';
  if (!body.includes(from)) throw new Error(`object ${number} has no ${from}`);
  return body.replace(from, to);
};
const filled = swap(N.text, '/V (01)', '/V (02)');
const comment = '<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents (xin chao) >>';
const withAnnots = (list: string): string => swap(N.page, '[6 0 R 9 0 R]', `[${list}]`);

/** Signs the field `ky`, adds the update, and gives what is said of changes since. */
async function changes({ objects, parts, base }: Case, docMdp?: 1 | 2 | 3) {
  const file = await signed(formPdf(base), undefined, { field: 'ky', ...(docMdp && { docMdp }) });
  // The signed revision has changed field and catalog: what is not meant to change is left out of `objects`.
  return reportOn(judged(updated(file, objects, parts)), 'ky');
}

describe('what was done after a signature', () => {
  const levels: Readonly<Record<'lta' | 'form-filling', readonly Case[]>> = {
    lta: [
      { what: 'an update that changes nothing', objects: {} },
      { what: 'the same objects once more', objects: { [N.page]: formObjects[N.page] ?? '' } },
      { what: 'an object nothing refers to', objects: { 50: '<< /Hidden true >>' } },
      {
        what: 'a security store',
        objects: { ...catalog('/DSS 50 0 R'), 50: '<< /Certs [51 0 R] >>', 51: stream('x') },
      },
      {
        what: 'an extension declared',
        objects: catalog('/Extensions << /ESIC << /BaseVersion /1.7 /ExtensionLevel 5 >> >>'),
      },
      {
        what: 'metadata',
        objects: { ...catalog('/Metadata 50 0 R'), 50: stream('<x/>', '/Type /Metadata') },
      },
      { what: 'a later version', objects: catalog('/Version /2.0') },
      { what: 'a new time of change', objects: { [N.info]: swap(N.info, '20260101', '20260102') } },
    ],
    'form-filling': [
      { what: 'a field filled', objects: { [N.text]: filled } },
      {
        what: 'a field filled with a new appearance',
        objects: { [N.text]: filled.replace('7 0 R', '50 0 R'), 50: stream('BT (02) Tj ET') },
      },
      {
        what: 'a field filled and its appearance rewritten',
        objects: { [N.text]: filled, [N.look]: stream('BT (02) Tj ET') },
      },
      { what: 'another title', objects: { [N.info]: swap(N.info, 'Quyet dinh', 'To trinh') } },
      {
        what: 'a further font for the form',
        objects: {
          [N.form]: swap(N.form, '/F 8 0 R', '/F 8 0 R /G 50 0 R').replace('/DA', '/SigFlags 3 /DA'),
          50: '<< /Type /Font >>',
        },
      },
      { what: 'a field filled and locked', objects: { [N.text]: filled.replace('/F 4', '/F 132 /Ff 1') } },
    ],
  };
  for (const [level, cases] of Object.entries(levels)) {
    for (const one of cases) {
      it(`is ${level}: ${one.what}`, async () => {
        const report = await changes(one);
        expect(report.changes.filter((c) => c.level === 'forbidden')).to.deep.equal([]);
        expect(report).to.include({
          modifications: level,
          permitted: true,
          integrity: 'intact',
          coverage: 'whole-revision',
        });
      });
    }
  }

  const forbidden: readonly (Case & { readonly code: string })[] = [
    {
      what: 'the page’s content rewritten',
      objects: { [N.content]: stream('BT (Khac) Tj ET') },
      code: 'object_changed',
    },
    {
      what: 'the page’s content replaced',
      objects: { [N.page]: swap(N.page, '4 0 R', '50 0 R'), 50: stream('BT (Khac) Tj ET') },
      code: 'page_changed',
    },
    {
      what: 'a font of the page rewritten',
      objects: { [N.font]: swap(N.font, 'Helvetica', 'Symbol') },
      code: 'object_changed',
    },
    {
      what: 'a page added',
      objects: {
        [N.pages]: '<< /Type /Pages /Kids [3 0 R 50 0 R] /Count 2 >>',
        50: '<< /Type /Page /Parent 2 0 R >>',
      },
      code: 'pages_changed',
    },
    {
      what: 'a page turned through its parent',
      objects: { [N.pages]: '<< /Type /Pages /Kids [3 0 R] /Count 1 /Rotate 180 >>' },
      code: 'pages_changed',
    },
    {
      what: 'an action when the file opens',
      objects: catalog('/OpenAction << /S /JavaScript /JS (1) >>'),
      code: 'catalog_changed',
    },
    {
      what: 'the catalog exchanged for something that was there',
      base: { 12: formObjects[N.catalog] ?? '' },
      objects: {},
      parts: { trailer: '/Root 12 0 R' },
      code: 'catalog_replaced',
    },
    {
      what: 'something new in the trailer',
      objects: { 50: '<< >>' },
      parts: { trailer: '/Root 1 0 R /Info 10 0 R /Encoder 50 0 R' },
      code: 'trailer_changed',
    },
    { what: 'the information made a stream', objects: { [N.info]: stream('x') }, code: 'trailer_changed' },
    {
      what: 'a reference that led nowhere',
      objects: { 11: '<< /Words (moi) >>' },
      code: 'dangling_reference_filled',
    },
    { what: 'an object freed', objects: {}, parts: { freed: [N.content] }, code: 'object_changed' },
    {
      what: 'another appearance over the same value',
      objects: { [N.look]: stream('BT (99) Tj ET') },
      code: 'appearance_changed',
    },
    {
      what: 'a field renamed',
      objects: { [N.text]: filled.replace('(so)', '(khac)') },
      code: 'field_changed',
    },
    {
      what: 'a field moved',
      objects: { [N.text]: filled.replace('[72 700', '[0 0') },
      code: 'field_changed',
    },
    { what: 'a field hidden', objects: { [N.text]: filled.replace('/F 4', '/F 6') }, code: 'field_changed' },
    {
      what: 'a field given an action',
      objects: { [N.text]: filled.replace('/V', '/AA << >> /V') },
      code: 'field_changed',
    },
    {
      what: 'a field taken off the form',
      objects: { [N.form]: swap(N.form, '[6 0 R 9 0 R]', '[9 0 R]').replace('/DA', '/SigFlags 3 /DA') },
      code: 'field_removed',
    },
    {
      what: 'a text field added',
      objects: {
        [N.form]: swap(N.form, '9 0 R]', '9 0 R 50 0 R]').replace('/DA', '/SigFlags 3 /DA'),
        50: '<< /FT /Tx /T (moi) /Rect [0 0 9 9] >>',
      },
      code: 'field_added',
    },
    {
      what: 'a signature field under a name that is taken',
      objects: {
        [N.form]: swap(N.form, '9 0 R]', '9 0 R 50 0 R]').replace('/DA', '/SigFlags 3 /DA'),
        50: '<< /FT /Sig /T (ky) /Rect [0 0 0 0] >>',
      },
      code: 'field_added',
    },
    {
      what: 'a default font exchanged',
      objects: {
        [N.form]: swap(N.form, '/F 8 0 R', '/F 50 0 R').replace('/DA', '/SigFlags 3 /DA'),
        50: '<< /Type /Font >>',
      },
      code: 'form_changed',
    },
    {
      what: 'an XFA form',
      objects: { [N.form]: swap(N.form, '/DA', '/SigFlags 3 /XFA 50 0 R /DA'), 50: stream('<x/>') },
      code: 'form_changed',
    },
    {
      what: 'a link added',
      objects: {
        [N.page]: withAnnots('6 0 R 9 0 R 50 0 R'),
        50: '<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] >>',
      },
      code: 'annotation_added',
    },
    {
      what: 'a widget taken off the page',
      objects: { [N.page]: withAnnots('9 0 R') },
      code: 'annotation_removed',
    },
    {
      what: 'an empty signature field that paints over the page',
      objects: {
        [N.form]: swap(N.form, '9 0 R]', '9 0 R 50 0 R]').replace('/DA', '/SigFlags 3 /DA'),
        [N.page]: withAnnots('6 0 R 9 0 R 50 0 R'),
        50: '<< /Type /Annot /Subtype /Widget /FT /Sig /T (moi) /Rect [0 0 595 842] /AP << /N 51 0 R >> >>',
        51: stream('1 g 0 0 595 842 re f', '/Type /XObject /Subtype /Form /BBox [0 0 595 842]'),
      },
      code: 'field_added',
    },
    {
      what: 'a key written twice',
      objects: { [N.text]: filled.replace('/V', '/V (03) /V') },
      code: 'ambiguous_object',
    },
    {
      what: 'a signature that no field shows',
      objects: { 50: '<< /Type /Sig /ByteRange [0 1 2 3] /Contents <00> >>' },
      code: 'hidden_signature',
    },
    {
      what: 'bytes that no section names',
      objects: {},
      parts: { stray: '4 0 obj\n<< >>\nendobj\n' },
      code: 'unaccounted_bytes',
    },
    { what: 'an update that cannot be read', objects: { 50: '<< /Broken' }, code: 'unreadable_object' },
  ];
  for (const one of forbidden) {
    it(`is forbidden: ${one.what}`, async () => {
      const report = await changes(one);
      expect(report.changes.map(({ code }) => code)).to.include(one.code);
      expect(report).to.include({ modifications: 'forbidden', permitted: false, verdict: 'invalid' });
    });
  }

  it('is forbidden: the signature dictionary itself rewritten', async () => {
    const file = await signed(formPdf(), undefined, { field: 'ky', reason: 'Dong y' });
    const [entry] = listSignatures(openPdf(bytesSource(file)));
    const number = entry?.ref?.number ?? 0;
    const written = file.subarray(file.lastIndexOf(`${number} 0 obj\n`)).toString('latin1');
    const body = written.slice(written.indexOf('\n') + 1, written.indexOf('\nendobj'));
    const report = judged(updated(file, { [number]: body.replace('Dong y', 'Tu choi') }));
    expect(report.documentIntegrity).to.equal('tampered');
  });

  it('is forbidden: an object stream replaced, and with it what it holds', async () => {
    const held = (text: string): string => `<< /Words (${text}) >>`;
    const container = (text: string): string => stream(`11 0 ${held(text)}`, '/Type /ObjStm /N 1 /First 5');
    const builder = new FileBuilder();
    for (const [number, body] of Object.entries(formObjects)) builder.object(Number(number), body);
    builder.objectStream(12, { 11: held('dong y') }).xrefStream(13, '/Root 1 0 R /Info 10 0 R');
    const file = await signed(builder.bytes, undefined, { field: 'ky' });
    expect(judged(file).verdict).to.equal('valid');
    const report = reportOn(judged(updated(file, { 12: container('tu choi') })), 'ky');
    expect(report.changes.map(({ code }) => code)).to.include('object_changed');
    expect(report.permitted).to.equal(false);
  });

  it('is seen through an appearance that something else shows too', async () => {
    const base = { [N.catalog]: '<< /Type /Catalog /Pages 2 0 R /AcroForm 5 0 R /Show 7 0 R >>' };
    const report = await changes({
      what: '',
      base,
      objects: { [N.text]: filled, [N.look]: stream('BT (02) Tj ET') },
    });
    expect(report.changes.map(({ code }) => code)).to.include('object_changed');
    expect(report.permitted).to.equal(false);
  });

  it('is none for bytes that the signature covers, and forbidden for any behind the last revision', async () => {
    const file = await signed(formPdf(), undefined, { field: 'ky' });
    expect(reportOn(judged(Buffer.concat([file, Buffer.from('\r\n')])), 'ky').permitted).to.equal(true);
    for (const appended of ['4 0 obj\n<< >>\nendobj\n', '% only a comment\n']) {
      const report = judged(Buffer.concat([file, Buffer.from(appended)]));
      expect(report.documentIntegrity).to.equal('tampered');
      expect(report.verdict).to.equal('invalid');
    }
  });
});

describe('what a signature permits', () => {
  /** The catalog as signing left it, with a security store. */
  async function storing(docMdp: 1 | 2 | 3 | undefined) {
    const file = await signed(formPdf(), undefined, { field: 'ky', ...(docMdp && { docMdp }) });
    const bodies = [...file.toString('latin1').matchAll(/\n1 0 obj\n([\s\S]*?)\nendobj/g)];
    const body = bodies.at(-1)?.[1] ?? '';
    return reportOn(judged(updated(file, { [N.catalog]: body.replace(/>>\s*$/, '/DSS << >> >>') })), 'ky');
  }
  const filling: Case = { what: '', objects: { [N.text]: filled } };
  const commenting: Case = {
    what: '',
    objects: { [N.page]: withAnnots('6 0 R 9 0 R 50 0 R'), 50: comment },
  };
  const table: readonly (readonly [1 | 2 | 3 | undefined, boolean, boolean, boolean])[] = [
    [1, true, false, false],
    [2, true, true, false],
    [3, true, true, true],
    [undefined, true, true, false],
  ];
  for (const [docMdp, lta, form, annotations] of table) {
    it(`with ${docMdp ? `P = ${docMdp}` : 'no certification'}: validation data ${lta}, filling ${form}, comments ${annotations}`, async () => {
      expect(await storing(docMdp)).to.include({ modifications: 'lta', permitted: lta });
      expect((await changes(filling, docMdp)).permitted).to.equal(form);
      const commented = await changes(commenting, docMdp);
      expect(commented.modifications).to.equal('annotations');
      expect(commented.permitted).to.equal(annotations);
    });
  }

  it('keeps fields that it locked', async () => {
    const lock = { action: 'Include', fields: ['so'] } as const;
    const file = await signed(formPdf(), undefined, { field: 'ky', lock });
    const report = reportOn(judged(updated(file, filling.objects)), 'ky');
    expect(report).to.include({ modifications: 'form-filling', permitted: false });
    expect(report.lockedFields).to.deep.equal(['so']);
    expect(report.reasons[0]?.code).to.equal('locked_field_changed');
  });

  it('leaves fields that it did not lock', async () => {
    const lock = { action: 'Exclude', fields: ['so'] } as const;
    const file = await signed(formPdf(), undefined, { field: 'ky', lock });
    expect(reportOn(judged(updated(file, filling.objects)), 'ky').permitted).to.equal(true);
  });

  it('lets others sign, in new fields and in fields that were there', async () => {
    const first = await signed(formPdf(), undefined, { field: 'khac' });
    const second = await signed(first, agency, { field: 'ky' });
    const report = judged(second);
    expect(
      report.signatures.map(({ field, coverage, modifications }) => [field, coverage, modifications]),
    ).to.deep.equal([
      ['khac', 'whole-revision', 'form-filling'],
      ['ky', 'whole-file', 'none'],
    ]);
    expect(report).to.include({ verdict: 'valid', documentIntegrity: 'intact' });
  });

  it('lets others lock fields when they sign one that was there, without a change to that one', async () => {
    const lock = { action: 'Include', fields: ['so'] } as const;
    const first = await signed(formPdf(), undefined, { field: 'khac' });
    const second = await signed(first, agency, { field: 'ky', lock });
    expect(judged(second)).to.include({ verdict: 'valid', documentIntegrity: 'intact' });
    expect(reportOn(judged(updated(second, filling.objects)), 'ky').lockedFields).to.deep.equal(['so']);
  });

  it('lets others show a signature in a field that was there, where it is', async () => {
    const appearance = () => ({ content: Buffer.from('0 0 m 9 9 l S'), resources: new PdfDict() });
    const visible = { page: 0, rect: [0, 0, 595, 842], appearance } as const;
    const first = await signed(formPdf(), undefined, { field: 'khac' });
    const second = await signed(first, agency, { field: 'ky', visible });
    expect(judged(second)).to.include({ verdict: 'valid', documentIntegrity: 'intact' });
  });

  it('lets others sign a field that was there and on no page', async () => {
    const bare = formPdf({ [N.sign]: '<< /FT /Sig /T (ky) >>', [N.page]: withAnnots('6 0 R') });
    const first = await signed(bare, undefined, { field: 'khac' });
    expect(judged(await signed(first, agency, { field: 'ky' }))).to.include({
      verdict: 'valid',
      documentIntegrity: 'intact',
    });
  });

  it('is not restored by a later signature over a forbidden change', async () => {
    const first = await signed(formPdf(), undefined, { field: 'ky' });
    const shadow = updated(first, { [N.content]: stream('BT (Khac) Tj ET') });
    const report = judged(await signed(shadow, agency, { field: 'dau' }));
    expect(reportOn(report, 'dau')).to.include({ coverage: 'whole-file', verdict: 'valid' });
    expect(reportOn(report, 'ky')).to.include({ permitted: false, verdict: 'invalid' });
    expect(report).to.include({ verdict: 'invalid', documentIntegrity: 'tampered' });
  });

  it('rewritten comments count as comments', async () => {
    const base = { [N.page]: withAnnots('6 0 R 9 0 R 50 0 R'), 50: comment };
    const rewritten = { 50: comment.replace('xin chao', 'tam biet') };
    const report = await changes({ what: '', base, objects: rewritten }, 3);
    expect(report.changes.map(({ code }) => code)).to.deep.equal(['annotation_changed']);
    expect(report.permitted).to.equal(true);
    const removed = await changes({ what: '', base, objects: { [N.page]: formObjects[N.page] ?? '' } }, 3);
    expect(removed.changes.map(({ code }) => code)).to.deep.equal(['annotation_removed']);
  });

  describe('where a stream that was signed has a wrong /Length', () => {
    const data = 'BT (Quyet dinh) Tj ET';
    const mislaid = (length: number, end = 'endstream') => ({
      [N.content]: `<< /Length ${length} >>\nstream\n${data}\n${end}`,
    });
    const again = async (base: Objects) => {
      const first = await signed(formPdf(base), undefined, { field: 'ky' });
      return reportOn(judged(await signed(first, agency, { field: 'dau' })), 'ky').permitted;
    };

    it('is permitted when its data lies in the signed bytes however a reader mends it', async () => {
      expect(await again(mislaid(data.length - 5))).to.equal(true);
      expect(await again(mislaid(data.length + 5))).to.equal(true);
    });

    it('is not when what is appended can become a part of it', async () => {
      expect(await again(mislaid(9_000))).to.equal(false);
      const endless = mislaid(data.length, 'endstreaX');
      expect(await again({ ...endless, [N.look]: endless[N.content] ?? '' })).to.equal(false);
    });

    it('is not when the stream itself was changed', async () => {
      const report = await changes({ what: '', base: mislaid(3), objects: mislaid(4) });
      expect(report.permitted).to.equal(false);
    });
  });
});
