import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { bytesSource } from '../../server/pdf/byte-source.ts';
import { openPdf } from '../../server/pdf/open-pdf.ts';
import { listSignatures } from '../../server/pdf/signatures/list-signatures.ts';
import { prepareSignature } from '../../server/pdf/signatures/prepare-signature.ts';
import { unaccountedBytes } from '../../server/pdf/unaccounted-bytes.ts';
import { missingPdfJudges } from '../signing/judges.ts';
import { compressedPdf, minimalPdf, refusal } from './file-builder.ts';

/** A signature whose texts are all `text`, in a field that is called so, too. */
function withTexts(pdf: Uint8Array, text: string, fieldName = text): Buffer {
  const prepared = prepareSignature(openPdf(bytesSource(pdf)), {
    subFilter: 'ETSI.CAdES.detached',
    contentsSize: 64,
    fieldName,
    texts: { name: text, reason: text, location: text, contactInfo: text },
    lock: { action: 'Include', fields: [text] },
  });
  return Buffer.concat([pdf, prepared.embed(Buffer.from('3000', 'hex'))]);
}

const samples: Readonly<Record<string, string>> = {
  'parentheses that close nothing': 'a) /Evil (b',
  'backslashes, one of them at the end': 'C:\\ho so\\',
  'line ends of all kinds': 'một\nhai\r\nba\rbốn',
  'ten kilobytes': 'Quyết định '.repeat(900),
  'right-to-left': 'אבג العربية \u202eabc\u202c',
  'characters of four bytes': '𠮷野家 🖋️ 𝒜',
  'what looks like PDF': '>> endobj 1 0 obj << /ByteRange [0 1 2 3] %%EOF',
  'what looks like hexadecimal': '<feff0041>',
  'zeros and tabs': 'a\u0000b\tc',
};

describe('the texts of a signature', () => {
  for (const [what, text] of Object.entries(samples)) {
    it(`are read as they were written, field name and all, with ${what}`, () => {
      for (const { bytes } of [minimalPdf(), compressedPdf()]) {
        const doc = openPdf(bytesSource(withTexts(bytes, text, text.replaceAll('.', ''))));
        const [signature, ...others] = listSignatures(doc);
        expect(others).to.deep.equal([]);
        expect(signature).to.include({ name: text, reason: text, location: text, contactInfo: text });
        expect(signature?.fieldName).to.equal(text.replaceAll('.', ''));
        expect(signature?.fieldMdp?.fields).to.deep.equal([text]);
        expect(unaccountedBytes(doc, bytes.length)).to.deep.equal([]);
      }
    });
  }

  it('are read as they were written, whatever they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }), (text) => {
        const writable = text.replaceAll('\u001b', '');
        const doc = openPdf(bytesSource(withTexts(minimalPdf().bytes, text, 'ky')));
        expect(listSignatures(doc)[0]).to.include({ reason: writable, fieldName: 'ky' });
      }),
      { numRuns: 100 },
    );
  });

  it('may be the name of a field when every character can be written and none is a full stop', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (name) => {
        const isFit = name !== '' && !name.includes('.') && !name.includes('\u001b');
        const file = minimalPdf().bytes;
        if (!isFit) {
          expect(refusal(() => withTexts(file, 'x', name))).to.equal('pdf.field_name_invalid');
          return;
        }
        const signed = withTexts(file, 'x', name);
        expect(listSignatures(openPdf(bytesSource(signed)))[0]?.fieldName).to.equal(name);
        // The name is taken now, and is found again by it.
        expect(refusal(() => withTexts(signed, 'x', name))).to.match(/field_(already_signed|locked)$/);
      }),
      { numRuns: 100 },
    );
    for (const half of ['\ud83d', 'a\udc00b']) {
      expect(refusal(() => withTexts(minimalPdf().bytes, 'x', half))).to.equal('pdf.field_name_invalid');
    }
  });

  it(`are read by pdfsig and qpdf as by us${missingPdfJudges}`, function () {
    if (missingPdfJudges) return this.skip();
    const folder = mkdtempSync(join(tmpdir(), 'anso-texts-'));
    try {
      for (const [what, text] of Object.entries(samples)) {
        const file = join(folder, 'signed.pdf');
        const name = text.replaceAll('.', '');
        writeFileSync(file, withTexts(minimalPdf().bytes, text, name));
        const { stdout, status } = spawnSync('qpdf', ['--json', file], {
          encoding: 'utf8',
          maxBuffer: 2 ** 26,
        });
        expect(status, what).to.equal(0);
        expect(stringsOf(JSON.parse(stdout)), what).to.include.members([`u:${text}`, `u:${name}`]);
        expect(spawnSync('qpdf', ['--check', file]).status, what).to.equal(0);
        const pdfsig = spawnSync('pdfsig', ['-nocert', file], { encoding: 'utf8', cwd: folder });
        expect(pdfsig.stdout.match(/Signature #\d/g), what).to.have.length(1);
        // It prints a name up to its first zero.
        expect(pdfsig.stdout, what).to.contain(`Signature Field Name: ${name.split('\u0000', 1)[0]}`);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsOf) : [];
}
