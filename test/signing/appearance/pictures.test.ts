import { expect } from 'chai';
import { encode } from 'uqr';
import { readImage } from '../../../server/composition/images/read-image.ts';
import { parseProfile, profileByName } from '../../../server/signing/appearance/load-profile.ts';
import { makePng } from '../../composition/images/make-png.ts';
import { inkBox, isBlue, isDark, isRed, render } from '../../composition/images/render.ts';
import { hasTool, textOf } from '../../composition/tools.ts';
import { missingPdfJudges, pdfJudges } from '../judges.ts';
import { sealPng, signaturePng } from './pictures.ts';
import { officialDocument, pageWith, signVisibly } from './sign-visibly.ts';

const missing = hasTool('pdftoppm') ? '' : ' (skipped: pdftoppm is not installed)';
const dotsPerInch = 150;
const pixels = (millimetres: number): number => (millimetres * dotsPerInch) / 25.4;

/** Upper left quarter red, the rest blue: shows how it is turned. */
const flag = readImage(
  makePng({
    width: 40,
    height: 20,
    pixel: (x, y) => (x < 20 && y < 10 ? [255, 0, 0, 255] : [20, 30, 200, 255]),
  }),
);
const flagProfile = parseProfile(
  JSON.stringify({
    name: 'flag',
    title: { vi: 'Cờ', en: 'Flag' },
    size: { width: 40, height: 20 },
    image: { dock: 'fill', fit: 'contain' },
  }),
);

describe(`signatures as they are seen${missing}`, () => {
  before(function () {
    if (missing) this.skip();
  });

  it('personal signature above the name, seal of true size over its left third, both see-through', async () => {
    const personal = await signVisibly(await officialDocument(), {
      profile: profileByName('nd30-personal'),
      image: readImage(signaturePng()),
    });
    const both = await signVisibly(personal.pdf, {
      profile: profileByName('nd30-organization'),
      image: readImage(sealPng()),
    });
    const signature = inkBox(render(personal.pdf, dotsPerInch), isBlue);
    expect(signature.right - signature.left).to.be.closeTo(pixels(60), 4);
    const picture = render(both.pdf, dotsPerInch);
    const seal = inkBox(picture, isRed);
    expect(seal.right - seal.left).to.be.closeTo(pixels(36), 3);
    expect(seal.bottom - seal.top).to.be.closeTo(pixels(36), 3);
    const covered = (seal.right - signature.left) / (signature.right - signature.left);
    expect(covered).to.be.closeTo(1 / 3, 0.02);
    const middle =
      picture.height - (((personal.rect[1] ?? 0) + (personal.rect[3] ?? 0)) / 2) * (dotsPerInch / 72);
    expect((seal.top + seal.bottom) / 2).to.be.closeTo(middle, 2);
    // Between the rings of the seal the signature under it is still seen, and so is the paper.
    const overlap = { left: signature.left, right: seal.right };
    let [blue, white] = [0, 0];
    for (let y = seal.top; y < seal.bottom; y++) {
      for (let x = overlap.left; x < overlap.right; x++) {
        const [r, g, b] = picture.at(x, y);
        if (isBlue([r, g, b])) blue++;
        if (r + g + b === 765) white++;
      }
    }
    expect(blue).to.be.above(500);
    expect(white).to.be.above(5000);
  });

  it('the personal signature ends a millimetre above the signer’s name, and is centred on it', async () => {
    const document = await officialDocument();
    const { rect, warnings } = await signVisibly(document, {
      profile: profileByName('nd30-personal'),
      image: readImage(signaturePng()),
    });
    expect(warnings).to.deep.equal([]);
    const picture = render(document, dotsPerInch);
    const scale = dotsPerInch / 72;
    const [left = 0, bottom = 0, right = 0] = rect;
    const below = Math.round(picture.height - bottom * scale);
    const name = inkBox(
      { ...picture, height: Math.round(pixels(10)), at: (x, y) => picture.at(x, y + below) },
      (colour) => isDark(colour),
    );
    expect(name.count).to.be.above(300);
    expect(name.top / scale).to.be.within(2, 8);
    const inColumn = { left: Math.round(left * scale), right: Math.round(right * scale) };
    expect((name.left + name.right) / 2).to.be.closeTo((inColumn.left + inColumn.right) / 2, 8);
  });

  for (const rotate of [0, 90, 180, 270]) {
    it(`upright in the asked corner of a page turned by ${rotate}, cut and moved from the origin`, async () => {
      const page = pageWith({
        Rotate: rotate,
        MediaBox: [-100, 200, 500, 1000],
        CropBox: [-50, 300, 400, 900],
      });
      const { pdf } = await signVisibly(page, {
        profile: flagProfile,
        image: flag,
        place: { page: 'last', corner: 'top-right', x: 10, y: 5 },
      });
      const picture = render(pdf);
      const seen = [picture.width, picture.height];
      expect(seen).to.deep.equal(rotate % 180 === 0 ? [450, 600] : [600, 450]);
      const all = inkBox(picture, (colour) => isRed(colour) || isBlue(colour));
      const red = inkBox(picture, isRed);
      const [mm10, mm5] = [28.3, 14.2];
      expect(all.right).to.be.closeTo(picture.width - mm10, 1.5);
      expect(all.top).to.be.closeTo(mm5, 1.5);
      expect([all.right - all.left, all.bottom - all.top].map(Math.round)).to.deep.equal([114, 57]);
      expect([red.left - all.left, red.top - all.top]).to.deep.equal([0, 0]);
      expect(red.right - red.left).to.be.closeTo(57, 1.5);
    });
  }

  it('in millimetres also where a page counts in larger units', async () => {
    const { rect } = await signVisibly(pageWith({ UserUnit: 2 }), {
      profile: flagProfile,
      image: flag,
      place: { corner: 'bottom-left', x: 25.4, y: 50.8 },
    });
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = rect;
    expect([x1, y1, x2 - x1, y2 - y1].map((value) => Math.round(value * 10) / 10)).to.deep.equal([
      36, 72, 56.7, 28.3,
    ]);
  });

  it('stamps of attachments and copies in the upper right corner: number, form, agency, Vietnamese time', async () => {
    const attachment = await signVisibly(pageWith({}), {
      profile: profileByName('nd30-attachment'),
      values: { number: '05/QĐ-UBND' },
    });
    expect(textOf(attachment.pdf)).to.match(/05\/QĐ-UBND\s+2026-11-22T10:15:30\+07:00/);
    const copy = await signVisibly(pageWith({}), {
      profile: profileByName('nd30-copy'),
      values: { copyForm: 'SAO Y', agency: 'Ủy ban nhân dân xã Mỹ Khánh'.normalize('NFD') },
    });
    expect(textOf(copy.pdf)).to.match(/SAO Y\s+Ủy ban nhân dân xã Mỹ Khánh\s+2026-11-22T10:15:30\+07:00/);
    const ink = inkBox(render(copy.pdf), isDark);
    expect(ink.left).to.be.above(595 / 2);
    expect(ink.right).to.be.within(595 - 60, 595 - 42);
    expect(ink.bottom).to.be.below(842 / 8);
  });

  it('a free box whose QR code says where to verify the very bytes that were signed', async () => {
    const page = pageWith({});
    const { createHash } = await import('node:crypto');
    const { pdf, rect } = await signVisibly(
      page,
      {
        profile: profileByName('free'),
        image: readImage(signaturePng()),
        values: { title: 'Chủ tịch', verificationUrl: 'https://example.gov.vn/kiem-tra?sha256=' },
      },
      { reason: 'Phê duyệt', location: 'Cà Mau' },
    );
    const text = textOf(pdf);
    for (const line of ['Ký bởi: Lê Văn Đạt', 'Chức vụ: Chủ tịch', 'Lý do: Phê duyệt', 'Nơi ký: Cà Mau']) {
      expect(text).to.include(line);
    }
    expect(text).to.not.include('{');
    const hash = createHash('sha256').update(page).digest('hex');
    const code = encode(`https://example.gov.vn/kiem-tra?sha256=${hash}`, { ecc: 'M', border: 0 });
    const scale = 300 / 72;
    const picture = render(pdf, 300);
    const [, y1 = 0, x2 = 0, y2 = 0] = rect;
    const side = (26 / 25.4) * 300;
    // Frame of 0.25 mm and two points inside it.
    const right = x2 * scale - ((0.25 / 25.4) * 72 + 2) * scale;
    const middle = picture.height - ((y1 + y2) / 2) * scale;
    const module = side / (code.size + 8);
    let wrong = 0;
    for (const [row, line] of code.data.entries()) {
      for (const [column, isBlack] of line.entries()) {
        const x = Math.round(right - side + (column + 4.5) * module);
        const y = Math.round(middle - side / 2 + (row + 4.5) * module);
        if (isDark(picture.at(x, y)) !== isBlack) wrong++;
      }
    }
    expect(wrong).to.equal(0);
  });

  it('long names are broken and made smaller, down to a limit', async () => {
    const long =
      'Ban Quản lý dự án đầu tư xây dựng công trình nông nghiệp và phát triển nông thôn tỉnh Cà Mau';
    const { pdf } = await signVisibly(pageWith({}), {
      profile: profileByName('nd30-copy'),
      values: { copyForm: 'SAO LỤC', agency: long },
    });
    expect(textOf(pdf).replace(/\s+/g, ' ')).to.include(long);
    const ink = inkBox(render(pdf), isDark);
    expect(ink.left).to.be.above(595 - 15 * 2.84 - 70 * 2.84);
  });

  it(`is valid to other readers, and the file is sound${missingPdfJudges}`, async function () {
    if (missingPdfJudges) this.skip();
    const personal = await signVisibly(await officialDocument(), {
      profile: profileByName('nd30-personal'),
      image: readImage(signaturePng()),
    });
    const seal = await signVisibly(personal.pdf, {
      profile: profileByName('nd30-organization'),
      image: readImage(sealPng()),
    });
    const free = await signVisibly(seal.pdf, { profile: profileByName('free') });
    expect(pdfJudges(free.pdf)).to.include({ valid: 3, wholeDocument: 1 });
  });
});
