import { expect } from 'chai';
import fc from 'fast-check';
import { bytesSource, joinedSource } from '../../server/pdf/byte-source.ts';
import type { PdfDocument } from '../../server/pdf/document.ts';
import { PdfDict, PdfName, PdfRef, PdfStream, PdfString } from '../../server/pdf/objects.ts';
import { openPdf } from '../../server/pdf/open-pdf.ts';
import { IncrementalUpdate } from '../../server/pdf/update/incremental-update.ts';
import { compressedPdf, FileBuilder, minimalObjects, minimalPdf, refusal } from './file-builder.ts';

/** The document with the update behind it. */
function applied(update: IncrementalUpdate): PdfDocument {
  const { source } = update.doc;
  const bytes = Buffer.concat([source.read(0, source.length), update.finish().bytes]);
  return openPdf(bytesSource(bytes));
}

const appendedText = (update: IncrementalUpdate): string => update.finish().bytes.toString('latin1');

describe('pdf: an incremental update', () => {
  for (const [kind, file] of [
    ['table', minimalPdf({ 4: '(old)' })],
    ['stream', compressedPdf({ 4: '(old)' })],
  ] as const) {
    it(`of a file with a cross-reference ${kind} is one more revision of the same kind`, () => {
      const update = new IncrementalUpdate(file.open());
      update.set(new PdfRef(4), PdfString.text('mới'));
      const added = update.add(PdfDict.of({ A: 1 }));
      const doc = applied(update);
      expect(doc.revisions.map((r) => [r.sections[0]?.kind, r.closed])).to.deep.equal([
        [kind, true],
        [kind, true],
      ]);
      expect([doc.text(new PdfRef(4)), doc.at(0).text(new PdfRef(4))]).to.deep.equal(['mới', 'old']);
      expect(doc.dict(added)?.get('A')).to.equal(1);
      expect([...doc.pages()]).to.have.length(1);
      expect(Number(doc.trailer.get('Size'))).to.be.greaterThan(Math.max(...doc.objectNumbers()));
    });
  }

  it('is seen through before it is written', () => {
    const update = new IncrementalUpdate(minimalPdf({ 4: '(old)' }).open());
    const reserved = update.reserve();
    expect([update.text(new PdfRef(4)), update.get(reserved)]).to.deep.equal(['old', null]);
    update.set(new PdfRef(4), PdfString.text('new'));
    update.set(reserved, 7);
    expect([update.text(new PdfRef(4)), update.number(reserved)]).to.deep.equal(['new', 7]);
    expect(update.get(new PdfRef(reserved.number, 3))).to.equal(null);
  });

  it('may be empty', () => {
    const doc = applied(new IncrementalUpdate(minimalPdf().open()));
    expect(doc.changedNumbers(1)).to.deep.equal([]);
  });

  it('keeps what the trailer had and drops what belonged to one section', () => {
    const trailer = '/Info 4 0 R /Custom (kept) /ID [<aa> <bb>]';
    for (const file of [minimalPdf({ 4: '<< >>' }, trailer), compressedPdf({ 4: '<< >>' }, trailer)]) {
      const doc = applied(new IncrementalUpdate(file.open()));
      expect(doc.trailer.get('Info')).to.deep.equal(new PdfRef(4));
      expect(doc.text(doc.trailer.get('Custom'))).to.equal('kept');
      const isStream = doc.revision.sections[0]?.kind === 'stream';
      expect(['Filter', 'XRefStm', 'W'].map((key) => doc.trailer.has(key))).to.deep.equal([
        false,
        false,
        isStream,
      ]);
    }
  });

  it('changes the second half of the file identifier only, by what is written', () => {
    const idOf = (value: string): string[] => {
      const update = new IncrementalUpdate(minimalPdf({}, '/ID [<aa> <bb>]').open());
      update.add(PdfString.text(value));
      const doc = applied(update);
      return (doc.array(doc.trailer.get('ID')) ?? []).map((id) =>
        Buffer.from(doc.string(id)?.bytes ?? []).toString('hex'),
      );
    };
    const [first, second] = idOf('one');
    expect([first, second?.length]).to.deep.equal(['aa', 32]);
    expect(idOf('one')).to.deep.equal(idOf('one'));
    expect(idOf('two')[1]).not.to.equal(second);
  });

  it('gives an identifier to a file that has none', () => {
    const doc = applied(new IncrementalUpdate(minimalPdf({}, '').open()));
    const [a, b] = doc.array(doc.trailer.get('ID')) ?? [];
    expect(a).to.be.instanceOf(PdfString);
    expect(a).to.deep.equal(b);
  });

  it('takes numbers above every one in use, whatever /Size says', () => {
    const file = new FileBuilder();
    for (const [number, body] of Object.entries(minimalObjects({ 70: '(high)' })))
      file.object(Number(number), body);
    const doc = file.table('/Root 1 0 R /Size 4').open();
    expect(new IncrementalUpdate(doc).reserve().number).to.equal(71);
  });

  it('begins on a line of its own', () => {
    const begins = (end: string): string => {
      const file = minimalPdf().bytes;
      const trimmed = Buffer.concat([file.subarray(0, -1), Buffer.from(end)]);
      return appendedText(new IncrementalUpdate(openPdf(bytesSource(trimmed)))).slice(0, 5);
    };
    expect(['', '\n', '\r', '\r\n'].map(begins)).to.deep.equal(['\nxref', 'xref\n', 'xref\n', 'xref\n']);
  });

  it('of a hybrid file overrides a hidden object', () => {
    const file = new FileBuilder();
    for (const [number, body] of Object.entries(minimalObjects())) file.object(Number(number), body);
    file.objectStream(5, { 4: '(hidden)' });
    const hiddenAt = file.length;
    file
      .xrefStream(6, '/Size 7', { hidden: true })
      .table(`/Root 1 0 R /Size 7 /XRefStm ${hiddenAt}`, { free: [0, 4] });
    const update = new IncrementalUpdate(file.open());
    update.set(new PdfRef(4), PdfString.text('changed'));
    const doc = applied(update);
    expect([doc.text(new PdfRef(4)), doc.at(0).text(new PdfRef(4))]).to.deep.equal(['changed', 'hidden']);
    expect(doc.trailer.has('XRefStm')).to.equal(false);
  });

  it('counts offsets from a header that does not stand first', () => {
    const file = new FileBuilder('junk\n%PDF-1.7\n', 5);
    for (const [number, body] of Object.entries(minimalObjects())) file.object(Number(number), body);
    const update = new IncrementalUpdate(file.table('/Root 1 0 R /Size 4').open());
    const added = update.add(PdfString.text('added'));
    const doc = applied(update);
    expect([doc.text(added), doc.revision.closed]).to.deep.equal(['added', true]);
  });

  it('makes every stream an object of its own, once', () => {
    const update = new IncrementalUpdate(minimalPdf().open());
    const font = new PdfStream(PdfDict.of({ Length: 99 }), Buffer.from('font data'));
    const outer = new PdfStream(PdfDict.of({ Fonts: [font, font] }), Buffer.from('outer'));
    const ref = update.add(PdfDict.of({ Outer: outer }));
    const doc = applied(update);
    const [one, two] = doc.array(doc.stream(doc.dict(ref)?.get('Outer'))?.dict.get('Fonts')) ?? [];
    expect(one).to.be.instanceOf(PdfRef);
    expect(one).to.deep.equal(two);
    const stream = doc.stream(one);
    expect([stream?.dict.get('Length'), Buffer.from(stream?.bytes ?? []).toString()]).to.deep.equal([
      9,
      'font data',
    ]);
  });

  it('writes streams of the file again without undoing their filters', () => {
    const file = new FileBuilder();
    for (const [number, body] of Object.entries(minimalObjects())) file.object(Number(number), body);
    file.stream(4, '/Filter /ASCIIHexDecode', '4142>', '5 0 R').object(5, '5').table('/Root 1 0 R /Size 6');
    const update = new IncrementalUpdate(file.open());
    const old = update.stream(new PdfRef(4));
    if (!old) throw new Error('no stream');
    update.set(new PdfRef(4), new PdfStream(old.dict.with({ New: true }), old.bytes));
    const doc = applied(update);
    const stream = doc.stream(new PdfRef(4));
    expect(stream && Buffer.from(doc.decode(stream)).toString()).to.equal('AB');
    expect(stream?.dict.get('New')).to.equal(true);
  });

  it('keeps generations', () => {
    const file = new FileBuilder();
    for (const [number, body] of Object.entries(minimalObjects())) file.object(Number(number), body);
    const update = new IncrementalUpdate(file.object(4, '(seven)', 7).table('/Root 1 0 R /Size 5').open());
    update.set(new PdfRef(4, 7), PdfString.text('eight'));
    expect(applied(update).text(new PdfRef(4, 7))).to.equal('eight');
  });

  it('is refused for an encrypted document that cannot be opened', () => {
    const doc = minimalPdf({}, '/Encrypt 5 0 R').open();
    expect(refusal(() => new IncrementalUpdate(doc))).to.equal('pdf.encryption_invalid');
  });

  it('never changes an earlier byte, and reads back what was set, many times over', () => {
    const steps = fc.array(
      fc.array(fc.tuple(fc.integer({ min: 4, max: 9 }), fc.string()), { maxLength: 4 }),
      {
        maxLength: 5,
      },
    );
    fc.assert(
      fc.property(fc.boolean(), steps, (compressed, revisions) => {
        let bytes = (compressed ? compressedPdf : minimalPdf)({ 9: '(first)' }).bytes;
        const expected = new Map<number, string>([[9, 'first']]);
        for (const changes of revisions) {
          const update = new IncrementalUpdate(openPdf(bytesSource(bytes)));
          for (const [number, text] of changes) {
            update.set(new PdfRef(number), PdfString.text(text));
            expected.set(number, text);
          }
          const before = Buffer.from(bytes);
          const joined = joinedSource(bytesSource(bytes), update.finish().bytes);
          bytes = Buffer.from(joined.read(0, joined.length));
          expect(bytes.subarray(0, before.length).equals(before)).to.equal(true);
        }
        const doc = openPdf(bytesSource(bytes));
        expect(doc.revisions).to.have.length(revisions.length + 1);
        for (const [number, text] of expected) expect(doc.text(new PdfRef(number))).to.equal(text);
      }),
      { numRuns: 60 },
    );
  });
});

describe('pdf: a file and its update as one source', () => {
  it('reads across the seam', () => {
    const joined = joinedSource(bytesSource(Buffer.from('abc')), Buffer.from('def'));
    const read = (start: number, end: number): string => Buffer.from(joined.read(start, end)).toString();
    expect([read(0, 3), read(3, 6), read(2, 4), read(0, 6), read(4, 5)]).to.deep.equal([
      'abc',
      'def',
      'cd',
      'abcdef',
      'e',
    ]);
  });

  it('can be opened', () => {
    const update = new IncrementalUpdate(minimalPdf().open());
    const added = update.add(PdfName.of('Added'));
    const doc = openPdf(joinedSource(update.doc.source, update.finish().bytes));
    expect(doc.name(added)).to.equal('Added');
  });
});
