import { expect } from 'chai';
import { readImage } from '../../../server/composition/images/read-image.ts';
import { bytesSource } from '../../../server/pdf/byte-source.ts';
import { PdfDict, PdfName, PdfStream } from '../../../server/pdf/objects.ts';
import { openPdf } from '../../../server/pdf/open-pdf.ts';
import { IncrementalUpdate } from '../../../server/pdf/update/incremental-update.ts';
import { profileByName } from '../../../server/signing/appearance/load-profile.ts';
import { PageText } from '../../../server/signing/appearance/page-text.ts';
import type { AppearanceProfile } from '../../../server/signing/appearance/profile.ts';
import { makePng } from '../../composition/images/make-png.ts';
import { hasTool, textOf } from '../../composition/tools.ts';
import { missingQpdf, qpdfEncrypt, USER } from '../../pdf/encrypted-files.ts';
import { codeOf } from '../providers.ts';
import { sealPng, signaturePng } from './pictures.ts';
import { officialDocument, pageWith, signVisibly } from './sign-visibly.ts';

const signature = readImage(signaturePng());
const seal = readImage(sealPng());
const personal = profileByName('nd30-personal');
const organization = profileByName('nd30-organization');
const attachment = profileByName('nd30-attachment');
const note = (text: string, changes: Partial<AppearanceProfile> = {}): AppearanceProfile => ({
  name: 'note',
  title: { vi: 'Ghi chú', en: 'Note' },
  size: { width: 50, height: 10 },
  text: { lines: [text], size: 10, smallest: 6, align: 'left', colour: '#000000' },
  ...changes,
});

describe('planning how a signature shows', () => {
  let official: Uint8Array;
  before(async () => {
    official = await officialDocument();
  });

  it('nothing is planned for a signature that is not shown', async () => {
    const { rect, warnings } = await signVisibly(official, { profile: profileByName('none') });
    expect([rect, warnings]).to.deep.equal([[], []]);
  });

  it('warns with the text that lies under the box, and refuses when asked to', async () => {
    const over: Partial<AppearanceProfile> = { place: { anchor: { text: 'Nơi nhận', side: 'over' } } };
    const profile = note('x', over);
    const { warnings } = await signVisibly(official, { profile });
    expect(warnings.map(({ code }) => code)).to.deep.equal(['over_text']);
    expect(warnings[0]?.details.overText).to.deep.equal(['Nơi nhận:', '- Như Điều 2;']);
    expect(await codeOf(signVisibly(official, { profile, overText: 'refuse' }))).to.equal(
      'signing.over_text',
    );
    expect((await signVisibly(official, { profile, overText: 'ignore' })).warnings).to.deep.equal([]);
  });

  it('finds an anchor on the last page that has it, the n-th one, or none', async () => {
    const at = async (text: string, match?: 'first' | 'last' | number, page?: number) => {
      const anchor = { text, side: 'below' as const, ...(match !== undefined && { match }) };
      const place = { anchor, ...(page !== undefined && { page }) };
      const { rect } = await signVisibly(official, { profile: note('x'), place, overText: 'ignore' });
      return Math.round(rect[1] ?? 0);
    };
    const heights = [
      await at('Điều', 'first'),
      await at('Điều', 2),
      await at('Điều'),
      await at('Điều', 'last', 1),
    ];
    expect(heights[0]).to.be.above(heights[1] ?? 0);
    expect(heights[2]).to.equal(heights[3]);
    expect(
      await at(
        'lê  văn đạt'.replace('lê', 'Lê').replace('văn', 'Văn').replace('đạt', 'Đạt').normalize('NFD'),
      ),
    ).to.be.above(0);
    const absent = (text: string, match?: number) => codeOf(at(text, match));
    expect(await absent('Nguyễn Không Có')).to.equal('signing.anchor_not_found');
    expect(await absent('Lê Văn Đạt', 7)).to.equal('signing.anchor_not_found');
  });

  it('refuses boxes off the page, pages that are not there, and a seal over nothing', async () => {
    const place = (page: number | 'last', x: number) => ({ page, corner: 'top-left' as const, x, y: 10 });
    const refused = (wish: object) =>
      codeOf(signVisibly(official, { profile: note('x'), overText: 'ignore', ...wish }));
    expect(await refused({ place: place('last', 200) })).to.equal('signing.appearance_off_page');
    expect(await refused({ place: place(2, 10) })).to.equal('signing.appearance_off_page');
    expect(await refused({ profile: organization, image: seal })).to.equal('signing.nothing_to_cover');
    expect(await refused({ profile: personal })).to.equal('signing.appearance_image_missing');
    expect(await refused({ profile: attachment })).to.equal('signing.appearance_value_missing');
    const giant = { ...seal, size: { width: 90, height: 90 } };
    expect(await refused({ profile: organization, image: giant })).to.equal(
      'signing.appearance_does_not_fit',
    );
  });

  it('shows who signs and when as it is, whatever values are given', async function () {
    if (!hasTool('pdftotext')) this.skip();
    const values = { name: 'Ai Khác', time: '1999', serial: '0', agency: 'Sở Nội vụ' };
    const { pdf } = await signVisibly(pageWith({}), { profile: note('{name} {time} {agency}'), values });
    expect(textOf(pdf).replace(/\s+/g, ' ').trim()).to.equal(
      'Lê Văn Đạt 2026-11-22T10:15:30+07:00 Sở Nội vụ',
    );
  });

  it('refuses text it cannot show as it is', async () => {
    const refused = (text: string) => codeOf(signVisibly(pageWith({}), { profile: note(text) }));
    expect(await refused('xin chào 😀')).to.equal('composition.unsupported_character');
    expect(await refused('שלום')).to.equal('composition.right_to_left');
    expect(await refused('a\u202eb')).to.equal('composition.right_to_left');
    expect(await refused('Ủy ban nhân dân '.repeat(30))).to.equal('signing.appearance_does_not_fit');
  });

  it('says what a picture lacks of the rule', async () => {
    const pixel = (): [number, number, number, number] => [30, 30, 30, 255];
    const black = readImage(makePng({ width: 24, height: 10, pixel }));
    const { warnings } = await signVisibly(official, { profile: personal, image: black });
    expect(warnings.map(({ code }) => code)).to.deep.equal(['image_not_transparent', 'image_ink']);
  });

  it('shows in the field that waits for it, and nowhere else', async () => {
    const field = 'ky_lanh_dao';
    const { rect } = await signVisibly(official, { profile: personal, image: signature }, { field });
    expect(Math.round((rect[2] ?? 0) - (rect[0] ?? 0))).to.equal(170);
    const place = { corner: 'top-left' as const, x: 10, y: 10 };
    const moved = signVisibly(official, { profile: personal, image: signature, place }, { field });
    expect(await codeOf(moved)).to.equal('signing.field_has_place');
  });

  it(`reads text and shows signatures in encrypted files${missingQpdf}`, async function () {
    if (missingQpdf) this.skip();
    const profile = note('{name}', { place: { anchor: { text: 'Nơi nhận', side: 'over' } } });
    const { pdf, warnings } = await signVisibly(
      qpdfEncrypt(official, ['256']),
      { profile },
      { password: USER },
    );
    expect(openPdf(bytesSource(pdf), { password: USER }).revisions).to.have.length(2);
    expect(warnings.map(({ code }) => code)).to.deep.equal(['over_text']);
  });

  it('keeps to what PDF/A allows in a file that claims it', async () => {
    const claims = (part: number): Buffer => {
      const update = new IncrementalUpdate(openPdf(bytesSource(pageWith({}))));
      const xmp = Buffer.from(`<x xmlns:pdfaid="p"><pdfaid:part>${part}</pdfaid:part></x>`);
      const dict = PdfDict.of({ Type: PdfName.of('Metadata'), Subtype: PdfName.of('XML') });
      update.set(update.catalogRef, update.catalog.with({ Metadata: new PdfStream(dict, xmp) }));
      return Buffer.concat([pageWith({}), update.finish().bytes]);
    };
    const wish = {
      profile: personal,
      image: signature,
      place: { corner: 'top-left' as const, x: 10, y: 10 },
    };
    const first = (await signVisibly(claims(1), wish)).pdf.toString('latin1');
    expect(first).to.include('/Mask ').and.include('/DefaultRGB').and.not.include('/SMask');
    const second = (await signVisibly(claims(2), wish)).pdf.toString('latin1');
    expect(second).to.include('/SMask').and.include('/DefaultRGB');
    expect((await signVisibly(pageWith({}), wish)).pdf.toString('latin1')).to.not.include('/DefaultRGB');
  });

  describe('the text of a page', () => {
    it('is given up when it takes too long, and then only warned of', async () => {
      expect(await codeOf(PageText.open(bytesSource(official), undefined, 1))).to.equal(
        'signing.text_unreadable',
      );
    });

    it('that no reader can open is a code, and a warning when only asked what is under a box', async () => {
      const nothing = bytesSource(Buffer.from('%PDF-1.7 nothing'));
      expect(await codeOf(PageText.open(nothing))).to.equal('signing.text_unreadable');
      // A page whose content is no deflate data: what is not text is not found.
      const content = new PdfStream(PdfDict.of({ Filter: PdfName.of('FlateDecode') }), Buffer.from('no'));
      const { warnings } = await signVisibly(pageWith({ Contents: content }), {
        profile: attachment,
        values: { number: '1' },
      });
      expect(warnings).to.deep.equal([]);
    });

    it('is read file after file by one thread, each with its own', async () => {
      for (const signer of ['Trần Thị Một', 'Lê Văn Hai']) {
        const text = await PageText.open(bytesSource(await officialDocument(signer)));
        const runs = (await text.of(0)).map((run) => run.text).join(' ');
        await text.close();
        expect(runs).to.include(signer);
      }
    });
  });
});
