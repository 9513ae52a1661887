import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openPdf } from '../../server/pdf/open-pdf.ts';
import { prepareSignature } from '../../server/pdf/signatures/prepare-signature.ts';
import { fileSource, withFileSource } from '../../server/platform/file-source.ts';
import { minimalPdf } from '../pdf/file-builder.ts';

describe('a file read in windows', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'anso-source-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const file = (content: string | Buffer): string => {
    const path = join(folder, 'file');
    writeFileSync(path, content);
    return path;
  };

  it('gives any part of it', async () => {
    await withFileSource(file('0123456789'), (source) => {
      const read = (start: number, end: number): string => Buffer.from(source.read(start, end)).toString();
      expect([source.length, read(0, 10), read(3, 5), read(9, 10), read(4, 4)]).to.deep.equal([
        10,
        '0123456789',
        '34',
        '9',
        '',
      ]);
    });
  });

  it('is signed to the same bytes as in memory', async () => {
    const pdf = minimalPdf({ 4: `(${'x'.repeat(3_000_000)})` });
    const request = { subFilter: 'ETSI.CAdES.detached', contentsSize: 10 };
    const inMemory = prepareSignature(pdf.open(), request);
    await withFileSource(file(pdf.bytes), (source) => {
      const fromDisk = prepareSignature(openPdf(source), request);
      expect(fromDisk.byteRange).to.deep.equal(inMemory.byteRange);
      expect(fromDisk.digest('sha256').equals(inMemory.digest('sha256'))).to.equal(true);
    });
  });

  it('says so when it is cut short meanwhile', () => {
    const path = file('0123456789');
    const source = fileSource(path);
    truncateSync(path, 5);
    expect(() => source.read(0, 10)).to.throw(/ends before/);
    source.close();
  });

  it('is closed also when its use fails', async () => {
    let inner: { read(start: number, end: number): Uint8Array } | undefined;
    const failure = await withFileSource(file('abc'), (source) => {
      inner = source;
      throw new Error('no use');
    }).catch((error: Error) => error.message);
    expect(failure).to.equal('no use');
    expect(() => inner?.read(0, 1)).to.throw(/EBADF/);
  });
});
