import { expect } from 'chai';
import { type ComposedDocument, composeDocument } from '../../server/composition/compose-document.ts';
import { documentType } from '../../server/composition/document-type.ts';
import { CompositionError } from '../../server/composition/errors.ts';
import type { OutgoingDocument } from '../../server/composition/outgoing-document.ts';
import { bytesSource } from '../../server/pdf/byte-source.ts';
import { listFields } from '../../server/pdf/forms/field-tree.ts';
import { openPdf } from '../../server/pdf/open-pdf.ts';
import { documentWith, now } from './sample-document.ts';
import { hasTool, runOn, textOf } from './tools.ts';

const compose = (changes: Partial<OutgoingDocument> = {}): Promise<ComposedDocument> =>
  composeDocument(documentWith(changes), { now });

async function refusal(changes: Partial<OutgoingDocument>): Promise<CompositionError> {
  try {
    await compose(changes);
  } catch (error) {
    if (error instanceof CompositionError) return error;
    throw error;
  }
  throw new Error('it was composed');
}

const paragraphs = (count: number): string =>
  Array.from({ length: count }, (_, i) => `${i + 1}. Cơ quan chủ trì thực hiện nhiệm vụ này đúng hạn.`).join(
    '\n',
  );

describe('composing a document in the layout of Decree 30/2020', () => {
  it('gives the same bytes for the same document and time', async () => {
    const [first, second] = [await compose(), await compose()];
    expect(Buffer.compare(first.bytes, second.bytes)).to.equal(0);
  });

  it('has empty number and date fields and empty signature fields before anybody signs', async () => {
    const document = openPdf(bytesSource((await compose()).bytes));
    const fields = listFields(document).map(({ name, type, value }) => ({
      name,
      type,
      value: value === undefined ? undefined : document.text(value),
    }));
    expect(fields).to.deep.equal([
      { name: 'so_van_ban', type: 'Tx', value: '' },
      { name: 'ngay_ban_hanh', type: 'Tx', value: '' },
      { name: 'ky_lanh_dao', type: 'Sig', value: undefined },
      { name: 'dau_co_quan', type: 'Sig', value: undefined },
    ]);
  });

  it('puts the places to fill and to sign inside the margins of their pages', async () => {
    const { places, pages } = await compose({ body: paragraphs(80) });
    expect(pages).to.be.greaterThan(2);
    expect(places.so_van_ban.page).to.equal(0);
    expect(places.ngay_ban_hanh.page).to.equal(0);
    expect(places.ky_lanh_dao.page).to.equal(pages - 1);
    expect(places.dau_co_quan.page).to.equal(pages - 1);
    for (const { rect } of Object.values(places)) {
      const [x1, y1, x2, y2] = rect;
      expect(x1).to.be.within(85, x2);
      expect(x2).to.be.below(595.3 - 42);
      expect(y1).to.be.within(56, y2);
      expect(y2).to.be.below(842 - 56);
    }
  });

  it('keeps a field in which seals up to 42 mm can cover the left third of the personal signature', async () => {
    const { ky_lanh_dao: person, dau_co_quan: seal } = (await compose()).places;
    const third = person.rect[0] + (person.rect[2] - person.rect[0]) / 3;
    const largest = (42 * 72) / 25.4;
    expect(third - seal.rect[0]).to.be.at.least(largest - 0.1);
    expect(seal.rect[2]).to.be.above(third);
    expect(seal.rect[3] - seal.rect[1]).to.be.closeTo(largest, 0.1);
    expect(seal.rect[1] + seal.rect[3]).to.be.closeTo(person.rect[1] + person.rect[3], 0.1);
  });

  it('never leaves the signature alone on a page', async function () {
    if (!hasTool('pdftotext')) this.skip();
    for (let count = 20; count < 34; count++) {
      const { bytes, pages } = await compose({ body: paragraphs(count) });
      const last =
        textOf(bytes)
          .split('\f')
          .at(pages - 1) ?? '';
      expect(last, `${count} paragraphs`).to.match(/thực hiện nhiệm vụ này đúng hạn/);
    }
  });

  it('fills a page that ends in the middle of a word longer than a line', async () => {
    expect((await compose({ body: 'a'.repeat(20_000) })).pages).to.be.within(6, 10);
  });

  describe('printed', () => {
    before(function () {
      if (!hasTool('pdftotext') || !hasTool('qpdf')) this.skip();
    });

    it('is a file without fault, with every font embedded', async () => {
      const { bytes } = await compose();
      expect(runOn(bytes, 'qpdf', (file) => ['--check', file])).to.match(
        /No syntax or stream encoding errors/,
      );
      const fonts = runOn(bytes, 'pdffonts', (file) => [file])
        .split('\n')
        .slice(2, -1);
      expect(fonts).to.have.length(4);
      for (const font of fonts) expect(font).to.match(/\+Tinos-.*CID TrueType.*yes yes yes/);
    });

    it('holds the components in their order, with their punctuation', async () => {
      const text = textOf((await compose()).bytes);
      const wanted = [
        /CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM/,
        /Độc lập - Tự do - Hạnh phúc/,
        /Số: +\/QĐ-UBND +Cà Mau,/,
        /^ +QUYẾT ĐỊNH$/m,
        /Về việc kiểm tra sử dụng chữ ký số/,
        /CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH/,
        /Căn cứ Luật Giao dịch điện tử;/,
        /Theo đề nghị của Chánh Văn phòng\./,
        /QUYẾT ĐỊNH:/,
        /Điều 1\. Ban hành Kế hoạch kiểm tra\./,
        /kể từ ngày ký\.\/\./,
        /Nơi nhận: +KT\. CHỦ TỊCH/,
        /PHÓ CHỦ TỊCH/,
        /- Lưu: VT, VP\./,
        /Lê Văn Đạt/,
      ];
      const places = wanted.map((pattern) => text.search(pattern));
      expect(places).to.not.include(-1);
      expect(places).to.deep.equal(places.toSorted((a, b) => a - b));
    });

    it('numbers pages from the second on', async () => {
      const pages = textOf((await compose({ body: paragraphs(80) })).bytes).split('\f');
      expect(pages[0]?.trim()).to.not.match(/^1\b/);
      expect(pages[1]?.trim()).to.match(/^2\b/);
      expect(pages[2]?.trim()).to.match(/^3\b/);
    });

    it('prints "Như trên" and "Lưu" once, also when they were typed', async () => {
      const text = textOf(
        (
          await compose({
            addressees: ['Sở Nội vụ'],
            recipients: ['- Như trên;', 'Lưu: VT, NV2.', '- Sở Tài chính'],
          })
        ).bytes,
      );
      expect(text.match(/Như trên/g)).to.have.lengthOf(1);
      expect(text.match(/- (?:Sở|Lưu).*$/gm)?.map((line) => line.split(/ {2,}/)[0])).to.include.members([
        '- Sở Tài chính;',
        '- Lưu: VT, NV2.',
      ]);
      expect(text).to.not.match(/VT, VP/);
    });

    it('sets a numbered section title in the line of the text: it was centred like a chapter', async () => {
      const body = 'I. TÌNH HÌNH CHUNG\nKết quả tốt.\nChương II\nTỔ CHỨC THỰC HIỆN';
      const indent = (title: string): number =>
        /^ */.exec(text.split('\n').find((line) => line.includes(title)) ?? '')?.[0].length ?? -1;
      const text = textOf((await compose({ body })).bytes);
      expect(indent('I. TÌNH HÌNH CHUNG')).to.equal(indent('Kết quả tốt.'));
      expect(indent('TỔ CHỨC THỰC HIỆN')).to.be.greaterThan(indent('Kết quả tốt.') + 5);
    });

    it('prints a công văn with V/v under the number, Kính gửi and Như trên', async () => {
      const { authority: _, ...letter } = documentWith({
        type: documentType('congVan', now),
        symbol: 'SKHCN-CĐS',
        agency: { parent: 'Ủy ban nhân dân tỉnh Cà Mau', name: 'Sở Khoa học và Công nghệ', place: 'Cà Mau' },
        addressees: ['Các sở, ban, ngành tỉnh', 'Ủy ban nhân dân các xã, phường'],
        legalBasis: [],
        urgency: 'express',
      });
      const text = textOf((await composeDocument(letter, { now })).bytes);
      expect(text).to.match(/SỞ KHOA HỌC VÀ CÔNG NGHỆ/);
      expect(text).to.match(/V\/v Về việc/);
      expect(text).to.match(/HOẢ TỐC/);
      expect(text).to.match(/Kính gửi:\n +- Các sở, ban, ngành tỉnh;\n +- Ủy ban nhân dân các xã, phường\./);
      expect(text).to.match(/- Như trên;/);
      expect(text).to.not.match(/CÔNG VĂN/);
    });

    it('composes letters that arrive decomposed', async () => {
      const text = textOf((await compose({ subject: 'Về kế hoạch đặc biệt'.normalize('NFD') })).bytes);
      expect(text).to.match(/Về kế hoạch đặc biệt/);
    });
  });

  describe('refuses with a code', () => {
    it('characters the font does not have, naming them', async () => {
      const error = await refusal({ body: 'Kết quả tốt 😀 và 漢字' });
      expect(error.code).to.equal('composition.unsupported_character');
      expect(error.details).to.deep.equal({
        where: 'body',
        characters: ['U+1F600 😀', 'U+6F22 漢', 'U+5B57 字'],
      });
    });

    it('right-to-left text and marks that turn the direction', async () => {
      for (const subject of ['שלום', 'مرحبا', 'Số tiền \u202e000.1']) {
        expect((await refusal({ subject })).code, subject).to.equal('composition.right_to_left');
      }
    });

    it('control characters and lone surrogates', async () => {
      for (const subject of ['a\u0000b', 'a\u001bb', '\ud800']) {
        expect((await refusal({ subject })).code).to.equal('composition.unsupported_character');
      }
    });

    it('components that are empty', async () => {
      expect((await refusal({ subject: ' \u200b ' })).details).to.deep.equal({ where: 'subject' });
      expect((await refusal({ body: '\n \n' })).code).to.equal('composition.empty');
    });

    it('texts and lists beyond all bounds', async () => {
      expect((await refusal({ body: 'a'.repeat(500_001) })).code).to.equal('composition.too_long');
      expect((await refusal({ recipients: Array(201).fill('x') })).code).to.equal('composition.too_long');
    });

    it('a symbol wider than its column', async () => {
      expect((await refusal({ symbol: 'W'.repeat(30) })).code).to.equal('composition.does_not_fit');
    });

    it('recipients that fill more than a page', async () => {
      const recipients = Array.from({ length: 120 }, (_, i) => `Cơ quan thứ ${i}`);
      expect((await refusal({ recipients })).code).to.equal('composition.block_too_tall');
    });
  });
});
