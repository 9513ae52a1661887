import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { bytesSource } from '../../server/pdf/byte-source.ts';
import { PdfError } from '../../server/pdf/errors.ts';
import { PdfDict } from '../../server/pdf/objects.ts';
import { openPdf } from '../../server/pdf/open-pdf.ts';
import { signPdf } from '../../server/signing/sign-pdf.ts';
import { trustStore } from '../../server/verification/trust-store.ts';
import { verifyPdf } from '../../server/verification/verify-pdf.ts';
import { lockedPdf, missingQpdf, OWNER, qpdfEncrypt, qpdfKinds, USER } from '../pdf/encrypted-files.ts';
import { makeIdentity } from './identities.ts';
import { missingPdfJudges, pdfJudges, signatureFacts } from './judges.ts';
import { clock, codeOf, makeProvider, providerOf } from './providers.ts';
import { samplePdf } from './sample-pdf.ts';

const root = makeIdentity('p-256', { ca: true, subject: 'Root' });
const provider = providerOf(makeIdentity('p-256', { issuer: root, serial: 7 }));

async function sign(pdf: Buffer, password?: string, visible = false): Promise<Buffer> {
  const { appended } = await signPdf({
    source: bytesSource(pdf),
    provider,
    clock,
    reason: 'Đồng ý ký (số 12) \\',
    ...(password !== undefined && { password }),
    ...(visible && {
      visible: {
        page: 0,
        rect: [10, 10, 90, 50],
        appearance: () => ({ content: Buffer.from('q 1 0 0 rg 0 0 80 40 re f Q'), resources: new PdfDict() }),
      },
    }),
  });
  return Buffer.concat([pdf, appended]);
}

describe(`signing encrypted files, before other judges${missingQpdf || missingPdfJudges}`, () => {
  before(function () {
    if (missingQpdf || missingPdfJudges) this.skip();
  });

  for (const [name, kind] of Object.entries(qpdfKinds)) {
    it(`keeps every byte and the encryption, twice: ${name}`, async () => {
      const encrypted = qpdfEncrypt(samplePdf(), kind, { file: ['--object-streams=generate'] });
      const twice = await sign(await sign(encrypted, USER, true), OWNER);
      expect(twice.subarray(0, encrypted.length).equals(encrypted)).to.equal(true);
      expect(pdfJudges(twice, USER)).to.deep.equal({ total: 2, valid: 2, wholeDocument: 1 });
      for (const facts of signatureFacts(twice, { password: OWNER })) {
        expect(facts).to.include({ signatureValid: true, messageDigestMatches: true });
      }
    });
  }

  it('takes the empty password by itself', async () => {
    const encrypted = qpdfEncrypt(samplePdf(), ['256'], { user: '' });
    expect(pdfJudges(await sign(encrypted))).to.deep.equal({ total: 1, valid: 1, wholeDocument: 1 });
  });
});

describe('signing encrypted files', () => {
  const code = (pdf: Buffer, password?: string): Promise<unknown> => codeOf(sign(pdf, password));

  it('refuses without a password, with a wrong one, and where the file forbids it', async () => {
    const locked = lockedPdf(6).bytes;
    expect(await code(locked)).to.equal('pdf.password_required');
    expect(await code(locked, 'wrong')).to.equal('pdf.password_wrong');
    expect(await code(locked, USER)).to.equal(undefined);
    const altered = lockedPdf(6, {}, (dictionary) => dictionary.replace('/P -4', '/P -8')).bytes;
    expect(await code(altered, USER)).to.equal('pdf.permission_denied');
    expect(await code(altered, OWNER)).to.equal(undefined);
  });

  it('is verified with the password, and is unreadable with a code without', async () => {
    const signed = await sign(await sign(lockedPdf(4).bytes, USER), OWNER);
    const trust = trustStore({ anchors: [root.der], intermediates: [], crls: [] });
    const judged = (password?: string) =>
      verifyPdf(bytesSource(signed), {
        trust,
        at: clock.now(),
        ...(password !== undefined && { password }),
      });
    expect(judged()).to.include({ verdict: 'unreadable', code: 'pdf.password_required' });
    expect(judged('wrong')).to.include({ verdict: 'unreadable', code: 'pdf.password_wrong' });
    for (const password of [USER, OWNER]) {
      const report = judged(password);
      expect(report.documentIntegrity).to.equal('intact');
      expect(report.signatures).to.have.length(2);
    }
  });
});

const corpus = join(resolve(process.env.ANSO_CORPORA ?? '../shared/corpora'), 'robustness');
const missing = existsSync(corpus) ? '' : ` (skipped: there is no ${corpus}; set ANSO_CORPORA)`;

describe(`signing the encrypted files of others${missing}`, () => {
  it('signs all that need no password, and names the reason for the others', async function () {
    if (missing) return this.skip();
    const counts = new Map<unknown, number>();
    const key = makeProvider('p-256');
    for (const name of readdirSync(corpus)) {
      if (!name.endsWith('.pdf')) continue;
      const pdf = readFileSync(join(corpus, name));
      if (!isEncrypted(pdf)) continue;
      const outcome = await codeOf(signPdf({ source: bytesSource(pdf), provider: key, clock }));
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    }
    expect([...counts.keys()]).to.have.members([
      undefined,
      'pdf.password_required',
      'pdf.encryption_unsupported',
    ]);
    expect(counts.get(undefined)).to.be.at.least(8);
  });
});

function isEncrypted(pdf: Buffer): boolean {
  try {
    return openPdf(bytesSource(pdf)).encrypted;
  } catch (error) {
    if (error instanceof PdfError) return false;
    throw error;
  }
}
