import { createSign } from 'node:crypto';
import { expect } from 'chai';
import { bytesSource } from '../../server/pdf/byte-source.ts';
import { openPdf } from '../../server/pdf/open-pdf.ts';
import { repairPdf } from '../../server/pdf/repair/repair-pdf.ts';
import { parseCertificate } from '../../server/pki/certificate.ts';
import { profileByName } from '../../server/signing/appearance/load-profile.ts';
import { planAppearance } from '../../server/signing/appearance/plan-appearance.ts';
import { completeDeferred } from '../../server/signing/deferred/complete-deferred.ts';
import { prepareDeferred } from '../../server/signing/deferred/prepare-deferred.ts';
import type { DeferredState } from '../../server/signing/deferred/state.ts';
import { signPdf } from '../../server/signing/sign-pdf.ts';
import {
  agency,
  formPdf,
  judged,
  leader,
  reportOn,
  signed,
  startOf,
  updated,
  withSection,
} from '../verification/files.ts';
import { missingPdfJudges, pdfJudges } from './judges.ts';
import { clock, codeOf, collectingSink, providerOf } from './providers.ts';

/** The catalog refers to nothing that is not there. */
const whole = formPdf({ 1: '<< /Type /Catalog /Pages 2 0 R /AcroForm 5 0 R >>' });
const lostStartxref = whole.subarray(0, whole.lastIndexOf('startxref'));
const broken = Buffer.from(whole.toString('latin1').replace(/startxref\s+\d+/, 'startxref\n7'), 'latin1');

const sign = (file: Uint8Array, field?: string) =>
  signPdf({ source: bytesSource(file), provider: providerOf(leader), clock, ...(field && { field }) });

describe('signing damaged files', () => {
  it('repairs what has no signature, says what was wrong, and keeps every byte', async () => {
    for (const [file, code] of [
      [lostStartxref, 'pdf.startxref_missing'],
      [broken, 'pdf.syntax'],
    ] as const) {
      const { appended, repaired } = await sign(file);
      expect(repaired).to.equal(code);
      const doc = openPdf(bytesSource(Buffer.concat([file, appended])));
      expect(doc.revisions).to.have.length(2);
    }
  });

  it('says null of a file that is whole', async () => {
    expect((await sign(whole)).repaired).to.equal(null);
  });

  it('gives a file that is valid and intact, and stays so under a second signature', async () => {
    const once = await signed(broken, leader, { field: 'ky' });
    const twice = await signed(once, agency, { field: 'dau' });
    expect(judged(once)).to.include({ verdict: 'valid', documentIntegrity: 'intact' });
    expect(reportOn(judged(once), 'ky')).to.include({ coverage: 'whole-file', modifications: 'none' });
    expect(judged(twice)).to.include({ verdict: 'valid', documentIntegrity: 'intact' });
    expect(reportOn(judged(twice), 'ky')).to.include({ coverage: 'whole-revision', permitted: true });
  });

  it(`gives a file that pdfsig and qpdf find no fault with${missingPdfJudges}`, async function () {
    if (missingPdfJudges) return this.skip();
    const once = await signed(lostStartxref, leader, { field: 'ky' });
    expect(pdfJudges(once)).to.deep.equal({ valid: 1, total: 1, wholeDocument: 1 });
  });

  it('repairs for a signature whose value comes later, and for none that brings another repair', async () => {
    const certificate = parseCertificate(leader.der);
    const source = bytesSource(broken);
    const { state, toBeSigned } = await prepareDeferred({ source, certificate, clock, waitDays: 1 });
    const complete = (changed: DeferredState) =>
      completeDeferred({
        ...{
          state: changed,
          source,
          clock,
          value: createSign('sha256').update(toBeSigned).sign(leader.privateKey),
        },
        ...{ sink: collectingSink(), context: { channel: 'deferred' as const } },
      });
    const { appended, repaired } = await complete(state);
    expect(repaired).to.equal('pdf.syntax');
    expect(judged(Buffer.concat([broken, appended]), { at: clock.now(), crls: [] })).to.include({
      documentIntegrity: 'intact',
    });
    const { repaired: _, ...silent } = state;
    expect(await codeOf(complete(silent))).to.equal('signing.state_invalid');
  });

  it('plans what is seen of a signature in the repaired file', async () => {
    const wish = {
      profile: profileByName('nd30-attachment'),
      values: { number: '01/QĐ' },
      overText: 'ignore',
    } as const;
    const certificate = parseCertificate(leader.der);
    const { visible } = await planAppearance(wish, { source: bytesSource(broken), certificate });
    const once = await signed(broken, leader, { field: 'hien', ...(visible && { visible }) });
    expect(visible?.page).to.equal(0);
    expect(judged(once)).to.include({ verdict: 'valid' });
  });

  it('never repairs what has a signature', async () => {
    const once = await signed(whole, leader, { field: 'ky' });
    const damaged = Buffer.from(once);
    damaged.fill('x', damaged.lastIndexOf('startxref'));
    expect(await codeOf(sign(damaged))).to.equal('pdf.damaged_signed_file');
  });

  it('refuses what an earlier part of the document is missing of', async () => {
    const damaged = Buffer.from(lostStartxref.toString('latin1').replace('8 0 obj', '8 0 obk'), 'latin1');
    expect(await codeOf(sign(damaged))).to.equal('pdf.repair_incomplete');
  });
});

describe('a rebuilt section behind a signature', () => {
  const content = (text: string) => `<< /Length ${text.length} >>\nstream\n${text}\nendstream`;

  it('hides nothing: with every object named anew and no /Prev the signature covers a part only', async () => {
    const once = await signed(whole, leader, { field: 'ky' });
    const doc = openPdf(bytesSource(once));
    const places = Object.fromEntries(
      doc.objectNumbers().flatMap((number) => {
        const entry = doc.locate(number)?.entry;
        return entry?.kind === 'offset' ? [[number, entry.offset]] : [];
      }),
    );
    const { 4: _, ...others } = places;
    const forged = withSection(once, { 4: content('BT (another decision) Tj ET') }, { places: others });
    const report = judged(forged);
    expect(openPdf(bytesSource(forged)).revisions).to.have.length(1);
    expect(report.verdict).to.equal('invalid');
    expect(reportOn(report, 'ky').coverage).to.equal('partial');
  });

  it('cannot be put under a signature afterwards: an update of a repaired and signed file is judged as any other', async () => {
    const once = await signed(broken, leader, { field: 'ky' });
    const forged = updated(once, { 4: content('BT (another decision) Tj ET') });
    expect(startOf(forged)).to.be.greaterThan(once.length);
    expect(judged(forged).verdict).to.equal('invalid');
  });

  it('is not made by us for a signed file, whatever of its structure is damaged', async () => {
    const once = await signed(whole, leader, { field: 'ky' });
    expect(() => repairPdf(bytesSource(once)))
      .to.throw()
      .with.property('code', 'pdf.damaged_signed_file');
  });
});
