import { expect } from 'chai';
import fc from 'fast-check';
import { bytesSource } from '../../server/pdf/byte-source.ts';
import { PdfError } from '../../server/pdf/errors.ts';
import { openPdf } from '../../server/pdf/open-pdf.ts';
import { repairPdf } from '../../server/pdf/repair/repair-pdf.ts';
import { lockedPdf, missingQpdf, qpdfEncrypt, USER } from './encrypted-files.ts';
import { compressedPdf, FileBuilder, minimalPdf, refusal } from './file-builder.ts';

const CONTENT = {
  3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Resources << >> >>',
};
const DATA = 'BT (so 01) Tj ET';

/** Catalog, page tree, page, and its content as a stream with what stands as its /Length. */
function withContent(length = `${DATA.length}`, more: (file: FileBuilder) => void = () => {}): FileBuilder {
  const file = new FileBuilder();
  file.object(1, '<< /Type /Catalog /Pages 2 0 R >>').object(2, '<< /Type /Pages /Kids [3 0 R] /Count 1 >>');
  file.object(3, CONTENT[3]).stream(4, '', DATA, length);
  more(file);
  return file.table('/Root 1 0 R /Size 5');
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const edit = (bytes: Uint8Array, change: (text: string) => string): Buffer =>
  Buffer.from(change(text(bytes)), 'latin1');

/** Each breaks the way to the objects and leaves the objects. */
const damages: Readonly<Record<string, (file: Buffer) => Buffer>> = {
  'no startxref': (file) => edit(file, (whole) => whole.slice(0, whole.lastIndexOf('startxref'))),
  'a startxref that leads into nothing': (file) =>
    edit(file, (whole) => whole.replace(/startxref\s+\d+/, 'startxref\n9999999')),
  'a startxref that leads to an object': (file) =>
    edit(file, (whole) => whole.replace(/startxref\s+\d+/, 'startxref\n15')),
  'bytes that were added in front of all offsets': (file) =>
    edit(file, (whole) => whole.replace('%PDF-1.7\n', '%PDF-1.7\n% one more line that moves everything\n')),
  'a megabyte of zeros behind the end': (file) => Buffer.concat([file, Buffer.alloc(2 ** 20)]),
};

const kinds: Readonly<Record<string, { file: Buffer; password?: string }>> = {
  'a table': { file: withContent().bytes },
  'object streams': { file: compressedPdf(CONTENT_IN_STREAM()).bytes },
  encryption: { file: lockedPdf(6).bytes, password: USER },
};

function CONTENT_IN_STREAM(): Record<number, string> {
  return { 4: '[1 2 (ba)]', 3: CONTENT[3].replace('/Contents', '/Extra') };
}

const repaired = (file: Uint8Array, password?: string): Buffer =>
  Buffer.concat([file, repairPdf(bytesSource(file), password === undefined ? {} : { password })]);

/** What an exact reader now sees of the content of the first page. */
function contentOf(file: Uint8Array): string {
  const doc = openPdf(bytesSource(file));
  const [page] = [...doc.pages()];
  const stream = doc.stream(page?.dict.get('Contents'));
  return stream ? text(doc.decode(stream)) : 'none';
}

describe('pdf: repair of damaged files without signatures', () => {
  for (const [kind, { file, password }] of Object.entries(kinds)) {
    for (const [damage, break_] of Object.entries(damages)) {
      it(`finds every object of a file with ${kind} and ${damage}, and keeps its bytes`, () => {
        const broken = break_(file);
        const whole = repaired(broken, password);
        expect(whole.subarray(0, broken.length).equals(broken)).to.equal(true);
        const doc = openPdf(bytesSource(whole), password === undefined ? {} : { password });
        expect(doc.revisions).to.have.length(1);
        expect(doc.revision.closed).to.equal(true);
        expect([...doc.pages()]).to.have.length(1);
        expect(doc.trailer.has('Prev')).to.equal(false);
      });
    }
  }

  it('writes a stream anew whose length is wrong, as it is up to its end', () => {
    for (const length of ['5', '99999', '8 0 R']) {
      expect(contentOf(repaired(withContent(length).bytes)), length).to.equal(DATA);
    }
  });

  it('takes the length of a stream from where it is written when that is right', () => {
    const file = withContent('5 0 R', (more) => more.object(5, `${DATA.length}`));
    const whole = repaired(file.bytes);
    expect(contentOf(whole)).to.equal(DATA);
    expect(text(whole.subarray(file.length))).not.to.contain('4 0 obj');
  });

  it('ends an object without endobj where the next one begins', () => {
    const file = edit(withContent().bytes, (whole) =>
      whole.replace('/Count 1 >>\nendobj\n', '/Count 1 >>\n'),
    );
    expect(contentOf(repaired(file))).to.equal(DATA);
  });

  it('takes the newest object of a number, as readers of updates do', () => {
    const file = withContent().stream(4, '', 'BT (so 02) Tj ET').table('/Root 1 0 R /Size 5');
    const broken = damages['a startxref that leads into nothing']?.(
      edit(file.bytes, (whole) => whole.replace(/startxref\s+\d+/, 'startxref\n1')),
    );
    expect(contentOf(repaired(broken ?? file.bytes))).to.contain('02');
  });

  it('does not take for objects what stands inside the data of a stream, such as an attached PDF', () => {
    const file = withContent(undefined, (more) => {
      more.stream(
        5,
        '',
        '4 0 obj\n<< /Length 3 >>\nstream\nbad\nendstream\nendobj\ntrailer\n<< /Root 4 0 R >>',
      );
    });
    expect(contentOf(repaired(file.bytes))).to.equal(DATA);
  });

  it('leaves out what the document does not need', () => {
    const file = withContent(undefined, (more) => more.object(7, '(nobody asks for me)'));
    const doc = openPdf(bytesSource(repaired(file.bytes)));
    expect(doc.objectNumbers()).to.deep.equal([1, 2, 3, 4]);
  });

  it('is repaired once: the result opens and repairing it finds the same document', () => {
    const once = repaired(damages['no startxref']?.(withContent().bytes) ?? Buffer.alloc(0));
    expect(contentOf(repaired(once))).to.equal(DATA);
  });

  it(`keeps the encryption of what is in object streams${missingQpdf}`, function () {
    if (missingQpdf) return this.skip();
    const locked = qpdfEncrypt(withContent().bytes, ['256'], { file: ['--object-streams=generate'] });
    const broken = damages['a startxref that leads into nothing']?.(locked) ?? locked;
    const doc = openPdf(bytesSource(repaired(broken, USER)), { password: USER });
    const [page] = [...doc.pages()];
    const stream = doc.stream(page?.dict.get('Contents'));
    expect(stream && text(doc.decode(stream))).to.contain(DATA);
    expect(refusal(() => repaired(broken))).to.equal('pdf.password_required');
  });

  describe('refuses', () => {
    const code = (file: Uint8Array): string | undefined => refusal(() => repaired(file));
    const named = (file: Uint8Array): unknown => {
      try {
        repaired(file);
      } catch (error) {
        return error instanceof PdfError && error.details.object;
      }
      return undefined;
    };

    it('a file with a missing object, and names it', () => {
      const file = edit(withContent().bytes, (whole) => whole.replace('4 0 obj', '4 0 obk'));
      expect(code(file)).to.equal('pdf.repair_incomplete');
      expect(named(file)).to.equal(4);
    });

    it('a file with an object that cannot be read, rather than take an older one', () => {
      const file = withContent().object(4, '<< /Length 3 ) >>').table('/Root 1 0 R /Size 5').bytes;
      expect(code(file)).to.equal('pdf.repair_incomplete');
      expect(named(file)).to.equal(4);
    });

    it('a file that was cut inside an update: other objects of it may be lost', () => {
      const whole = withContent().object(3, CONTENT[3].replace('200 200', '300 300')).bytes;
      expect(named(whole)).to.equal(3);
    });

    it('an object stream that cannot be decoded: what it held is not known', () => {
      const { bytes } = compressedPdf(CONTENT_IN_STREAM());
      const at = bytes.indexOf('stream\n', bytes.indexOf('/ObjStm')) + 'stream\n'.length;
      const broken = Buffer.from(bytes);
      broken.fill(0xff, at, at + 8);
      expect(code(broken)).to.equal('pdf.repair_incomplete');
    });

    it('trailers that name different catalogs, one of them in a comment', () => {
      const file = Buffer.concat([withContent().bytes, Buffer.from('% trailer << /Root 3 0 R >>')]);
      expect(code(file)).to.equal('pdf.repair_ambiguous');
    });

    it('an object that stands in a comment, too: readers differ in whether it counts', () => {
      const { bytes } = withContent();
      const at = bytes.indexOf('1 0 obj');
      for (const before of ['', ' '.repeat(5000), '90 0 obj null endobj ', `${'x'.repeat(70_000)} `]) {
        const comment = Buffer.from(`%${before}4 0 obj (x) endobj\n`);
        const file = Buffer.concat([bytes.subarray(0, at), comment, bytes.subarray(at)]);
        expect(code(file), before.slice(0, 30)).to.equal('pdf.repair_ambiguous');
      }
    });

    it('an encrypted file that lost the word about it', () => {
      const file = edit(lockedPdf(6).bytes, (whole) => whole.replace('/Encrypt 9 0 R', '/Encrxxx 9 0 R'));
      expect(code(file)).to.equal('pdf.repair_ambiguous');
    });

    it('a file without any trailer: an encryption or an update may be lost with it', () => {
      const { bytes } = withContent();
      expect(code(bytes.subarray(0, bytes.indexOf('xref')))).to.equal('pdf.repair_incomplete');
    });

    const signs: Readonly<Record<string, Buffer>> = {
      'a signature dictionary': withContent(undefined, (more) =>
        more.object(7, '<< /Type /Sig /ByteRange [0 1 2 3] /Contents <00> >>'),
      ).bytes,
      'a signature dictionary nobody refers to, its names written otherwise': withContent(undefined, (more) =>
        more.object(7, '<< /Byte#52ange [0 1 2 3] >>'),
      ).bytes,
      'a field that has a signature': withContent(undefined, (more) =>
        more.object(7, '<< /FT /Sig /T (ky) /V 8 0 R >>'),
      ).bytes,
      'a field that has a signature, in an object stream': compressedPdf({
        7: '<< /FT /Sig /T (ky) /V 8 0 R >>',
      }).bytes,
      'certification in an object stream': compressedPdf({ 7: '<< /DocMDP 8 0 R >>' }).bytes,
      '/ByteRange in a piece of an object': Buffer.concat([
        withContent().bytes,
        Buffer.from('9 0 obj << /Type /Si /ByteRange [0 '),
      ]),
    };
    for (const [what, file] of Object.entries(signs)) {
      it(`a file with ${what}`, () => expect(code(file)).to.equal('pdf.damaged_signed_file'));
    }

    it('but not a field that still waits for its signature', () => {
      const file = withContent(undefined, (more) => more.object(7, '<< /FT /Sig /T (ky) >>'));
      expect(code(file.bytes)).to.equal(undefined);
    });
  });

  describe('whatever the file is', () => {
    it('ends in a code or in a file that is read to its last object', () => {
      const originals = [withContent().bytes, compressedPdf(CONTENT_IN_STREAM()).bytes, minimalPdf().bytes];
      const change = fc.record({
        at: fc.nat(),
        bytes: fc.uint8Array({ maxLength: 12 }),
        drop: fc.nat({ max: 40 }),
      });
      fc.assert(
        fc.property(
          fc.constantFrom(...originals),
          fc.array(change, { maxLength: 4 }),
          (original, changes) => {
            let file = original;
            for (const { at, bytes, drop } of changes) {
              const from = at % file.length;
              file = Buffer.concat([file.subarray(0, from), bytes, file.subarray(from + drop)]);
            }
            if (refusal(() => repairPdf(bytesSource(file)))) return;
            const doc = openPdf(bytesSource(repaired(file)));
            for (const number of doc.objectNumbers()) {
              const ref = doc.refOf(number);
              if (ref) doc.get(ref);
            }
          },
        ),
        { numRuns: 300 },
      );
    });

    it('is not read over and over: objects without end, streams without end, lengths of everything', () => {
      const many = (piece: (i: number) => string): Buffer =>
        Buffer.from(`%PDF-1.7\n${Array.from({ length: 20_000 }, (_, i) => piece(i + 1)).join('')}`, 'latin1');
      const hostile = [
        many((i) => `${i} 0 obj (`),
        many((i) => `${i} 0 obj << /Length 9 >> stream\n`),
        many((i) => `${i} 0 obj << /Length ${i} 0 R >> stream\nendstream `),
        many(() => '7 0 obj 5 endobj '),
        many((i) => `trailer << /Root ${i} 0 R >> `),
      ];
      for (const file of hostile) expect(refusal(() => repairPdf(bytesSource(file)))).to.match(/^pdf\./);
    });
  });
});
