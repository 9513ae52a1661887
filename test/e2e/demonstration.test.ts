import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { bytesSource } from '../../server/pdf/byte-source.ts';
import { openPdf } from '../../server/pdf/open-pdf.ts';
import { listSignatures } from '../../server/pdf/signatures/list-signatures.ts';
import { certificateLabels, crlLabels, readPemOrDer } from '../../server/pki/pem.ts';
import type { VerificationReport } from '../../server/verification/report.ts';
import { type TrustStore, trustStore } from '../../server/verification/trust-store.ts';
import { verifyPdf } from '../../server/verification/verify-pdf.ts';
import { missingPdfJudges, pdfJudges } from '../signing/judges.ts';

const FLIPS = 500;
const demo = join(import.meta.dirname, '../../scripts/demo/main.ts');

describe('the demonstration', () => {
  let out: string;
  let pdf: Buffer;
  let trust: TrustStore;
  let said: string;

  const judge = (bytes: Uint8Array): VerificationReport =>
    verifyPdf(bytesSource(bytes), { trust, at: new Date() });

  before(async function () {
    this.timeout(60_000);
    out = await mkdtemp(join(tmpdir(), 'anso-demo-test-'));
    const run = spawnSync(process.execPath, [demo, '--once', '--out', out], { encoding: 'utf8' });
    said = run.stderr;
    expect(run.status, said).to.equal(0);
    pdf = await readFile(join(out, 'signed.pdf'));
    trust = trustStore({
      anchors: readPemOrDer(await readFile(join(out, 'root.pem')), certificateLabels),
      intermediates: [],
      crls: readPemOrDer(await readFile(join(out, 'crls.pem')), crlLabels),
    });
  });

  after(() => rm(out, { recursive: true, force: true }));

  it('leaves a file with the leader’s and the agency’s signature that is judged valid', () => {
    const report = judge(pdf);
    expect(report.verdict).to.equal('valid');
    expect(report.signatures.map(({ field, coverage }) => [field, coverage])).to.deep.equal([
      ['ky_lanh_dao', 'whole-revision'],
      ['dau_co_quan', 'whole-file'],
    ]);
  });

  it('leaves the report of the server and the usage of both certificates', async () => {
    const report = JSON.parse(await readFile(join(out, 'report.json'), 'utf8')) as VerificationReport;
    expect(report.verdict).to.equal('valid');
    const usage = JSON.parse(await readFile(join(out, 'usage.json'), 'utf8')) as {
      certificates: { holderKind: string; signed: number; refused: number }[];
    };
    expect(
      usage.certificates.map(({ holderKind, signed, refused }) => [holderKind, signed, refused]).sort(),
    ).to.deep.equal([
      ['organization', 1, 0],
      ['person', 1, 1],
    ]);
  });

  it('says neither password nor PIN nor token', () => {
    expect(said).to.not.match(/password|token=|"pin"/i);
  });

  it(`leaves a file that pdfsig and qpdf accept${missingPdfJudges}`, function () {
    if (missingPdfJudges) this.skip();
    expect(pdfJudges(pdf)).to.deep.equal({ valid: 2, total: 2, wholeDocument: 1 });
  });

  it(`never judges it valid with one byte flipped outside the last gap, in ${FLIPS} random places`, function () {
    this.timeout(120_000);
    const gap = listSignatures(openPdf(bytesSource(pdf))).at(-1)?.byteRange;
    const [, gapStart = 0, gapEnd = 0] = gap ?? [];
    expect(gapEnd).to.be.greaterThan(gapStart);
    for (let flip = 0; flip < FLIPS; flip++) {
      let at = randomInt(pdf.length - (gapEnd - gapStart));
      if (at >= gapStart) at += gapEnd - gapStart;
      const bit = 1 << randomInt(8);
      const spoiled = Buffer.from(pdf);
      spoiled[at] = (spoiled[at] ?? 0) ^ bit;
      const { verdict, documentIntegrity } = judge(spoiled);
      expect(verdict, `bit ${bit} of byte ${at}`).to.not.equal('valid');
      expect(documentIntegrity, `bit ${bit} of byte ${at}`).to.not.equal('intact');
    }
  });
});
