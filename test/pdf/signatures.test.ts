import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { bytesSource } from '../../server/pdf/byte-source.ts';
import type { PdfDocument } from '../../server/pdf/document.ts';
import { listFields } from '../../server/pdf/forms/field-tree.ts';
import { equalObjects, PdfDict, PdfName, PdfRef } from '../../server/pdf/objects.ts';
import { openPdf } from '../../server/pdf/open-pdf.ts';
import { serialize } from '../../server/pdf/serialize.ts';
import { signatureCoverage } from '../../server/pdf/signatures/coverage.ts';
import { listSignatures, type SignatureEntry } from '../../server/pdf/signatures/list-signatures.ts';
import { prepareSignature, type SignatureRequest } from '../../server/pdf/signatures/prepare-signature.ts';
import type { FormAppearance } from '../../server/pdf/update/appearance.ts';
import { IncrementalUpdate } from '../../server/pdf/update/incremental-update.ts';
import { compressedPdf, type FileBuilder, minimalPdf, refusal } from './file-builder.ts';

const CMS = Buffer.from('30820003aabbcc', 'hex');
const PLAIN: SignatureRequest = { subFilter: 'ETSI.CAdES.detached', contentsSize: 100 };

/** Signs (with bytes that only stand for a CMS) and opens the result. */
function sign(doc: PdfDocument, request: Partial<SignatureRequest> = {}): PdfDocument {
  const prepared = prepareSignature(doc, { ...PLAIN, ...request });
  const { source } = doc;
  return openPdf(bytesSource(Buffer.concat([source.read(0, source.length), prepared.embed(CMS)])));
}

function only(doc: PdfDocument): SignatureEntry {
  const [first, ...rest] = listSignatures(doc);
  if (!first || rest.length > 0) throw new Error(`${rest.length + 1} signatures`);
  return first;
}

const coverageOf = (doc: PdfDocument): string[] =>
  listSignatures(doc).map((signature) => signatureCoverage(doc, signature).coverage);

describe('pdf: preparing a signature', () => {
  for (const [kind, file] of [
    ['table', minimalPdf()],
    ['stream', compressedPdf()],
  ] as const) {
    it(`puts it into a file with a cross-reference ${kind}, where it covers all but its own contents`, () => {
      const prepared = prepareSignature(file.open(), PLAIN);
      const bytes = Buffer.concat([file.bytes, prepared.embed(CMS)]);
      const doc = openPdf(bytesSource(bytes));
      const signature = only(doc);
      expect(signature.byteRange).to.deep.equal(prepared.byteRange);
      expect(signature.contentsSpan).to.deep.equal({
        start: prepared.contentsOffset,
        end: prepared.contentsOffset + 2 + 2 * prepared.contentsSize,
      });
      expect(
        bytes.toString('latin1', signature.contentsSpan?.start, (signature.contentsSpan?.start ?? 0) + 15),
      ).to.equal(`<${CMS.toString('hex')}`);
      expect(Buffer.from(signature.contents).subarray(0, CMS.length)).to.deep.equal(CMS);
      expect(signature.contents).to.have.length(100);
      expect(signatureCoverage(doc, signature)).to.deep.equal({ coverage: 'whole-file', coveredRevision: 1 });
      expect(signature.revisionIndex).to.equal(1);
    });
  }

  it('digests exactly the byte range', () => {
    const file = minimalPdf();
    const prepared = prepareSignature(file.open(), PLAIN);
    const bytes = Buffer.concat([file.bytes, prepared.embed(CMS)]);
    const [a, b, c, d] = prepared.byteRange;
    const expected = createHash('sha256')
      .update(bytes.subarray(a, b))
      .update(bytes.subarray(c, c + d))
      .digest();
    expect(prepared.digest('sha256').equals(expected)).to.equal(true);
    expect(c + d).to.equal(bytes.length);
  });

  it('makes field, widget, form and flags', () => {
    const doc = sign(minimalPdf().open(), { fieldName: 'ky_lanh_dao' });
    const form = doc.dict(doc.catalog.get('AcroForm'));
    expect(form?.get('SigFlags')).to.equal(3);
    const [field] = listFields(doc);
    expect([field?.name, field?.type]).to.deep.equal(['ky_lanh_dao', 'Sig']);
    const [page] = doc.pages();
    expect(doc.array(page?.dict.get('Annots'))).to.deep.equal([field?.ref]);
    expect(field?.dict.get('P')).to.deep.equal(page?.ref);
    expect(serialize(field?.dict.get('Rect') ?? null)).to.equal('[0 0 0 0]');
    expect(field?.dict.get('F')).to.equal(132);
  });

  it('says who, why, where and when, in Vietnamese and with nothing getting out of its string', () => {
    const texts = {
      name: 'Nguyễn Văn Ấn',
      reason: 'a) /ByteRange [0 1 2 3] /Evil (b',
      location: 'Cà Mau',
      contactInfo: 'vanthu@example.vn',
      signingTime: new Date('2026-11-22T03:00:00Z'),
      zoneOffsetMinutes: 420,
    };
    const signature = only(sign(minimalPdf().open(), { texts }));
    expect(signature).to.include({
      name: texts.name,
      reason: texts.reason,
      location: texts.location,
      contactInfo: texts.contactInfo,
      m: "D:20261122100000+07'00'",
      filter: 'Adobe.PPKLite',
      subFilter: 'ETSI.CAdES.detached',
      type: 'signature',
    });
    expect(signature.claimedTime).to.deep.equal(texts.signingTime);
    expect([...signature.dict.keys()]).not.to.include('Evil');
  });

  it('leaves earlier signatures as they were', () => {
    const once = sign(minimalPdf().open());
    const twice = sign(once);
    const thrice = sign(twice, { fieldName: 'dau_co_quan' });
    expect(listSignatures(thrice).map((s) => [s.fieldName, s.revisionIndex, s.duplicateName])).to.deep.equal([
      ['Signature1', 1, false],
      ['Signature2', 2, false],
      ['dau_co_quan', 3, false],
    ]);
    expect(coverageOf(thrice)).to.deep.equal(['whole-revision', 'whole-revision', 'whole-file']);
    expect(listSignatures(thrice).map((s) => signatureCoverage(thrice, s).coveredRevision)).to.deep.equal([
      1, 2, 3,
    ]);
    expect(listSignatures(thrice.at(1))).to.have.length(1);
    const page = [...thrice.pages()][0];
    expect(thrice.array(page?.dict.get('Annots'))).to.have.length(3);
  });

  it('is a document time stamp when asked for one', () => {
    const doc = sign(sign(minimalPdf().open()), { type: 'DocTimeStamp', subFilter: 'ETSI.RFC3161' });
    expect(listSignatures(doc).map((s) => s.type)).to.deep.equal(['signature', 'timestamp']);
  });

  it('refuses a CMS larger than the room for it', () => {
    const prepared = prepareSignature(minimalPdf().open(), { ...PLAIN, contentsSize: 5 });
    expect(refusal(() => prepared.embed(CMS))).to.equal('pdf.contents_too_small');
  });

  it('lets the caller change the document in the same revision', () => {
    const doc = sign(minimalPdf({ 4: '(old)' }).open(), {
      prepare: (update) => update.set(new PdfRef(4), PdfName.of('new')),
    });
    expect(doc.name(new PdfRef(4))).to.equal('new');
    expect(doc.changedNumbers(1)).to.include(4);
  });
});

describe('pdf: the page a signature stands on', () => {
  const rect = [20, 30, 120, 80] as const;
  const annots: [string, Record<number, string>, number][] = [
    ['has no /Annots', {}, 1],
    ['has an array', { 3: '<< /Type /Page /Parent 2 0 R /Annots [5 0 R] >>', 5: '<< /Subtype /Link >>' }, 2],
    [
      'refers to an array',
      { 3: '<< /Type /Page /Parent 2 0 R /Annots 4 0 R >>', 4: '[5 0 R]', 5: '<< /Subtype /Link >>' },
      2,
    ],
    [
      'refers to a reference',
      { 3: '<< /Type /Page /Annots 6 0 R >>', 6: '4 0 R', 4: '[5 0 R]', 5: '<< >>' },
      2,
    ],
    ['refers to nothing', { 3: '<< /Type /Page /Parent 2 0 R /Annots 9 0 R >>' }, 1],
  ];
  for (const [what, bodies, count] of annots) {
    it(`${what}: the widget joins what is there`, () => {
      const doc = sign(minimalPdf(bodies).open(), { rect });
      const [page] = doc.pages();
      expect(doc.array(page?.dict.get('Annots'))).to.have.length(count);
    });
  }

  it('does not change itself when its annotations are an object of their own', () => {
    const [, , [, bodies]] = annots as [unknown, unknown, [string, Record<number, string>, number]];
    const doc = sign(minimalPdf(bodies).open(), { rect });
    expect(doc.changedNumbers(1)).to.include(4).and.not.include(3);
  });

  it('may be any page, but one that is there', () => {
    const two = { 2: '<< /Type /Pages /Kids [3 0 R 4 0 R] >>', 4: '<< /Type /Page >>' };
    const doc = sign(minimalPdf(two).open(), { page: 1, rect });
    expect([...doc.pages()].map((page) => page.dict.has('Annots'))).to.deep.equal([false, true]);
    expect(refusal(() => sign(minimalPdf().open(), { page: 1 }))).to.equal('pdf.page_missing');
  });

  it('shows the appearance it is given', () => {
    const appearance: FormAppearance = {
      content: Buffer.from('0 0 10 10 re f'),
      resources: PdfDict.of({ Font: PdfDict.of({ F1: new PdfRef(2) }) }),
    };
    const doc = sign(minimalPdf().open(), { rect, appearance });
    const [field] = listFields(doc);
    const normal = doc.stream(doc.dict(field?.dict.get('AP'))?.get('N'));
    expect(Buffer.from(normal?.bytes ?? []).toString()).to.equal('0 0 10 10 re f');
    expect(serialize(normal?.dict.get('BBox') ?? null)).to.equal('[0 0 100 50]');
    expect(serialize(field?.dict.get('Rect') ?? null)).to.equal('[20 30 120 80]');
  });
});

describe('pdf: the field a signature stands in', () => {
  const form = (fields: string, bodies: Record<number, string>): FileBuilder =>
    minimalPdf({ 1: `<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields ${fields} >> >>`, ...bodies });
  const empty = '<< /FT /Sig /T (Seal) /Type /Annot /Subtype /Widget /Rect [1 2 3 4] /P 3 0 R >>';

  it('is the empty one of that name', () => {
    const doc = sign(form('[4 0 R]', { 4: empty }).open(), { fieldName: 'Seal' });
    expect(listFields(doc).map((field) => field.name)).to.deep.equal(['Seal']);
    expect(only(doc).field?.ref).to.deep.equal(new PdfRef(4));
    expect(doc.changedNumbers(1)).not.to.include(3);
    expect(serialize(listFields(doc)[0]?.dict.get('Rect') ?? null)).to.equal('[1 2 3 4]');
  });

  it('gets its look on a widget of its own', () => {
    const bodies = {
      4: '<< /FT /Sig /T (Seal) /Kids [5 0 R] >>',
      5: '<< /Type /Annot /Subtype /Widget /Rect [1 2 3 4] /Parent 4 0 R >>',
    };
    const appearance = { content: Buffer.from('n'), resources: new PdfDict() };
    const doc = sign(form('[4 0 R]', bodies).open(), { fieldName: 'Seal', appearance });
    expect(doc.dict(new PdfRef(5))?.has('AP')).to.equal(true);
    expect(doc.dict(new PdfRef(4))?.has('AP')).to.equal(false);
    const plain = sign(form('[4 0 R]', bodies).open(), { fieldName: 'Seal' });
    expect(plain.changedNumbers(1)).not.to.include(5);
  });

  it('gets a widget when it has none', () => {
    const doc = sign(form('[4 0 R]', { 4: '<< /FT /Sig /T (Seal) >>' }).open(), { fieldName: 'Seal' });
    const [page] = doc.pages();
    expect(doc.array(page?.dict.get('Annots'))).to.deep.equal([new PdfRef(4)]);
  });

  it('may have its name and type from above', () => {
    const doc = sign(
      form('5 0 R', { 5: '[6 0 R]', 6: '<< /T (a) /FT /Sig /Kids [4 0 R] >>', 4: '<< /T (b) >>' }).open(),
      {
        fieldName: 'a.b',
      },
    );
    expect(only(doc).fieldName).to.equal('a.b');
  });

  it('is added where the list of fields stands', () => {
    const places: [FileBuilder, number[]][] = [
      [form('[4 0 R]', { 4: empty }), [1]],
      [form('5 0 R', { 4: empty, 5: '[4 0 R]' }), [1, 5]],
      [
        minimalPdf({
          1: '<< /Type /Catalog /Pages 2 0 R /AcroForm 5 0 R >>',
          4: empty,
          5: '<< /Fields [4 0 R] >>',
        }),
        [5],
      ],
    ];
    for (const [file, changed] of places) {
      const doc = sign(file.open());
      expect(listFields(doc).map((field) => field.name)).to.deep.equal(['Seal', 'Signature1']);
      const before = doc.at(0).objectNumbers();
      expect(doc.changedNumbers(1).filter((n) => n !== 3 && before.includes(n))).to.deep.equal(changed);
    }
  });

  it('never takes a name that is there', () => {
    const taken = { 4: '<< /T (Signature1) /Kids [5 0 R] >>', 5: '<< /T (x) /FT /Tx >>' };
    const doc = form('[4 0 R]', taken).open();
    expect(only(sign(doc)).fieldName).to.equal('Signature2');
    expect(refusal(() => sign(doc, { fieldName: 'Signature1' }))).to.equal('pdf.field_exists');
    expect(refusal(() => sign(doc, { fieldName: 'Signature1.x' }))).to.equal('pdf.field_exists');
    expect(refusal(() => sign(doc, { fieldName: 'new.name' }))).to.equal('pdf.field_name_invalid');
    expect(refusal(() => sign(doc, { fieldName: '' }))).to.equal('pdf.field_name_invalid');
    expect(refusal(() => sign(sign(doc, { fieldName: 'A' }), { fieldName: 'A' }))).to.equal(
      'pdf.field_already_signed',
    );
  });

  it('must be an object that can be changed', () => {
    const doc = form('[<< /FT /Sig /T (Seal) >>]', {}).open();
    expect(refusal(() => sign(doc, { fieldName: 'Seal' }))).to.equal('pdf.form_invalid');
  });
});

describe('pdf: what a signature permits after it', () => {
  it('is written for a certification, and into /Perms', () => {
    const signature = only(sign(minimalPdf().open(), { docMdp: 2 }));
    expect([signature.docMdp, signature.inPerms]).to.deep.equal([2, true]);
    expect(only(sign(minimalPdf().open())).docMdp).to.equal(undefined);
  });

  it('keeps other /Perms', () => {
    const doc = sign(
      minimalPdf({ 1: '<< /Type /Catalog /Pages 2 0 R /Perms 4 0 R >>', 4: '<< /UR3 5 0 R >>' }).open(),
      {
        docMdp: 3,
      },
    );
    expect([...(doc.dict(doc.catalog.get('Perms'))?.keys() ?? [])]).to.deep.equal(['UR3', 'DocMDP']);
  });

  it('is written for a lock, in the field and in the signature', () => {
    const lock = { action: 'Include', fields: ['so', 'ngày'] } as const;
    const signature = only(sign(minimalPdf().open(), { lock }));
    expect([signature.fieldMdp, signature.lock]).to.deep.equal([lock, lock]);
  });

  it('brings the appearances of the fields it locks into its own revision, unchanged, and of no others', () => {
    const look = (text: string): string =>
      `<< /Subtype /Form /BBox [0 0 9 9] /Length ${text.length} >>\nstream\n${text}\nendstream`;
    const field = (name: string, ap: string): string =>
      `<< /FT /Tx /T (${name}) /Subtype /Widget /Rect [0 0 9 9] /AP ${ap} >>`;
    const file = minimalPdf({
      1: '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R 6 0 R 8 0 R] >> >>',
      4: field('so', '<< /N 5 0 R >>'),
      5: look('so 01'),
      6: field('ngay', '<< /N 7 0 R >>'),
      7: look('ngay 02'),
      8: field('o', '<< /N << /Off 5 0 R >> >>'),
    });
    const renewed = (doc: PdfDocument): number[] =>
      [5, 7].filter((number) => doc.revision.numbers().has(number));
    const first = sign(file.open(), { lock: { action: 'Include', fields: ['so', 'o'] } });
    expect(renewed(first)).to.deep.equal([5]);
    const ref = new PdfRef(5, 0);
    expect(equalObjects(first.get(ref), file.open().get(ref))).to.equal(true);
    // What is locked already stays untouched.
    const second = sign(first, { lock: { action: 'All', fields: [] } });
    expect(renewed(second)).to.deep.equal([7]);
    expect(renewed(sign(file.open()))).to.deep.equal([]);
  });

  it('leaves large appearances where they are', () => {
    const picture = 'x'.repeat(1024 * 1024 + 1);
    const file = minimalPdf({
      1: '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R] >> >>',
      4: '<< /FT /Tx /T (so) /Subtype /Widget /Rect [0 0 9 9] /AP << /N 5 0 R >> >>',
      5: `<< /Length ${picture.length} >>\nstream\n${picture}\nendstream`,
    });
    const doc = sign(file.open(), { lock: { action: 'All', fields: [] } });
    expect(doc.revision.numbers().has(5)).to.equal(false);
  });

  it('is taken from the lock the field already has', () => {
    const file = minimalPdf({
      1: '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R] >> >>',
      4: '<< /FT /Sig /T (Seal) /Lock << /Action /All /P 1 >> >>',
    });
    const signature = only(sign(file.open(), { fieldName: 'Seal' }));
    expect(signature.fieldMdp).to.deep.equal({ action: 'All', fields: [] });
    expect(signature.lock).to.deep.equal({ action: 'All', fields: [], permission: 1 });
  });

  it('cannot put a permission into a field of a document that is signed already', () => {
    const file = minimalPdf({
      1: '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R] >> >>',
      4: '<< /FT /Sig /T (Seal) >>',
    });
    const lock = { action: 'All', fields: [], permission: 1 } as const;
    expect(only(sign(file.open(), { fieldName: 'Seal', lock })).lock).to.deep.equal(lock);
    const signed = sign(file.open());
    expect(refusal(() => sign(signed, { fieldName: 'Seal', lock }))).to.equal('pdf.changes_forbidden');
  });

  it('is respected', () => {
    const certified = (docMdp: 1 | 2): PdfDocument => sign(minimalPdf().open(), { docMdp });
    expect(refusal(() => sign(certified(1)))).to.equal('pdf.changes_forbidden');
    expect(refusal(() => sign(certified(2)))).to.equal(undefined);
    expect(refusal(() => sign(certified(2), { docMdp: 2 }))).to.equal('pdf.certification_not_first');
    expect(refusal(() => sign(certified(1), { type: 'DocTimeStamp', subFilter: 'ETSI.RFC3161' }))).to.equal(
      undefined,
    );
    const locked = sign(minimalPdf().open(), { lock: { action: 'Exclude', fields: ['open', 'group'] } });
    expect(refusal(() => sign(locked, { fieldName: 'closed' }))).to.equal('pdf.field_locked');
    expect(refusal(() => sign(locked, { fieldName: 'open' }))).to.equal(undefined);
  });
});

describe('pdf: finding signatures', () => {
  const SIGNATURE = '<< /Type /Sig /SubFilter /x /ByteRange [0 1 2 3] /Contents <00> >>';
  const form = (fields: string, bodies: Record<number, string>, catalog = ''): PdfDocument =>
    minimalPdf({
      1: `<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields ${fields} >> ${catalog} >>`,
      ...bodies,
    }).open();

  it('finds none where there is no form, or no field with a value', () => {
    expect(listSignatures(minimalPdf().open())).to.deep.equal([]);
    expect(listSignatures(form('[4 0 R 9 0 R 7]', { 4: '<< /FT /Sig /T (a) >>' }))).to.deep.equal([]);
    expect(listSignatures(form('[4 0 R]', { 4: `<< /FT /Tx /T (a) /V ${SIGNATURE} >>` }))).to.deep.equal([]);
  });

  it('finds one that stands directly in its field', () => {
    const doc = form('[4 0 R]', { 4: `<< /FT /Sig /T (a) /V ${SIGNATURE} >>` });
    const signature = only(doc);
    expect(signature.ref).to.equal(undefined);
    const { start = 0, end = 0 } = signature.contentsSpan ?? {};
    expect(Buffer.from(doc.source.read(start, end)).toString()).to.equal('<00>');
  });

  it('takes the place of /Contents from the dictionary, whatever a text looks like', () => {
    const decoy = '(/Contents <ff> /ByteRange [9 9 9 9])';
    const doc = form('[4 0 R]', {
      4: '<< /FT /Sig /T (a) /V 5 0 R >>',
      5: `<< /Reason ${decoy} /Prop_Build << /Contents <ee> >> /ByteRange [0 1 2 3] /Contents <00> >>`,
    });
    const { start = 0, end = 0 } = only(doc).contentsSpan ?? {};
    expect(Buffer.from(doc.source.read(start, end)).toString()).to.equal('<00>');
    expect(only(doc).byteRange).to.deep.equal([0, 1, 2, 3]);
  });

  it('knows no place for /Contents that is a reference or in an object stream', () => {
    const field = { 4: '<< /FT /Sig /T (a) /V 5 0 R >>' };
    const indirect = form('[4 0 R]', {
      ...field,
      5: '<< /ByteRange [0 1 2 3] /Contents 6 0 R >>',
      6: '<00>',
    });
    expect([only(indirect).contentsSpan, only(indirect).contents.length]).to.deep.equal([undefined, 1]);
    const catalog = '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R] >> >>';
    expect(only(compressedPdf({ 1: catalog, ...field, 5: SIGNATURE }).open()).contentsSpan).to.equal(
      undefined,
    );
  });

  it('tells of names used twice and of dictionaries shared by fields', () => {
    const doc = form('[4 0 R 5 0 R 6 0 R]', {
      4: '<< /FT /Sig /T (a) /V 7 0 R >>',
      5: '<< /FT /Sig /T (a) /V 8 0 R >>',
      6: '<< /FT /Sig /T (c) /V 7 0 R >>',
      7: SIGNATURE,
      8: SIGNATURE,
    });
    expect(listSignatures(doc).map((s) => [s.fieldName, s.duplicateName, s.alsoIn])).to.deep.equal([
      ['a', true, ['c']],
      ['a', true, []],
      ['c', false, ['a']],
    ]);
  });

  it('finds a certification that only /Perms names', () => {
    const doc = form('[]', { 5: SIGNATURE }, '/Perms << /DocMDP 5 0 R >>');
    expect([only(doc).fieldName, only(doc).inPerms]).to.deep.equal([undefined, true]);
  });

  it('tells a time stamp by its sub-filter, then by its type', () => {
    const type = (entries: string): string =>
      only(form('[4 0 R]', { 4: `<< /FT /Sig /T (a) /V << ${entries} /Contents <00> >> >>` })).type;
    expect(type('/Type /Sig /SubFilter /ETSI.RFC3161')).to.equal('timestamp');
    expect(type('/SubFilter /ETSI.RFC3161')).to.equal('timestamp');
    expect(type('/Type /DocTimeStamp')).to.equal('timestamp');
    expect(type('/Type /DocTimeStamp /SubFilter /adbe.pkcs7.detached')).to.equal('signature');
  });

  it('reads transform parameters that are missing or wrong as the standard says', () => {
    const read = (reference: string): [unknown, unknown] => {
      const signature = only(
        form('[4 0 R]', { 4: `<< /FT /Sig /T (a) /V << /Reference ${reference} >> >>` }),
      );
      return [signature.docMdp, signature.fieldMdp];
    };
    expect(read('[<< /TransformMethod /DocMDP >>]')).to.deep.equal([2, undefined]);
    expect(read('[<< /TransformMethod /DocMDP /TransformParams << /P 9 >> >>]')).to.deep.equal([
      2,
      undefined,
    ]);
    expect(read('[<< /TransformMethod /UR3 >> 7]')).to.deep.equal([undefined, undefined]);
    expect(read('[<< /TransformMethod /FieldMDP /TransformParams << /Action /X >> >>]')).to.deep.equal([
      undefined,
      undefined,
    ]);
  });

  it('ends on a field tree that is a circle, too deep or too wide', () => {
    expect(listFields(form('[4 0 R]', { 4: '<< /T (a) /Kids [4 0 R] >>' }))).to.deep.equal([]);
    const deep = Object.fromEntries(
      Array.from({ length: 200 }, (_, i) => [i + 10, `<< /T (x) /Kids [${i + 11} 0 R] >>`]),
    );
    expect(refusal(() => listFields(form('[10 0 R]', { ...deep, 210: '<< /T (x) >>' })))).to.equal(
      'pdf.too_deep',
    );
    const file = minimalPdf({
      1: '<< /Pages 2 0 R /AcroForm << /Fields [<< /T (a) >> << /T (b) >> << /T (c) >>] >> >>',
    });
    const doc = openPdf(bytesSource(file.bytes), { limits: { nodes: 2 } });
    expect(refusal(() => listFields(doc))).to.equal('pdf.too_complex');
  });

  it('counts children where they are named, since fields may share one list of them', () => {
    const kids = Array.from({ length: 30 }, (_, i) => `${i + 10} 0 R`).join(' ');
    const bodies = Object.fromEntries(
      Array.from({ length: 30 }, (_, i) => [i + 10, '<< /T (x) /Kids 5 0 R >>']),
    );
    const file = minimalPdf({
      1: '<< /Pages 2 0 R /AcroForm << /Fields 5 0 R >> >>',
      5: `[${kids}]`,
      ...bodies,
    });
    const doc = openPdf(bytesSource(file.bytes), { limits: { nodes: 100 } });
    expect(refusal(() => listFields(doc))).to.equal('pdf.too_complex');
  });

  it('refuses more signatures, locks and references than its limits', () => {
    const dictionary = `<< /Reference [${'<< /TransformMethod /FieldMDP /TransformParams 6 0 R >> '.repeat(2)}] >>`;
    const file = minimalPdf({
      1: '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R 7 0 R] >> >>',
      4: '<< /FT /Sig /T (a) /V 5 0 R >>',
      5: dictionary,
      6: '<< /Action /Include /Fields [(a) (b) (c)] >>',
      7: '<< /FT /Sig /T (b) /V 5 0 R >>',
    });
    const code = (limits: object): string | undefined =>
      refusal(() => listSignatures(openPdf(bytesSource(file.bytes), { limits })));
    expect(code({})).to.equal(undefined);
    expect(code({ signatures: 1 })).to.equal('pdf.too_complex');
    expect(code({ lockedFields: 2 })).to.equal('pdf.too_complex');
    const many = form('[4 0 R]', { 4: `<< /FT /Sig /T (a) /V << /Reference [${'null '.repeat(50)}] >> >>` });
    expect(refusal(() => listSignatures(many))).to.equal('pdf.too_complex');
  });

  it('reads a document as a whole from an update that is being made', () => {
    const update = new IncrementalUpdate(
      form('[4 0 R]', { 4: '<< /FT /Tx /T (a) /Ff 3 /Kids [<< /Rect [0 0 1 1] >>] >>' }),
    );
    const [field] = listFields(update);
    expect([field?.name, field?.flags, field?.widgets.length]).to.deep.equal(['a', 3, 1]);
  });
});

describe('pdf: what a byte range covers', () => {
  /** A signed file whose /ByteRange is replaced after the fact. */
  function withRange(range: (actual: readonly number[], length: number) => string): string {
    const file = minimalPdf();
    const prepared = prepareSignature(file.open(), PLAIN);
    const bytes = Buffer.concat([file.bytes, prepared.embed(CMS)]);
    const at = bytes.indexOf('/ByteRange [');
    const end = bytes.indexOf(']', at);
    bytes.write(`/ByteRange [${range(prepared.byteRange, bytes.length)}`.padEnd(end - at), at, 'latin1');
    const doc = openPdf(bytesSource(bytes));
    const { coverage, fault } = signatureCoverage(doc, only(doc));
    return fault ? `${coverage}: ${fault}` : coverage;
  }

  const cases: [string, (r: readonly number[], length: number) => string, string][] = [
    ['is right', (r) => r.join(' '), 'whole-file'],
    ['has three numbers', (r) => r.slice(0, 3).join(' '), 'invalid: byte-range-malformed'],
    ['has a real number', ([, b, c, d]) => `0.5 ${b} ${c} ${d}`, 'invalid: byte-range-malformed'],
    ['does not begin at 0', ([, b = 0, c, d]) => `1 ${b - 1} ${c} ${d}`, 'invalid: byte-range-order'],
    ['has an empty part', ([, b = 0, , d]) => `0 0 ${b} ${d}`, 'invalid: byte-range-order'],
    ['has a negative number', ([, b, c]) => `0 ${b} ${c} -1`, 'invalid: byte-range-order'],
    ['overlaps itself', ([, b = 0, , d]) => `0 ${b} ${b - 9} ${d}`, 'invalid: byte-range-order'],
    ['goes past the end', ([, b, c, d = 0]) => `0 ${b} ${c} ${d + 1}`, 'invalid: beyond-end-of-file'],
    ['leaves a byte more out', ([, b = 0, c, d]) => `0 ${b - 1} ${c} ${d}`, 'invalid: gap-is-not-contents'],
    ['leaves a byte less out', ([, b = 0, c, d]) => `0 ${b + 1} ${c} ${d}`, 'invalid: gap-is-not-contents'],
    [
      'leaves only the digits out',
      ([, b = 0, c = 0, d = 0]) => `0 ${b + 1} ${c - 1} ${d + 1}`,
      'invalid: gap-is-not-contents',
    ],
    ['leaves the last line end out', ([, b, c, d = 0]) => `0 ${b} ${c} ${d - 1}`, 'whole-revision'],
    [
      'ends inside the revision',
      ([, b, c, d = 0]) => `0 ${b} ${c} ${d - 3}`,
      'partial: ends-inside-revision',
    ],
    ['ends in the revision before', ([, b, c]) => `0 ${b} ${c} 9`, 'partial: ends-inside-revision'],
  ];
  for (const [what, range, expected] of cases) {
    it(`that ${what}: ${expected}`, () => {
      expect(withRange(range)).to.equal(expected);
    });
  }

  it('is invalid when a key stands twice or /Contents has no place', () => {
    const judge = (dictionary: string): string | undefined => {
      const doc = minimalPdf({
        1: '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R] >> >>',
        4: '<< /FT /Sig /T (a) /V 5 0 R >>',
        5: dictionary,
        6: '<00>',
      }).open();
      return signatureCoverage(doc, only(doc)).fault;
    };
    expect(judge('<< /ByteRange [0 1 2 3] /Contents 6 0 R >>')).to.equal('contents-not-in-place');
    expect(judge('<< /ByteRange [0 1 2 3] /Contents <00> /Contents <01> >>')).to.equal('repeated-keys');
    expect(judge('<< /Contents <00> >>')).to.equal('byte-range-malformed');
  });

  it('is whole-revision, no longer whole-file, once a byte follows', () => {
    const signed = sign(minimalPdf().open()).source;
    const doc = openPdf(bytesSource(Buffer.concat([signed.read(0, signed.length), Buffer.from('\n')])));
    expect(coverageOf(doc)).to.deep.equal(['whole-revision']);
  });

  it('is invalid for a dictionary rewritten in a later revision', () => {
    const signed = sign(minimalPdf().open());
    const { dict, ref } = only(signed);
    const update = new IncrementalUpdate(signed);
    update.set(ref ?? update.reserve(), dict.with({ Reason: PdfName.of('Changed') }));
    const bytes = Buffer.concat([signed.source.read(0, signed.source.length), update.finish().bytes]);
    const doc = openPdf(bytesSource(bytes));
    expect(signatureCoverage(doc, only(doc)).coverage).to.equal('invalid');
  });
});
