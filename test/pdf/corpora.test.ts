import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { bytesSource } from '../../server/pdf/byte-source.ts';
import type { PdfDocument } from '../../server/pdf/document.ts';
import { PdfError } from '../../server/pdf/errors.ts';
import { openPdf } from '../../server/pdf/open-pdf.ts';
import { signatureCoverage } from '../../server/pdf/signatures/coverage.ts';
import { listSignatures } from '../../server/pdf/signatures/list-signatures.ts';
import { prepareSignature } from '../../server/pdf/signatures/prepare-signature.ts';
import { unaccountedBytes } from '../../server/pdf/unaccounted-bytes.ts';

const corpora = process.env.ANSO_CORPORA ?? join(import.meta.dirname, '../../../shared/corpora');
const files = existsSync(corpora)
  ? readdirSync(corpora, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.pdf'))
  : [];
const skipped = files.length === 0 ? ` (skipped: no corpora at ${corpora})` : '';
const hasQpdf = spawnSync('qpdf', ['--version']).error === undefined;
/** Every so manieth signed file goes before qpdf: each run of it costs a process. */
const SAMPLE = 12;

/** What becomes of a file: a result, or the code it is refused with. Any other exception is thrown on. */
function attempt<T>(work: () => T): { readonly value: T } | { readonly code: string } {
  try {
    return { value: work() };
  } catch (error) {
    if (error instanceof PdfError) return { code: error.code };
    throw error;
  }
}

describe(`pdf: files written by others${skipped}`, () => {
  before(function () {
    if (files.length === 0) this.skip();
  });

  it('open and are read to the last object, or are refused with a code', () => {
    const outcomes = files.map((file) => {
      const opened = attempt(() => {
        const doc = openPdf(bytesSource(readFileSync(join(corpora, file))));
        readAll(doc);
        return 'read';
      });
      return 'code' in opened ? opened.code : opened.value;
    });
    const read = outcomes.filter((outcome) => outcome === 'read').length;
    // All but those that are encrypted or that other readers must repair too.
    expect(read).to.be.greaterThan(files.length * 0.75);
  });

  it('take a signature behind their last byte, found again where it was put, and nothing else moves', () => {
    let signed = 0;
    for (const file of files) {
      const bytes = readFileSync(join(corpora, file));
      const result = attempt(() => signedCopy(bytes));
      if ('code' in result) continue;
      signed++;
      const { copy, field, earlier } = result.value;
      expect(copy.subarray(0, bytes.length).equals(bytes), file).to.equal(true);
      const doc = openPdf(bytesSource(copy));
      const found = listSignatures(doc);
      const own = found.find((signature) => signature.fieldName === field);
      expect(own && signatureCoverage(doc, own).coverage, file).to.equal('whole-file');
      expect(found.length, file).to.equal(earlier + 1);
      expect(doc.revision.closed, file).to.equal(true);
      const before = doc.revision.start;
      expect(unaccountedBytes(doc, Math.max(before, bytes.length)), file).to.deep.equal([]);
    }
    expect(signed).to.be.greaterThan(files.length * 0.75);
  });

  it(`are no worse for qpdf after a signature than before${hasQpdf ? '' : ' (skipped: qpdf not installed)'}`, function () {
    if (!hasQpdf) this.skip();
    const folder = mkdtempSync(join(tmpdir(), 'anso-corpora-'));
    const check = (path: string): number => spawnSync('qpdf', ['--check', path]).status ?? 99;
    try {
      for (const file of files.filter((_, i) => i % SAMPLE === 0)) {
        const path = join(corpora, file);
        const result = attempt(() => signedCopy(readFileSync(path)));
        if ('code' in result) continue;
        const signedPath = join(folder, 'signed.pdf');
        writeFileSync(signedPath, result.value.copy);
        // 0 clean, 3 warnings, 2 errors
        if (check(path) === 0) expect(check(signedPath), file).to.equal(0);
        else expect(check(signedPath), file).not.to.equal(99);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('refuse or survive damage anywhere, never with anything but a code', () => {
    // Deterministic damage: each file of a sample loses its tail, or has one byte changed, at several places.
    for (const file of files.filter((_, i) => i % SAMPLE === 5)) {
      const bytes = readFileSync(join(corpora, file));
      for (let i = 1; i < 8; i++) {
        const at = Math.floor((bytes.length * i) / 8);
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ 0x15;
        for (const damaged of [bytes.subarray(0, at), changed]) {
          attempt(() => {
            const doc = openPdf(bytesSource(damaged));
            readAll(doc);
            listSignatures(doc);
          });
        }
      }
    }
  });
});

function readAll(doc: PdfDocument): void {
  for (const number of doc.objectNumbers()) {
    const ref = doc.refOf(number);
    if (ref) doc.get(ref);
  }
  for (const page of doc.pages()) doc.dict(page.dict.get('Resources'));
}

function signedCopy(bytes: Buffer): { copy: Buffer; field: string; earlier: number } {
  const doc = openPdf(bytesSource(bytes));
  const prepared = prepareSignature(doc, { subFilter: 'ETSI.CAdES.detached', contentsSize: 64 });
  const copy = Buffer.concat([bytes, prepared.embed(Buffer.from('3000', 'hex'))]);
  return { copy, field: prepared.fieldName, earlier: listSignatures(doc).length };
}
