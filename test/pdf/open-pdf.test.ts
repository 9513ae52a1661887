import { expect } from 'chai';
import fc from 'fast-check';
import { type ByteSource, bytesSource } from '../../server/pdf/byte-source.ts';
import { PdfDict, PdfRef, PdfStream } from '../../server/pdf/objects.ts';
import { openPdf } from '../../server/pdf/open-pdf.ts';
import { listSignatures } from '../../server/pdf/signatures/list-signatures.ts';
import { prepareSignature } from '../../server/pdf/signatures/prepare-signature.ts';
import { compressedPdf, FileBuilder, minimalObjects, minimalPdf, refusal } from './file-builder.ts';

const TRAILER = '/Root 1 0 R /Size 4';

/** The minimal objects on a builder that is not finished. */
function begun(builder = new FileBuilder(), bodies: Record<number, string> = {}): FileBuilder {
  for (const [number, body] of Object.entries(minimalObjects(bodies))) builder.object(Number(number), body);
  return builder;
}

/** Read in windows, as from a disk. */
const windowed = (bytes: Uint8Array): ByteSource => ({
  length: bytes.length,
  read: (start, end) => bytes.slice(start, end),
});

describe('pdf: opening a file', () => {
  it('reads a table, its trailer and its objects', () => {
    const doc = minimalPdf().open();
    expect(doc.version).to.equal('1.7');
    expect(doc.revisions).to.have.length(1);
    expect(doc.encrypted).to.equal(false);
    expect(doc.objectNumbers()).to.deep.equal([1, 2, 3]);
    expect(doc.name(doc.catalog.get('Type'))).to.equal('Catalog');
    expect([...doc.pages()].map((page) => page.ref.number)).to.deep.equal([3]);
  });

  it('reads a cross-reference stream and objects in an object stream', () => {
    const doc = compressedPdf({ 4: '(in a stream)' }).open();
    expect(doc.text(new PdfRef(4))).to.equal('in a stream');
    expect([...doc.pages()]).to.have.length(1);
    expect(doc.locate(4)?.entry.kind).to.equal('compressed');
  });

  it('undoes the predictor of a cross-reference stream', () => {
    const doc = begun().xrefStream(4, '/Root 1 0 R /Size 5', { predictor: true }).open();
    expect([...doc.pages()]).to.have.length(1);
  });

  it('reads the same through windows', () => {
    for (const file of [minimalPdf({ 4: `(${'x'.repeat(20_000)})` }), compressedPdf()]) {
      const whole = file.open();
      const doc = openPdf(windowed(file.bytes));
      for (const number of whole.objectNumbers()) {
        const ref = whole.refOf(number) ?? new PdfRef(0);
        const [a, b] = [whole.get(ref), doc.get(ref)];
        if (a instanceof PdfStream && b instanceof PdfStream) expect(b.bytes).to.deep.equal(a.bytes);
        else expect(b).to.deep.equal(a);
      }
    }
  });

  it('reads a hybrid file: what the table calls free stands in the hidden stream', () => {
    const file = begun().objectStream(5, { 4: '(hidden)' });
    const hiddenAt = file.length;
    file.xrefStream(6, '/Size 7', { hidden: true });
    file.table(`/Root 1 0 R /Size 7 /XRefStm ${hiddenAt}`, { free: [0, 4] });
    const doc = file.open();
    expect(doc.text(new PdfRef(4))).to.equal('hidden');
    expect(doc.revisions).to.have.length(1);
    expect(doc.objectNumbers()).to.deep.equal([1, 2, 3, 4, 5]);
  });

  it('lets the table of a hybrid file win where it has an object itself', () => {
    const file = begun(new FileBuilder(), { 4: '(in the table)' }).objectStream(5, { 4: '(hidden)' });
    const hiddenAt = file.length;
    file.xrefStream(6, '/Size 7', { hidden: true }).table(`/Root 1 0 R /Size 7 /XRefStm ${hiddenAt}`);
    expect(file.open().text(new PdfRef(4))).to.equal('in the table');
  });

  it('accepts that later revisions name the same hidden stream again', () => {
    const file = begun().objectStream(5, { 4: '(hidden)' });
    const hiddenAt = file.length;
    file.xrefStream(6, '/Size 7', { hidden: true }).table(`/Root 1 0 R /Size 7 /XRefStm ${hiddenAt}`);
    file.object(7, '(later)').table(`/Root 1 0 R /Size 8 /XRefStm ${hiddenAt}`);
    const doc = file.open();
    expect([doc.text(new PdfRef(4)), doc.text(new PdfRef(7))]).to.deep.equal(['hidden', 'later']);
    expect(doc.writtenIn(4)?.index).to.equal(0);
  });

  it('counts offsets from the header when something stands before it', () => {
    const junk = 'From: a mail gateway\r\n\r\n';
    const doc = begun(new FileBuilder(`${junk}%PDF-1.4\n`, junk.length))
      .table(TRAILER)
      .open();
    expect(doc.headerOffset).to.equal(junk.length);
    expect([...doc.pages()]).to.have.length(1);
    expect(doc.version).to.equal('1.4');
  });

  it('takes the later version of header and catalog', () => {
    const version = (entry: string): string =>
      minimalPdf({ 1: `<< /Type /Catalog /Pages 2 0 R /Version /${entry} >>` }).open().version;
    expect([version('2.0'), version('1.3')]).to.deep.equal(['2.0', '1.7']);
  });

  it('accepts entries that end in any one or two characters', () => {
    for (const eol of ['\n', '\r', '\r\n', ' \r']) {
      expect([...begun().table(TRAILER, { eol }).open().pages()], JSON.stringify(eol)).to.have.length(1);
    }
  });

  it('accepts a missing end mark, and says so', () => {
    const [revision] = begun().table(TRAILER, { end: '\n' }).open().revisions;
    expect([revision?.closed, revision?.endMark]).to.deep.equal([false, undefined]);
  });

  it('accepts a startxref at the white space before its section, and nothing else before it', () => {
    const closed = (before: string): boolean | undefined => {
      const file = begun();
      const at = file.length;
      file.text(
        `${before}xref\n0 1\n0000000000 65535 f \ntrailer << ${TRAILER} >>\nstartxref\n${at}\n%%EOF\n`,
      );
      return file.open().revision.closed;
    };
    expect([closed('\r\n'), closed(''), closed(' '.repeat(99))]).to.deep.equal([true, true, false]);
    expect(refusal(() => closed('% comment\n'))).to.equal('pdf.syntax');
  });

  it('takes an object in use at offset 0 for free, and a previous section at 0 for none', () => {
    const file = begun();
    const at = file.length;
    const rows = Object.keys(minimalObjects()).map((n) => file.bytes.indexOf(`\n${n} 0 obj`) + 1);
    file.text(
      `xref\n0 5\n0000000000 65535 f \n${rows.map((o) => `${String(o).padStart(10, '0')} 00000 n \n`).join('')}`,
    );
    file.text(`0000000000 00000 n \ntrailer << ${TRAILER} /Prev 0 >>\nstartxref\n${at}\n%%EOF`);
    const doc = file.open();
    expect(doc.get(new PdfRef(4))).to.equal(null);
    expect(doc.objectNumbers()).to.deep.equal([1, 2, 3]);
  });

  const refused: [string, string, () => Uint8Array][] = [
    ['nothing', 'pdf.not_a_pdf', () => Buffer.alloc(0)],
    ['what is no PDF', 'pdf.not_a_pdf', () => Buffer.from('PK\x03\x04 not a PDF')],
    ['a header alone', 'pdf.startxref_missing', () => Buffer.from('%PDF-1.7\n')],
    ['startxref without a number', 'pdf.syntax', () => Buffer.from('%PDF-1.7\nstartxref\nabc')],
    ['startxref beyond the end', 'pdf.truncated', () => Buffer.from('%PDF-1.7\nstartxref\n99999\n%%EOF')],
    [
      'startxref at what is no section',
      'pdf.xref_invalid',
      () => Buffer.from('%PDF-1.7\n1 0 obj << >> endobj\nstartxref\n9\n%%EOF'),
    ],
    ['a file cut in the middle', 'pdf.startxref_missing', () => minimalPdf().bytes.subarray(0, 300)],
  ];
  for (const [what, code, bytes] of refused) {
    it(`refuses ${what}`, () => {
      expect(refusal(() => openPdf(bytesSource(bytes())))).to.equal(code);
    });
  }

  it('refuses damaged sections', () => {
    const section = (text: string): string | undefined => {
      const file = begun();
      const at = file.length;
      return refusal(() => file.text(`${text}\nstartxref\n${at}\n%%EOF\n`).open());
    };
    const trailer = `trailer\n<< ${TRAILER} >>`;
    expect(section(`xref\n0 1\n0000000000 65535 x \n${trailer}`)).to.equal('pdf.xref_invalid');
    expect(section(`xref\n0 1\n000000z000 65535 f \n${trailer}`)).to.equal('pdf.xref_invalid');
    expect(section(`xref\n0 99999999\n${trailer}`)).to.equal('pdf.xref_invalid');
    // A generation that cannot be written back.
    expect(section(`xref\n1 1\n0000000009 65536 n \n${trailer}`)).to.equal('pdf.xref_invalid');
    expect(section(`xref\nabc\n${trailer}`)).to.equal('pdf.xref_invalid');
    expect(section(`xref\n4294967295 1\n0000000000 65535 f \n${trailer}`)).to.equal('pdf.xref_invalid');
    expect(section(`xref\n0 1\n0000000000 65535 f \n0 1\n0000000000 65535 f \n${trailer}`)).to.equal(
      'pdf.xref_invalid',
    );
    expect(section(`xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Root 1 0 R /Root 2 0 R >>`)).to.equal(
      'pdf.xref_invalid',
    );
    expect(section(`xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Prev /Name >>`)).to.equal(
      'pdf.xref_invalid',
    );
  });

  it('refuses damaged cross-reference streams', () => {
    const stream = (dict: string, data = '\0\0\0\0\0\0'): string | undefined => {
      const file = begun();
      const at = file.length;
      return refusal(() =>
        file.stream(4, `/Type /XRef ${dict}`, data).text(`startxref\n${at}\n%%EOF\n`).open(),
      );
    };
    expect(stream('/W [1 4 1] /Size 2')).to.equal('pdf.xref_invalid');
    expect(stream('/W [0 0 0] /Size 2')).to.equal('pdf.xref_invalid');
    expect(stream('/W [1 4] /Size 1')).to.equal('pdf.xref_invalid');
    expect(stream('/W [1 40 1] /Size 1')).to.equal('pdf.xref_invalid');
    expect(stream('/W [1 -4 1] /Size 1')).to.equal('pdf.xref_invalid');
    expect(stream('/W 3 /Size 1')).to.equal('pdf.xref_invalid');
    expect(stream('/W [1 4 1] /Index [0]')).to.equal('pdf.xref_invalid');
    expect(stream('/W [1 4 1] /Index [0 1] /Filter 5 0 R')).to.equal('pdf.xref_invalid');
    expect(stream('/W [1 1 3] /Index [0 1]', '\x01\x09\x01\0\0')).to.equal('pdf.xref_invalid');
    expect(stream('/W [1 0 5] /Index [0 1]', '\x01\xff\xff\xff\xff\xff')).to.equal('pdf.xref_invalid');
    expect(stream('/W [1 4 1] /Size 1 /Root 1 0 R /Length 99')).to.equal('pdf.xref_invalid');
  });

  it('refuses a chain of sections that runs in a circle', () => {
    const file = begun();
    const at = file.length;
    file.text(
      `xref\n0 1\n0000000000 65535 f \ntrailer << ${TRAILER} /Prev ${at} >>\nstartxref\n${at}\n%%EOF`,
    );
    expect(refusal(() => file.open())).to.equal('pdf.xref_loop');
  });

  it('refuses a section that points forward in a file that is not linearized', () => {
    const file = new FileBuilder();
    const first = file.length;
    const row = 'xref\n0 1\n0000000000 65535 f \n';
    file.text(`${row}trailer << ${TRAILER} /Prev 300 >>\n`).text(' '.repeat(300 - file.length));
    file.text(`${row}trailer << ${TRAILER} >>\nstartxref\n${first}\n%%EOF`);
    expect(refusal(() => file.open())).to.equal('pdf.xref_invalid');
  });

  it('refuses more sections, entries, decoded and parsed bytes than its limits', () => {
    const bytes = compressedPdf({ 4: `(${'x'.repeat(500)})` }).bytes;
    const code = (limits: object): string | undefined =>
      refusal(() => {
        const doc = openPdf(bytesSource(bytes), { limits });
        for (const number of doc.objectNumbers()) doc.get(new PdfRef(number));
      });
    expect(code({})).to.equal(undefined);
    expect(code({ sections: 0 })).to.equal('pdf.too_complex');
    expect(code({ entries: 3 })).to.equal('pdf.too_complex');
    expect(code({ decodedBytes: 300 })).to.equal('pdf.too_complex');
    expect(code({ totalDecodedBytes: 300 })).to.equal('pdf.too_complex');
    expect(code({ parsedBytes: 100, parsedTimes: 0 })).to.equal('pdf.too_complex');
  });

  it('counts what is read of an object stream, where every object may begin at the same place', () => {
    const numbers = Array.from({ length: 50 }, (_, i) => i + 10);
    const file = begun();
    const head = numbers.map((n) => `${n} 0`).join(' ');
    file.stream(
      4,
      `/Type /ObjStm /N ${numbers.length} /First ${head.length + 1}`,
      `${head} [${'0 '.repeat(5000)}]`,
    );
    for (const [index, number] of numbers.entries()) file.compressed.push({ number, container: 4, index });
    const bytes = file.xrefStream(5, '/Root 1 0 R /Size 60').bytes;
    const doc = openPdf(bytesSource(bytes), { limits: { parsedBytes: 100_000, parsedTimes: 1 } });
    expect(refusal(() => numbers.map((n) => doc.get(new PdfRef(n))))).to.equal('pdf.too_complex');
  });

  it('counts an empty subsection and a hidden stream that is named again', () => {
    const open = (bytes: Uint8Array, entries: number): string | undefined =>
      refusal(() => openPdf(bytesSource(bytes), { limits: { entries } }));
    const file = begun();
    const at = file.length;
    file.text(`xref\n${'0 0\n'.repeat(50)}trailer << /Root 1 0 R >>\nstartxref\n${at}\n%%EOF\n`);
    expect([open(file.bytes, 49), open(file.bytes, 50)]).to.deep.equal(['pdf.too_complex', undefined]);
    const hybrid = begun().objectStream(5, { 4: '(hidden)' });
    const hiddenAt = hybrid.length;
    hybrid.xrefStream(6, '/Size 7', { hidden: true });
    for (let i = 0; i < 9; i++) hybrid.table(`/Root 1 0 R /Size 7 /XRefStm ${hiddenAt}`);
    expect([open(hybrid.bytes, 15), open(hybrid.bytes, 100)]).to.deep.equal(['pdf.too_complex', undefined]);
  });

  it('refuses an object longer than its limit, through windows too', () => {
    const file = minimalPdf({ 4: `(${'x'.repeat(9_000)})` });
    const doc = openPdf(windowed(file.bytes), { limits: { objectBytes: 4096 } });
    expect(refusal(() => doc.get(new PdfRef(4)))).to.equal('pdf.too_complex');
  });
});

describe('pdf: any bytes at all', () => {
  it('open and are read, or are refused with a code', () => {
    const change = fc.tuple(fc.nat(), fc.constantFrom(...'0159 /<>[]()RtfnaXx%\n\0'));
    const files = [
      minimalPdf(),
      compressedPdf(),
      minimalPdf().object(4, '(new)').table('/Root 1 0 R /Size 5'),
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.array(change, { minLength: 1, maxLength: 6 }),
        (file, changes) => {
          const bytes = Buffer.from(file.bytes);
          for (const [at, character] of changes) bytes.write(character, at % bytes.length, 'latin1');
          refusal(() => {
            const doc = openPdf(bytesSource(bytes));
            for (const number of doc.objectNumbers()) doc.get(doc.refOf(number) ?? new PdfRef(0));
            for (const page of doc.pages()) doc.array(page.dict.get('Annots'));
            listSignatures(doc);
            prepareSignature(doc, { subFilter: 'x', contentsSize: 1 });
          });
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('pdf: revisions', () => {
  const twice = (): FileBuilder =>
    minimalPdf({ 4: '(old)', 5: '(freed later)' })
      .object(4, '(new)')
      .object(6, '(added)')
      .table('/Root 1 0 R /Size 7', { free: [5] });

  it('are listed oldest first with their ends', () => {
    const first = minimalPdf({ 4: '(old)', 5: '(freed later)' });
    const doc = twice().open();
    expect(doc.revisions.map((r) => [r.index, r.start, r.end, r.closed])).to.deep.equal([
      [0, 0, first.length, true],
      [1, first.length, doc.source.length, true],
    ]);
    expect(doc.revisions[1]?.endMark).to.equal(doc.source.length - 1);
  });

  it('each show the document as it was', () => {
    const doc = twice().open();
    const seen = [0, 1].map((i) => [4, 5, 6].map((n) => doc.at(i).text(new PdfRef(n))));
    expect(seen).to.deep.equal([
      ['old', 'freed later', undefined],
      ['new', undefined, 'added'],
    ]);
    expect(() => doc.at(2)).to.throw(RangeError);
    expect(doc.at(1)).to.equal(doc);
    expect(doc.at(0)).to.equal(doc.at(0));
  });

  it('name what they changed', () => {
    const doc = twice().open();
    expect(doc.changedNumbers(0)).to.deep.equal([1, 2, 3, 4, 5]);
    expect(doc.changedNumbers(1)).to.deep.equal([4, 5, 6]);
    expect([4, 5, 6, 1, 9].map((n) => doc.writtenIn(n)?.index)).to.deep.equal([1, 1, 1, 0, undefined]);
  });

  it('are found as well when there are many', () => {
    const file = minimalPdf({ 4: '(0)', 5: '(never changed)' });
    for (let i = 1; i <= 40; i++) {
      if (i % 4 === 0) file.object(4, `(${i})`);
      file.table('/Root 1 0 R /Size 6');
    }
    const doc = file.open();
    expect([0, 3, 4, 39, 40].map((i) => doc.at(i).text(new PdfRef(4)))).to.deep.equal([
      '0',
      '0',
      '4',
      '36',
      '40',
    ]);
    expect([doc.writtenIn(4)?.index, doc.writtenIn(5)?.index, doc.at(10).writtenIn(4)?.index]).to.deep.equal([
      40, 0, 8,
    ]);
    expect([doc.changedNumbers(39), doc.changedNumbers(40), doc.get(new PdfRef(99))]).to.deep.equal([
      [],
      [4],
      null,
    ]);
  });

  it('are not counted as changing what they only list again', () => {
    const file = minimalPdf({ 4: '(old)' });
    const at = file.bytes.indexOf('4 0 obj');
    const section = file.length;
    file.text(`xref\n4 1\n${String(at).padStart(10, '0')} 00000 n \n`);
    file.text(`trailer << ${TRAILER} /Prev ${file.lastSection} >>\nstartxref\n${section}\n%%EOF\n`);
    const doc = file.open();
    expect(doc.changedNumbers(1)).to.deep.equal([]);
    expect(doc.writtenIn(4)?.index).to.equal(0);
  });

  it('change every object of an object stream that they replace', () => {
    const file = compressedPdf({ 4: '(before)' });
    const container = 5;
    file.objectStream(container, { 2: '<< /Kids [3 0 R] >>', 3: '<< >>', 4: '(after)' });
    file.compressed.splice(0);
    file.xrefStream(7, '/Root 1 0 R /Size 8');
    const doc = file.open();
    expect([doc.at(0).text(new PdfRef(4)), doc.text(new PdfRef(4))]).to.deep.equal(['before', 'after']);
    expect(doc.changedNumbers(1)).to.deep.equal([2, 3, 4, 5, 7]);
  });

  it('of a linearized file are one, although it has two sections', () => {
    const file = new FileBuilder().object(4, '<< /Linearized 1 /L 1000 >>');
    file.object(1, minimalObjects()[1] ?? '').object(3, minimalObjects()[3] ?? '');
    const first = file.length;
    const row = (n: number): string =>
      `${String(file.bytes.indexOf(`${n} 0 obj`)).padStart(10, '0')} 00000 n \n`;
    const head = (prev: string): string =>
      `xref\n1 1\n${row(1)}3 2\n${row(3)}${row(4)}trailer << /Root 1 0 R /Size 5 /Prev ${prev} >>\nstartxref\n0\n%%EOF\n`;
    const second = first + head('0000').length;
    const main = second + `2 0 obj\n${minimalObjects()[2]}\nendobj\n`.length;
    file.text(head(String(main).padStart(4, '0')));
    file.text(`2 0 obj\n${minimalObjects()[2]}\nendobj\nxref\n0 1\n0000000000 65535 f \n2 1\n`);
    file.text(
      `${String(second).padStart(10, '0')} 00000 n \ntrailer << /Size 5 >>\nstartxref\n${first}\n%%EOF\n`,
    );
    const doc = file.open();
    expect(doc.revisions.map((r) => [r.sections.length, r.end, r.closed])).to.deep.equal([
      [2, file.length, true],
    ]);
    expect([...doc.pages()]).to.have.length(1);
  });
});

describe('pdf: objects of a file', () => {
  it('are null when free, missing or of another generation', () => {
    const doc = minimalPdf({ 4: '(x)' }).open();
    const refs = [new PdfRef(4), new PdfRef(4, 1), new PdfRef(99), new PdfRef(0, 65535)];
    expect(refs.map((ref) => doc.text(ref))).to.deep.equal(['x', undefined, undefined, undefined]);
  });

  it('are read by their generation', () => {
    const doc = begun().object(4, '(seventh)', 7).table('/Root 1 0 R /Size 5').open();
    expect(doc.text(doc.refOf(4))).to.equal('seventh');
    expect(doc.refOf(4)?.generation).to.equal(7);
    expect(doc.refOf(0)).to.equal(undefined);
  });

  it('may be empty, which is null', () => {
    expect(minimalPdf({ 4: '' }).open().get(new PdfRef(4))).to.equal(null);
  });

  it('may be streams with an indirect length', () => {
    const doc = begun()
      .stream(4, '', 'stream data', '5 0 R')
      .object(5, '11')
      .table('/Root 1 0 R /Size 6')
      .open();
    const stream = doc.stream(new PdfRef(4));
    expect(stream && Buffer.from(doc.decode(stream)).toString()).to.equal('stream data');
    expect(doc.stream(new PdfRef(5))).to.equal(undefined);
  });

  it('resolve to the kind that is asked for, or to nothing', () => {
    const doc = minimalPdf({ 4: '[1 /N (s) << >> 5 0 R]', 5: '/Five' }).open();
    const [number, name, text, dict, ref] = doc.array(new PdfRef(4)) ?? [];
    expect([doc.number(number), doc.number(name)]).to.deep.equal([1, undefined]);
    expect([doc.name(name), doc.name(ref), doc.name(text)]).to.deep.equal(['N', 'Five', undefined]);
    expect([doc.text(text), doc.string(number)]).to.deep.equal(['s', undefined]);
    expect([doc.dict(dict) instanceof PdfDict, doc.dict(name), doc.array(dict)]).to.deep.equal([
      true,
      undefined,
      undefined,
    ]);
  });

  const refused: [string, string, (file: FileBuilder) => void][] = [
    [
      'stand elsewhere',
      'pdf.object_mismatch',
      (f) => f.object(4, '(x)').bytes.write('9', f.bytes.indexOf('4 0 obj')),
    ],
    ['have no endobj', 'pdf.syntax', (f) => f.object(4, '(x) (y)')],
    ['have a length that is too short', 'pdf.stream_length', (f) => f.stream(4, '', 'stream data', '5')],
    ['have a length that is too long', 'pdf.stream_length', (f) => f.stream(4, '', 'stream data', '9999')],
    ['have no length', 'pdf.stream_length', (f) => f.stream(4, '', 'stream data', '99 0 R')],
    ['have themselves as length', 'pdf.object_loop', (f) => f.stream(4, '', 'stream data', '4 0 R')],
    [
      'have no line feed before their data',
      'pdf.syntax',
      (f) => f.object(4, '<< /Length 1 >> stream x endstream'),
    ],
  ];
  for (const [what, code, add] of refused) {
    it(`are refused when they ${what}`, () => {
      const file = begun();
      add(file);
      const doc = file.table('/Root 1 0 R /Size 5').open();
      expect(refusal(() => doc.get(new PdfRef(4)))).to.equal(code);
    });
  }

  it('that refer to each other without end are refused', () => {
    const doc = minimalPdf({ 4: '5 0 R', 5: '4 0 R' }).open();
    expect(refusal(() => doc.resolve(new PdfRef(4)))).to.equal('pdf.object_loop');
  });

  it('that need one another in too long a chain are refused', () => {
    const file = begun();
    // Each object stream has its length in the next one.
    for (let n = 10; n < 2000; n += 2) {
      file.stream(n, '/Type /ObjStm /N 1 /First 6', `${n + 3} 0 `.padEnd(6).concat('1'), `${n + 1} 0 R`);
      file.compressed.push({ number: n + 1, container: n + 2, index: 0 });
    }
    const doc = file.xrefStream(5, '/Root 1 0 R /Size 3000').open();
    expect(refusal(() => doc.get(new PdfRef(11)))).to.equal('pdf.too_deep');
  });

  it('in a damaged object stream are refused', () => {
    const inside = (dict: string, data: string, container = '4'): string | undefined => {
      const file = begun().stream(4, `/Type /ObjStm ${dict}`, data).object(6, '(no stream)');
      file.compressed.push({ number: 5, container: Number(container), index: 0 });
      const doc = file.xrefStream(7, '/Root 1 0 R /Size 8').open();
      return refusal(() => doc.get(new PdfRef(5)));
    };
    expect(inside('/N 1 /First 4', '5 0 (x)')).to.equal(undefined);
    expect(inside('/N 1 /First 4', '9 0 (x)')).to.equal('pdf.object_mismatch');
    expect(inside('/N 999999 /First 4', '5 0 (x)')).to.equal('pdf.object_stream_invalid');
    expect(inside('/First 4', '5 0 (x)')).to.equal('pdf.object_stream_invalid');
    expect(inside('/N 1 /First 4', '5 z (x)')).to.equal('pdf.syntax');
    expect(inside('/N 1 /First 4', '5 0 (x)', '6')).to.equal('pdf.object_stream_invalid');
    expect(inside('/N 1 /First 4', '5 0 (x)', '5')).to.equal('pdf.object_stream_invalid');
  });

  it('of a document encrypted in no known way are refused, although it opens', () => {
    const doc = minimalPdf({}, '/Encrypt << /Filter /Standard >>').open();
    expect(doc.encrypted).to.equal(true);
    expect(refusal(() => doc.catalog)).to.equal('pdf.encryption_invalid');
  });

  it('can be read again with the places of their values', () => {
    const file = minimalPdf({ 4: '<< /A (one) /B << /C <00> >> >>' });
    const inspected = file.open().inspect(4);
    const text = file.bytes.toString('latin1');
    const at = (span: { start: number; end: number } | undefined): string | undefined =>
      span && text.slice(span.start, span.end);
    const dict = inspected?.value as PdfDict;
    expect(at(inspected?.spans.get(dict)?.get('A'))).to.equal('(one)');
    expect(at(inspected?.spans.get(dict.get('B') as PdfDict)?.get('C'))).to.equal('<00>');
    expect(at(inspected?.span)).to.match(/^4 0 obj[\s\S]*endobj$/);
    expect(file.open().inspect(0)).to.equal(undefined);
  });
});

describe('pdf: the catalog and the page tree', () => {
  it('refuses a document without catalog', () => {
    const code = (root: string): string | undefined =>
      refusal(() => begun().table(`/Size 4 ${root}`).open().catalog);
    expect([code(''), code('/Root 9 0 R'), code('/Root << >>')]).to.deep.equal(
      Array(3).fill('pdf.catalog_missing'),
    );
  });

  it('gives pages in order with what they inherit', () => {
    const doc = minimalPdf({
      2: '<< /Type /Pages /Kids [4 0 R 3 0 R 8 0 R] /MediaBox [0 0 10 10] /Rotate 90 >>',
      3: '<< /Type /Page /Rotate 0 >>',
      4: '<< /Type /Pages /Kids [5 0 R 6 0 R] /MediaBox [0 0 20 20] >>',
      5: '<< /Type /Page >>',
      6: '<< /Type /Page /MediaBox [0 0 30 30] >>',
    }).open();
    const seen = [...doc.pages()].map((page) => [
      page.ref.number,
      doc.array(page.attributes.get('MediaBox'))?.[2],
      page.attributes.get('Rotate'),
      page.dict.has('Rotate'),
    ]);
    expect(seen).to.deep.equal([
      [5, 20, 90, false],
      [6, 30, 90, false],
      [3, 10, 0, true],
    ]);
  });

  it('refuses a page tree that is none', () => {
    const code = (bodies: Record<number, string>): string | undefined =>
      refusal(() => [...minimalPdf(bodies).open().pages()]);
    const kids = (text: string): Record<number, string> => ({ 2: `<< /Type /Pages /Kids [${text}] >>` });
    expect(code(kids('3 0 R 3 0 R'))).to.equal('pdf.page_tree_invalid');
    expect(code(kids('2 0 R'))).to.equal('pdf.page_tree_invalid');
    expect(code(kids('<< /Type /Page >>'))).to.equal('pdf.page_tree_invalid');
    expect(code({ 3: '(no page)' })).to.equal('pdf.page_tree_invalid');
    expect(code({ 1: '<< /Type /Catalog >>' })).to.equal('pdf.page_tree_invalid');
    const deep = Object.fromEntries(
      Array.from({ length: 200 }, (_, i) => [i + 10, `<< /Type /Pages /Kids [${i + 11} 0 R] >>`]),
    );
    expect(code({ ...kids('10 0 R'), ...deep, 210: '<< /Type /Page >>' })).to.equal('pdf.too_deep');
  });
});
