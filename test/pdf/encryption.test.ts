import { expect } from 'chai';
import fc from 'fast-check';
import { bytesSource } from '../../server/pdf/byte-source.ts';
import type { PdfDocument, PdfView } from '../../server/pdf/document.ts';
import {
  type CryptMethod,
  decryptBytes,
  encryptBytes,
  objectKey,
} from '../../server/pdf/encryption/crypt-method.ts';
import { rc4 } from '../../server/pdf/encryption/rc4.ts';
import { addTextFields, fillTextFields } from '../../server/pdf/forms/text-fields.ts';
import { PdfDict, PdfName, type PdfObject, PdfRef, PdfStream, PdfString } from '../../server/pdf/objects.ts';
import { type OpenOptions, openPdf } from '../../server/pdf/open-pdf.ts';
import { listSignatures } from '../../server/pdf/signatures/list-signatures.ts';
import { prepareSignature } from '../../server/pdf/signatures/prepare-signature.ts';
import { unaccountedBytes } from '../../server/pdf/unaccounted-bytes.ts';
import { IncrementalUpdate } from '../../server/pdf/update/incremental-update.ts';
import {
  dictionaries,
  ID,
  lockedPdf,
  missingQpdf,
  OWNER,
  qpdfEncrypt,
  qpdfKinds,
  USER,
} from './encrypted-files.ts';
import { FileBuilder, minimalObjects, minimalPdf, refusal } from './file-builder.ts';

const REVISIONS = [2, 3, 4, 5, 6] as const;
const FILL_FORBIDDEN = (dictionary: string): string => dictionary.replace('/P -4', '/P -3904');

const open = (file: Uint8Array, options: OpenOptions = { password: USER }): PdfDocument =>
  openPdf(bytesSource(file), options);

function updated(doc: PdfDocument, change: (update: IncrementalUpdate) => void): Buffer {
  const update = new IncrementalUpdate(doc);
  change(update);
  return Buffer.concat([doc.source.read(0, doc.source.length), update.finish().bytes]);
}

const stream = (text: string, dict: Record<string, PdfObject> = {}): PdfStream =>
  new PdfStream(PdfDict.of(dict), Buffer.from(text));

const dataOf = (view: PdfView, ref: PdfRef): string | undefined => {
  const found = view.stream(ref);
  return found && Buffer.from(view.decode(found)).toString();
};

describe('pdf: the ciphers of encrypted files', () => {
  it('are those of the standards: RC4 by the vectors everybody has', () => {
    const hex = (key: string, text: string): string =>
      rc4(Buffer.from(key), Buffer.from(text)).toString('hex');
    expect(hex('Key', 'Plaintext')).to.equal('bbf316e8d940af0ad3');
    expect(hex('Wiki', 'pedia')).to.equal('1021bf0420');
    expect(hex('Secret', 'Attack at dawn')).to.equal('45a01f645fc35b383552544b9bf5');
  });

  it('give back what was put in, whatever it is, and AES never the same twice for other data', () => {
    const methods: readonly CryptMethod[] = ['identity', 'rc4', 'aes-128', 'aes-256'];
    const property = fc.property(
      fc.constantFrom(...methods),
      fc.uint8Array({ minLength: 5, maxLength: 16 }),
      fc.uint8Array({ maxLength: 200 }),
      fc.tuple(fc.nat(2 ** 25), fc.nat(65_535)),
      (method, short, data, [number, generation]) => {
        const fileKey =
          method === 'aes-256'
            ? Buffer.alloc(32, short)
            : method === 'aes-128'
              ? Buffer.alloc(16, short)
              : short;
        const key = objectKey(method, fileKey, new PdfRef(number, generation));
        const encrypted = encryptBytes(method, key, data, () => Buffer.alloc(16, 7));
        expect(Buffer.from(decryptBytes(method, key, encrypted)).equals(data)).to.equal(true);
        if (method.startsWith('aes'))
          expect(encrypted.length).to.equal(16 + 16 * (Math.floor(data.length / 16) + 1));
      },
    );
    fc.assert(property, { numRuns: 200 });
  });

  it('refuse AES data that is no vector and whole blocks, or padded wrongly', () => {
    const key = Buffer.alloc(16, 1);
    for (const length of [1, 15, 16, 17, 31, 33]) {
      expect(
        refusal(() => decryptBytes('aes-128', key, Buffer.alloc(length))),
        `${length}`,
      ).to.equal('pdf.encryption_invalid');
    }
    expect(refusal(() => decryptBytes('aes-128', key, Buffer.alloc(32)))).to.equal('pdf.encryption_invalid');
    expect(decryptBytes('aes-128', key, Buffer.alloc(0))).to.have.length(0);
  });
});

describe(`pdf: files that qpdf encrypted${missingQpdf}`, () => {
  before(function () {
    if (missingQpdf) this.skip();
  });

  const plain = (): Buffer =>
    new FileBuilder()
      .object(1, '<< /Type /Catalog /Pages 2 0 R /Metadata 6 0 R /Names 7 0 R >>')
      .object(2, '<< /Type /Pages /Kids [3 0 R] /Count 1 >>')
      .object(3, '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Resources << >> >>')
      .stream(4, '', 'q Q % the page')
      .object(5, '<< /Title (Quyet dinh) /Keywords <00010203> >>')
      .stream(6, '/Type /Metadata /Subtype /XML', '<x:xmpmeta/>')
      .object(7, '<< /EmbeddedFiles << /Names [(a.txt) 8 0 R] >> >>')
      .object(8, '<< /Type /Filespec /F (a.txt) /EF << /F 9 0 R >> >>')
      .stream(9, '/Type /EmbeddedFile', 'attached')
      .table('/Root 1 0 R /Info 5 0 R /Size 10').bytes;

  /** Everything of the sample that is encrypted, as it was. */
  function expectPlain(view: PdfView): void {
    const info = view.dict(view.trailer.get('Info'));
    expect(view.text(info?.get('Title'))).to.equal('Quyet dinh');
    expect(view.string(info?.get('Keywords'))?.bytes).to.deep.equal(Buffer.from([0, 1, 2, 3]));
    const [page] = view.pages();
    const contents = view.stream(page?.dict.get('Contents'));
    expect(contents && Buffer.from(view.decode(contents)).toString()).to.equal('q Q % the page');
    const metadata = view.stream(view.catalog.get('Metadata'));
    expect(metadata && Buffer.from(view.decode(metadata)).toString()).to.equal('<x:xmpmeta/>');
    const names = view.array(
      view.dict(view.dict(view.catalog.get('Names'))?.get('EmbeddedFiles'))?.get('Names'),
    );
    expect(view.text(names?.[0])).to.equal('a.txt');
    const file = view.stream(view.dict(view.dict(names?.[1])?.get('EF'))?.get('F'));
    expect(file && Buffer.from(view.decode(file)).toString()).to.equal('attached');
  }

  for (const [name, kind] of Object.entries(qpdfKinds)) {
    for (const objects of ['disable', 'generate']) {
      const layout = objects === 'generate' ? ', with object streams' : '';
      it(`are read with either password: ${name}${layout}`, () => {
        const file = qpdfEncrypt(plain(), kind, { file: [`--object-streams=${objects}`] });
        for (const password of [USER, OWNER]) {
          const doc = open(file, { password });
          expect(doc.encrypted).to.equal(true);
          expectPlain(doc);
          expect(doc.security?.openedBy).to.equal(password === OWNER ? 'owner' : 'user');
        }
        expect(refusal(() => open(file, {}).catalog)).to.equal('pdf.password_required');
        expect(refusal(() => open(file, { password: '' }).catalog)).to.equal('pdf.password_required');
        expect(refusal(() => open(file, { password: 'MO' }).catalog)).to.equal('pdf.password_wrong');
      });

      it(`stay so when they change, and what is new is encrypted too: ${name}${layout}`, () => {
        const file = qpdfEncrypt(plain(), kind, { user: '', file: [`--object-streams=${objects}`] });
        let note = new PdfRef(0);
        let data = new PdfRef(0);
        const twice = updated(
          open(
            updated(open(file, {}), (update) => {
              note = update.add([
                PdfString.text('Số mật'),
                PdfString.text('plain words'),
                new PdfString(Buffer.alloc(0)),
              ]);
              data = update.add(stream('a secret stream', { Title: PdfString.text('plain title') }));
              const { catalog } = update;
              update.set(update.catalogRef, catalog.with({ Lang: PdfString.text('vi') }));
            }),
            {},
          ),
          (update) => update.add(PdfString.text('more plain words')),
        );
        expect(twice.subarray(0, file.length).equals(file)).to.equal(true);
        expect(twice.toString('latin1', file.length)).not.to.match(/plain|secret/);
        const doc = open(twice, {});
        expectPlain(doc);
        expectPlain(doc.at(0));
        expect(doc.array(note)?.map((item) => doc.text(item))).to.deep.equal(['Số mật', 'plain words', '']);
        expect(dataOf(doc, data)).to.equal('a secret stream');
        expect(doc.text(doc.stream(data)?.dict.get('Title'))).to.equal('plain title');
        expect(doc.text(doc.catalog.get('Lang'))).to.equal('vi');
        expect(doc.trailer.get('Encrypt')).to.deep.equal(doc.at(0).trailer.get('Encrypt'));
        expect(unaccountedBytes(doc, doc.revision.start)).to.deep.equal([]);
      });
    }
  }

  it('open by passwords that are not ASCII, in the encodings of their revisions', () => {
    const vietnamese = 'mật khẩu của tôi';
    // The second is what SASLprep changes; of the third, 127 bytes count.
    for (const password of ['mậtkhẩu', 'Ⅸ\u00a0a\u00adb', 'p'.repeat(127)]) {
      const file = qpdfEncrypt(plain(), ['256'], { user: password, file: ['--password-mode=unicode'] });
      expectPlain(open(file, { password }));
      if (password.length === 127) expectPlain(open(file, { password: `${password}q` }));
    }
    // qpdf leaves SASLprep to who gives the password: composed or not, it opens.
    const file = qpdfEncrypt(plain(), ['256'], { user: vietnamese.normalize('NFC') });
    expectPlain(open(file, { password: vietnamese.normalize('NFD') }));
    const german = qpdfEncrypt(plain(), ['128', '--use-aes=y'], {
      user: 'schlüssel€',
      file: ['--password-mode=unicode'],
    });
    expectPlain(open(german, { password: 'schlüssel€' }));
    const bytes = qpdfEncrypt(plain(), ['128', '--use-aes=y'], {
      user: vietnamese,
      file: ['--password-mode=bytes'],
    });
    expectPlain(open(bytes, { password: vietnamese }));
  });

  const denied = {
    '40': ['40', '--annotate=n'],
    '128': ['128', '--use-aes=y', '--modify=none'],
    '256': ['256', '--modify=none'],
  };
  for (const [bits, kind] of Object.entries(denied)) {
    it(`are signed by who may: with ${bits} bits, when filling is forbidden, only by the owner`, () => {
      const file = qpdfEncrypt(plain(), kind, { user: '' });
      const request = { subFilter: 'ETSI.CAdES.detached', contentsSize: 64 };
      expect(refusal(() => prepareSignature(open(file, {}), request))).to.equal('pdf.permission_denied');
      expect(refusal(() => prepareSignature(open(file, {}), { ...request, type: 'DocTimeStamp' }))).to.equal(
        'pdf.permission_denied',
      );
      expect(refusal(() => prepareSignature(open(file, { password: OWNER }), request))).to.equal(undefined);
    });
  }

  it('are signed by anyone when filling is permitted, and get no new fields by that', () => {
    const file = qpdfEncrypt(plain(), ['256', '--modify=form'], { user: '' });
    const doc = open(file, {});
    expect(refusal(() => prepareSignature(doc, { subFilter: 'x', contentsSize: 64 }))).to.equal(undefined);
    const field = { name: 'so', rect: [0, 0, 9, 9], defaultAppearance: '/F 1 Tf' } as const;
    expect(refusal(() => addTextFields(new IncrementalUpdate(doc), [field]))).to.equal(
      'pdf.permission_denied',
    );
    expect(refusal(() => fillTextFields(new IncrementalUpdate(doc), [{ name: 'so', value: '1' }]))).to.equal(
      'pdf.field_missing',
    );
  });
});

describe('pdf: encrypted files', () => {
  for (const revision of REVISIONS) {
    it(`of revision ${revision} open by the user's and the owner's password, and by no other`, () => {
      const file = lockedPdf(revision).bytes;
      expect(open(file).security?.openedBy).to.equal('user');
      expect(open(file, { password: OWNER }).security?.openedBy).to.equal('owner');
      expect(refusal(() => open(file, { password: 'x' }).catalog)).to.equal('pdf.password_wrong');
      expect(refusal(() => open(file, {}).catalog)).to.equal('pdf.password_required');
    });

    it(`of revision ${revision} give back whatever string and data an update puts in`, () => {
      const doc = open(lockedPdf(revision).bytes);
      const property = fc.property(
        fc.uint8Array({ maxLength: 80 }),
        fc.uint8Array({ maxLength: 400 }),
        (text, data) => {
          let ref = new PdfRef(0);
          const changed = updated(doc, (update) => {
            ref = update.add(new PdfStream(PdfDict.of({ T: [new PdfString(text)] }), data));
          });
          const again = open(changed, { password: OWNER });
          const found = again.stream(ref);
          expect(found && Buffer.from(found.bytes).equals(data)).to.equal(true);
          const [string] = again.array(found?.dict.get('T')) ?? [];
          expect(Buffer.from(again.string(string)?.bytes ?? []).equals(text)).to.equal(true);
        },
      );
      fc.assert(property, { numRuns: 25 });
    });
  }

  it('are written the same every time, and equal words under two numbers are not equal in the file', () => {
    const doc = open(lockedPdf(6).bytes);
    const write = (): Buffer =>
      updated(doc, (update) => {
        update.add([PdfString.text('same words'), PdfString.text('same words')]);
        update.add(PdfString.text('same words'));
      });
    expect(write().equals(write())).to.equal(true);
    const strings = [
      ...write()
        .toString('latin1')
        .matchAll(/<([0-9a-f]{64})>/g),
    ].map(([, hex]) => hex);
    expect(strings.slice(-3)).to.have.length(3);
    expect(new Set(strings.slice(-3)).size).to.equal(3);
  });

  it('keep the encryption dictionary and the identifier as they are', () => {
    const doc = open(lockedPdf(3).bytes);
    const again = open(updated(doc, (update) => update.add(1)));
    expect(again.string(again.dict(new PdfRef(9))?.get('O'))?.bytes[0]).to.equal(0x91);
    expect(again.trailer.get('Encrypt')).to.deep.equal(new PdfRef(9));
    expect(
      Buffer.from(again.string(again.array(again.trailer.get('ID'))?.[0])?.bytes ?? []).toString('hex'),
    ).to.equal('31415926535897932384626433832795');
    const direct = minimalPdf({}, `/Encrypt ${dictionaries[3]} ${ID}`).bytes;
    expect(open(updated(open(direct), (update) => update.add(1))).catalog.size).to.equal(2);
    // An object of its own that an update sets anew stays readable without the key.
    const rewritten = updated(doc, (update) => update.set(new PdfRef(9), doc.get(new PdfRef(9))));
    expect(open(rewritten).catalog.size).to.equal(2);
  });

  it('without an identifier still have none that counts', () => {
    const file = minimalPdf({ 9: dictionaries[6] }, '/Encrypt 9 0 R').bytes;
    const again = open(updated(open(file), (update) => update.add(1)));
    const [first, second] = again.array(again.trailer.get('ID')) ?? [];
    expect(again.string(first)?.bytes).to.have.length(0);
    expect(again.string(second)?.bytes).to.have.length(16);
  });

  it('leave /Contents of signatures as it is, with and without /Type', () => {
    const doc = open(lockedPdf(6).bytes);
    const contents = new PdfString(Buffer.from('3000', 'hex'), true);
    const kinds: Record<string, PdfObject>[] = [
      { Type: PdfName.of('Sig') },
      { Type: PdfName.of('DocTimeStamp') },
      { ByteRange: [0, 1, 2, 3] },
    ];
    for (const kind of kinds) {
      let ref = new PdfRef(0);
      const file = updated(doc, (update) => {
        ref = update.add(
          PdfDict.of({ ...kind, Contents: contents, Reason: PdfString.text('secret reason') }),
        );
      });
      expect(file.includes('/Contents <3000>')).to.equal(true);
      expect(file.includes('secret reason')).to.equal(false);
      const dict = open(file).dict(ref);
      expect(dict?.get('Contents')).to.deep.equal(contents);
      expect(open(file).text(dict?.get('Reason'))).to.equal('secret reason');
    }
    const note = updated(doc, (update) => update.add(PdfDict.of({ Contents: contents })));
    expect(note.includes('/Contents <3000>')).to.equal(false);
  });

  it('are signed with everything but /Contents encrypted, and the signature is found again', () => {
    const doc = open(lockedPdf(6).bytes);
    const cms = Buffer.from('3003020101', 'hex');
    const prepared = prepareSignature(doc, {
      subFilter: 'ETSI.CAdES.detached',
      contentsSize: 64,
      fieldName: 'ky duyet',
      texts: { reason: 'plain reason', name: 'Người ký', signingTime: new Date(0) },
      lock: { action: 'Include', fields: ['plain field'] },
    });
    const file = Buffer.concat([lockedPdf(6).bytes, prepared.embed(cms)]);
    expect(file.includes(cms.toString('hex'))).to.equal(true);
    expect(file.toString('latin1')).not.to.match(/plain|ky duyet|D:1970/);
    const [signature] = listSignatures(open(file, { password: OWNER }));
    expect(signature).to.include({ fieldName: 'ky duyet', reason: 'plain reason', name: 'Người ký' });
    expect(signature?.claimedTime).to.deep.equal(new Date(0));
    expect(signature?.lock?.fields).to.deep.equal(['plain field']);
    expect(signature?.contentsSpan?.start).to.equal(prepared.contentsOffset);
    expect(
      Buffer.from(signature?.contents ?? [])
        .subarray(0, cms.length)
        .equals(cms),
    ).to.equal(true);
  });

  it('do what their crypt filters say: nothing, for metadata, for attachments, by name', () => {
    const filters = (dictionary: string): string =>
      dictionary
        .replace(
          '/StmF /StdCF /StrF /StdCF',
          '/StmF /StdCF /StrF /Identity /EFF /Identity /EncryptMetadata false',
        )
        .replace('e198a81dd20b328a34b655a4806fcada', '00'.repeat(16));
    let refs: PdfRef[] = [];
    const crypt = { Filter: [PdfName.of('Crypt')] };
    const file = updated(open(lockedPdf(6, {}, filters).bytes, { password: OWNER }), (update) => {
      refs = [
        update.add(stream('metadata', { Type: PdfName.of('Metadata') })),
        update.add(stream('attached', { Type: PdfName.of('EmbeddedFile') })),
        update.add(stream('identity', { Filter: PdfName.of('Crypt') })),
        update.add(
          stream('by name!', { ...crypt, DecodeParms: [PdfDict.of({ Name: PdfName.of('Identity') })] }),
        ),
        update.add(
          stream('hidden 1', { ...crypt, DecodeParms: [PdfDict.of({ Name: PdfName.of('StdCF') })] }),
        ),
        update.add(stream('hidden 2')),
        update.add(PdfString.text('a string')),
      ];
    });
    for (const text of ['metadata', 'attached', 'identity', 'by name!', 'a string']) {
      expect(file.includes(text), text).to.equal(true);
    }
    expect(file.includes('hidden')).to.equal(false);
    const doc = open(file);
    expect(refs.slice(0, 6).map((ref) => dataOf(doc, ref))).to.deep.equal([
      'metadata',
      'attached',
      'identity',
      'by name!',
      'hidden 1',
      'hidden 2',
    ]);
    expect(doc.text(refs[6])).to.equal('a string');
  });

  it('refuse the data of a stream whose crypt filter is none', () => {
    const odd = (parms: string): string | undefined => {
      const file = new FileBuilder();
      for (const [number, body] of Object.entries(minimalObjects({ 9: dictionaries[6] })))
        file.object(Number(number), body);
      file.stream(4, `/Filter /Crypt ${parms}`, 'x').table(`/Root 1 0 R /Size 10 /Encrypt 9 0 R ${ID}`);
      return refusal(() => dataOf(open(file.bytes), new PdfRef(4)));
    };
    expect(odd('')).to.equal(undefined);
    expect(odd('/DecodeParms << /Name /None >>')).to.equal('pdf.encryption_invalid');
    expect(odd('/DecodeParms << /Name 7 >>')).to.equal('pdf.encryption_invalid');
    expect(odd('/DecodeParms << /Name /StdCF >>')).to.equal('pdf.encryption_invalid');
  });

  it('have cross-reference streams that are not encrypted', () => {
    const objects = minimalObjects({ 9: dictionaries[6] });
    const builder = new FileBuilder();
    for (const [number, body] of Object.entries(objects)) builder.object(Number(number), body);
    const file = builder.xrefStream(10, `/Root 1 0 R /Size 11 /Encrypt 9 0 R ${ID}`).bytes;
    const again = open(updated(open(file), (update) => update.add(PdfString.text('new'))));
    const sections = [new PdfRef(10), new PdfRef(12)].map((ref) => again.stream(ref));
    expect(sections.map((section) => again.name(section?.dict.get('Type')))).to.deep.equal(['XRef', 'XRef']);
    expect(sections[0] && again.decode(sections[0]).length).to.be.greaterThan(6);
    expect(again.text(new PdfRef(11))).to.equal('new');
  });

  it('do not trust permissions that were altered', () => {
    const request = { subFilter: 'x', contentsSize: 64 };
    const altered = (dictionary: string): string => dictionary.replace('/P -4', '/P -8');
    for (const revision of [5, 6] as const) {
      const file = lockedPdf(revision, {}, altered).bytes;
      expect(refusal(() => prepareSignature(open(file), request))).to.equal('pdf.permission_denied');
      expect(refusal(() => prepareSignature(open(file, { password: OWNER }), request))).to.equal(undefined);
    }
    // Before revision 5 they are part of the key.
    expect(refusal(() => open(lockedPdf(3, {}, FILL_FORBIDDEN).bytes).catalog)).to.equal(
      'pdf.password_wrong',
    );
    const unsigned = (dictionary: string): string => dictionary.replace('/P -4', '/P 4294967292');
    expect(refusal(() => open(lockedPdf(3, {}, unsigned).bytes).catalog)).to.equal(undefined);
  });

  it('spend a bounded effort on what is decrypted', () => {
    const text = lockedPdf(3, { 4: `[${'<00>'.repeat(50)}]` }).bytes;
    const limits = { decryptedBytes: 0, decryptedTimes: 4 };
    expect(refusal(() => open(text, { password: USER, limits }).get(new PdfRef(4)))).to.equal(
      'pdf.too_complex',
    );
    expect(refusal(() => open(text).get(new PdfRef(4)))).to.equal(undefined);
  });
});

describe('pdf: hostile encryption dictionaries', () => {
  const outcome = (file: FileBuilder): string | undefined => refusal(() => open(file.bytes).catalog);

  const changed: readonly [string, string | RegExp, string, string][] = [
    ['another handler', '/Standard', '/Adobe.PubSec', 'pdf.encryption_unsupported'],
    ['no handler', '/Filter /Standard', '', 'pdf.encryption_invalid'],
    ['version 3', '/V 5', '/V 3', 'pdf.encryption_unsupported'],
    ['no version', '/V 5', '', 'pdf.encryption_unsupported'],
    ['a version that is no number', '/V 5', '/V /X', 'pdf.encryption_invalid'],
    ['a revision of another version', '/R 6', '/R 4', 'pdf.encryption_unsupported'],
    ['revision 7', '/R 6', '/R 7', 'pdf.encryption_unsupported'],
    ['a huge revision', '/R 6', '/R 1000000000', 'pdf.encryption_unsupported'],
    ['no revision', '/R 6', '', 'pdf.encryption_invalid'],
    ['a short /O', /\/O <[0-9a-f]{4}/, '/O <', 'pdf.encryption_invalid'],
    ['no /U', /\/U <[0-9a-f]*>/, '', 'pdf.encryption_invalid'],
    ['a short /UE', /\/UE <[0-9a-f]{4}/, '/UE <', 'pdf.encryption_invalid'],
    ['no /Perms', /\/Perms <[0-9a-f]*>/, '', 'pdf.encryption_invalid'],
    ['no /P', '/P -4', '', 'pdf.encryption_invalid'],
    ['a huge /P', '/P -4', '/P 99999999999', 'pdf.encryption_invalid'],
    ['a fraction as /P', '/P -4', '/P -4.5', 'pdf.encryption_invalid'],
    ['a filter that is not there', '/StmF /StdCF', '/StmF /None', 'pdf.encryption_invalid'],
    ['a filter that is no name', '/StrF /StdCF', '/StrF 1', 'pdf.encryption_invalid'],
    ['no filters', '/CF << /StdCF << /CFM /AESV3 >> >>', '', 'pdf.encryption_invalid'],
    ['a method of another version', '/AESV3', '/AESV2', 'pdf.encryption_unsupported'],
    ['no method', '/CFM /AESV3', '', 'pdf.encryption_unsupported'],
    ['a reference inside', '/P -4', '/P 1 0 R', 'pdf.encryption_invalid'],
  ];
  for (const [what, from, to, code] of changed) {
    it(`are refused: ${what}`, () => {
      expect(outcome(lockedPdf(6, {}, (dictionary) => dictionary.replace(from, to)))).to.equal(code);
    });
  }

  it('are refused: a length that is none', () => {
    for (const length of ['16', '136', '44', '-128', '/X', '1e9']) {
      const file = lockedPdf(3, {}, (dictionary) => dictionary.replace('/Length 128', `/Length ${length}`));
      expect(
        refusal(() => open(file.bytes).catalog),
        length,
      ).to.match(/^pdf\.(encryption_invalid|syntax)$/);
    }
    const none = lockedPdf(3, {}, (dictionary) => dictionary.replace('/Length 128', ''));
    expect(outcome(none)).to.equal('pdf.password_wrong');
  });

  it('are refused: one that is no dictionary, missing, or in an object stream', () => {
    expect(outcome(minimalPdf({}, `/Encrypt 1 ${ID}`))).to.equal('pdf.encryption_invalid');
    expect(outcome(minimalPdf({}, `/Encrypt 9 0 R ${ID}`))).to.equal('pdf.encryption_invalid');
    expect(outcome(minimalPdf({ 9: '9 0 R' }, `/Encrypt 9 0 R ${ID}`))).to.equal('pdf.encryption_invalid');
    const builder = new FileBuilder();
    for (const [number, body] of Object.entries(minimalObjects())) builder.object(Number(number), body);
    const hidden = builder
      .objectStream(8, { 9: dictionaries[6] })
      .xrefStream(10, `/Root 1 0 R /Size 11 /Encrypt 9 0 R ${ID}`);
    expect(outcome(hidden)).to.equal('pdf.encryption_invalid');
  });

  it('are refused: encryption that not all revisions have, or not the same', () => {
    const later = (trailer: string, first = `/Encrypt 9 0 R ${ID}`): FileBuilder =>
      minimalPdf({ 9: dictionaries[6] }, first).object(4, '(new)').table(`/Root 1 0 R /Size 10 ${trailer}`);
    expect(outcome(later(`/Encrypt 9 0 R ${ID}`))).to.equal(undefined);
    expect(outcome(later(ID))).to.equal('pdf.encryption_invalid');
    expect(outcome(later(`/Encrypt 9 0 R ${ID}`, ID))).to.equal('pdf.encryption_invalid');
    expect(outcome(later(`/Encrypt ${dictionaries[6]} ${ID}`))).to.equal('pdf.encryption_invalid');
    const replaced = (dictionary: string): FileBuilder =>
      lockedPdf(6).object(9, dictionary).table(`/Root 1 0 R /Size 10 /Encrypt 9 0 R ${ID}`);
    expect(outcome(replaced(dictionaries[6]))).to.equal(undefined);
    expect(outcome(replaced(dictionaries[5]))).to.equal('pdf.encryption_invalid');
  });

  it('end with a code, whatever stands in them', () => {
    const value = fc.oneof(
      fc.integer().map(String),
      fc.constantFrom('true', 'null', '/Identity', '/StdCF', '[]', '<< >>', '9 0 R', '()'),
      fc.string({ maxLength: 70, unit: fc.constantFrom(...'0123456789abcdef') }).map((hex) => `<${hex}>`),
    );
    const key = fc.constantFrom(
      'V',
      'R',
      'Length',
      'O',
      'U',
      'OE',
      'UE',
      'P',
      'Perms',
      'CF',
      'StmF',
      'StrF',
      'EFF',
    );
    const property = fc.property(fc.constantFrom(...REVISIONS), key, value, (revision, name, entry) => {
      const file = lockedPdf(revision, { 4: '(x)' }, (dictionary) =>
        dictionary
          .replace(new RegExp(`/${name} (<<.*?>> >>|<[^>]*>|\\S+)`), '')
          .replace('<<', `<< /${name} ${entry}`),
      );
      expect(refusal(() => open(file.bytes).get(new PdfRef(4))) ?? 'read').to.match(/^(pdf\.|read)/);
    });
    fc.assert(property, { numRuns: 150 });
  });

  it('make every reading end with the same code, found once', () => {
    const doc = open(lockedPdf(6).bytes, { password: 'x' });
    const reasons = [1, 2, 3].map((number) => {
      try {
        return doc.get(new PdfRef(number));
      } catch (error) {
        return error;
      }
    });
    expect(new Set(reasons).size).to.equal(1);
  });
});
