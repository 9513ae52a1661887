import { expect } from 'chai';
import fc from 'fast-check';
import { readDer } from '../../server/asn1/read.ts';
import { Tag } from '../../server/asn1/tag.ts';
import { sequence, setOf, tlv } from '../../server/asn1/write.ts';
import { maskIdentifier, suggestHolder } from '../../server/pki/holder.ts';
import { type Name, readName } from '../../server/pki/name.ts';
import { type Attributes, altNames, certify, dns, nameOf } from './authority.ts';

const O = '2.5.4.10';
const OU = '2.5.4.11';
const CN = '2.5.4.3';
const UID = '0.9.2342.19200300.100.1.1';
const T = '2.5.4.12';

const name = (attributes: Attributes): Name => readName(readDer(nameOf(attributes)));
const as = (tag: number, text: string) => tlv(tag, Buffer.from(text, 'latin1'));

describe('a distinguished name', () => {
  it('keeps repeated attributes in their order', () => {
    const official = name([
      ['2.5.4.6', 'VN'],
      [O, 'ỦY BAN NHÂN DÂN TỈNH CÀ MAU'],
      [OU, 'ỦY BAN NHÂN DÂN XÃ ĐẤT MŨI'],
      [OU, 'Văn phòng'],
      [CN, 'Trần Thị B'],
    ]);
    expect(official.get(OU)).to.deep.equal(['ỦY BAN NHÂN DÂN XÃ ĐẤT MŨI', 'Văn phòng']);
    expect(official.last(OU)).to.equal('Văn phòng');
    expect(official.last('2.5.4.5')).to.equal(undefined);
    expect(official.toString()).to.equal(
      'CN=Trần Thị B,OU=Văn phòng,OU=ỦY BAN NHÂN DÂN XÃ ĐẤT MŨI,O=ỦY BAN NHÂN DÂN TỈNH CÀ MAU,C=VN',
    );
  });

  it('escapes what RFC 4514 says, so that a printed name can not pretend to be two', () => {
    expect(name([[CN, 'A, CN=B+C "D" \\ <E>;']]).toString()).to.equal(
      'CN=A\\, CN=B\\+C \\"D\\" \\\\ \\<E\\>\\;',
    );
    expect(name([[CN, ' #x ']]).toString()).to.equal('CN=\\ #x\\ ');
    expect(name([['1.2.3', 'x']]).toString()).to.equal('1.2.3=x');
    expect(name([[CN, tlv(Tag.octetString, Buffer.from('ab'))]]).toString()).to.equal('CN=#04026162');
  });

  it('equals another kind of string, another case and other spaces (RFC 5280 7.1)', () => {
    const base = name([
      [O, 'Test  Certificates'],
      [CN, 'Good CA'],
    ]);
    expect(
      base.equals(
        name([
          [O, as(Tag.printableString, ' test certificates ')],
          [CN, 'GOOD ca'],
        ]),
      ),
    ).to.equal(true);
    expect(
      base.equals(
        name([
          [CN, 'Good CA'],
          [O, 'Test  Certificates'],
        ]),
      ),
    ).to.equal(false);
    expect(base.equals(name([[O, 'Test Certificates']]))).to.equal(false);
    expect(
      base.equals(
        name([
          [O, 'Test Certificates'],
          [CN, 'Good CB'],
        ]),
      ),
    ).to.equal(false);
  });

  it('equals itself written with composed or decomposed diacritics and invisible characters', () => {
    fc.assert(
      fc.property(fc.constantFrom('Bộ Tài chính', 'ĐẤT MŨI', 'Uỷ ban'), (text) => {
        const other = `${text.normalize('NFD').slice(0, 2)}\u200b${text.normalize('NFD').slice(2)}`;
        expect(name([[CN, text]]).equals(name([[CN, other]]))).to.equal(true);
      }),
    );
  });

  it('lies within its own prefixes only', () => {
    const whole = name([
      [O, 'A'],
      [OU, 'B'],
      [CN, 'C'],
    ]);
    expect(
      whole.isWithin(
        name([
          [O, 'a'],
          [OU, 'b'],
        ]),
      ),
    ).to.equal(true);
    expect(whole.isWithin(name([]))).to.equal(true);
    expect(whole.isWithin(name([[OU, 'B']]))).to.equal(false);
    expect(name([]).isEmpty).to.equal(true);
  });

  it('is refused with more parts than any real name has', () => {
    const many = Array.from({ length: 200 }, () => [CN, 'x'] as const);
    expect(() => name(many)).to.throw('too many parts');
    expect(() => readName(readDer(sequence(setOf(many.map(() => sequence())))))).to.throw('too many parts');
  });
});

describe('what a subject suggests its holder is', () => {
  const holder = (subject: Attributes, extensions: Parameters<typeof certify>[0] = {}) =>
    suggestHolder(certify({ subject, key: 0, ...extensions }).certificate);

  const cases: readonly (readonly [string, Attributes, string])[] = [
    [
      'an official with two OU',
      [
        [O, 'UBND TỈNH'],
        [OU, 'Sở Y tế'],
        [CN, 'Lê Văn C'],
      ],
      'person',
    ],
    [
      'a ministry’s department',
      [
        [CN, 'CỤC THUẾ'],
        [O, 'BỘ TÀI CHÍNH'],
      ],
      'organization',
    ],
    [
      'a tax code',
      [
        [UID, 'MST:0100109106'],
        [CN, 'Hoa Sen'],
        [O, 'Hoa Sen'],
      ],
      'organization',
    ],
    [
      'a personal number beside a tax code',
      [
        [UID, 'MST:0100109106'],
        [UID, 'CCCD:001090000001'],
        [CN, 'X'],
      ],
      'person',
    ],
    [
      'a title',
      [
        [T, 'Giám đốc'],
        [CN, 'Phạm D'],
        [O, 'Công ty E'],
      ],
      'person',
    ],
    [
      'a name that repeats its unit',
      [
        [OU, 'Hoa Mai'],
        [CN, 'Hoa Mai'],
      ],
      'organization',
    ],
    ['a host name', [[CN, 'ky.camau.gov.vn']], 'device'],
  ];
  for (const [what, subject, kind] of cases) {
    it(`calls ${what} ${kind}`, () => expect(holder(subject).kind).to.equal(kind));
  }

  it('calls a certificate for a DNS name a device', () => {
    const extensions = [altNames(dns('tsa.example'))];
    expect(holder([[CN, 'Máy chủ ký']], { extensions }).kind).to.equal('device');
  });

  it('reads both identifiers and masks them for screens', () => {
    const { identifiers } = holder([
      [UID, 'MST: 0100109106-001'],
      [UID, 'CMND:012345678'],
      [CN, 'X'],
    ]);
    expect(identifiers).to.deep.equal({ taxCode: '0100109106-001', personalNumber: '012345678' });
    expect(maskIdentifier('CCCD:001090000001')).to.equal('****:*********001');
  });
});
