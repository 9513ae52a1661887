import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { faultsOf } from '../../scripts/sweep/judge-file.ts';
import { summary, table } from '../../scripts/sweep/report.ts';
import { type Row, sweepFiles } from '../../scripts/sweep/sweep-files.ts';
import { makeIdentity } from '../signing/identities.ts';
import { makePkcs12 } from '../signing/make-pkcs12.ts';
import { samplePdf } from '../signing/sample-pdf.ts';
import { leader, signed, updated } from '../verification/files.ts';

describe('the sweep over files of others', () => {
  let folder: string;
  const write = (name: string, bytes: Uint8Array): string => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'anso-sweep-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('signs with the program itself, counts refusals by code, and finds no fault in either', async () => {
    const identity = makeIdentity('p-256', { notAfter: new Date(Date.now() + 86_400_000) });
    const key = {
      p12: write('key.p12', makePkcs12({ keys: [identity], certificates: [identity] }, 'pin')),
      pin: 'pin',
    };
    const files = [write('a.pdf', samplePdf()), write('b.pdf', Buffer.from('PK no pdf at all'))];
    const rows = await sweepFiles(files, key, { seconds: 60, megabytes: 300 }, () => {});
    expect(rows.map(({ outcome }) => outcome)).to.deep.equal(['signed', 'pdf.not_a_pdf']);
    expect(rows.flatMap(({ faults }) => faults)).to.deep.equal([]);
    expect(summary(rows)).to.deep.include({ files: 2, signed: 1, refusals: { 'pdf.not_a_pdf': 1 } });
    expect(table(rows)).to.match(/refused: pdf\.not_a_pdf +1\n/);
  });

  it('calls it a fault when a byte changed, when nothing was added, and when a signature was lost', async () => {
    const before = samplePdf();
    const after = await signed(before, leader);
    const changed = Buffer.from(after);
    changed[20] = 0x41;
    const first = write('first.pdf', after);
    const broken = await signed(updated(after, { 3: '<< /Type /Page /Parent 2 0 R >>' }), leader);
    const unsigned = write('before.pdf', before);
    expect(await faultsOf(unsigned, write('after.pdf', after))).to.deep.equal([]);
    expect((await faultsOf(unsigned, write('changed.pdf', changed)))[0]).to.match(/^bytes: changed/);
    expect((await faultsOf(unsigned, unsigned))[0]).to.match(/^bytes: the signed file is no longer/);
    expect(await faultsOf(first, write('broken.pdf', broken))).to.deep.equal([
      'signatures: "Signature1" is no longer intact',
    ]);
  });

  it('counts the sound files by what qpdf says of them', () => {
    const row = (outcome: string, qpdf: Partial<NonNullable<Row['qpdfBefore']>>): Row => ({
      ...{ file: 'f', outcome, repaired: null, faults: [], milliseconds: 1, peakMb: 1 },
      qpdfBefore: { rank: 0, damaged: false, locked: false, ...qpdf },
    });
    const rows = [
      row('signed', {}),
      row('pdf.syntax', { damaged: true }),
      row('pdf.syntax', { locked: true }),
    ];
    expect(summary(rows)).to.deep.include({ sound: 1, soundSigned: 1, refusals: { 'pdf.syntax': 2 } });
  });
});
