import { expect } from 'chai';
import fc from 'fast-check';
import { Asn1Error } from '../../server/asn1/errors.ts';
import {
  integerOctets,
  readBitString,
  readBoolean,
  readDer,
  readDerPrefix,
  readInteger,
  readOctetString,
  readOid,
  readString,
  readTime,
} from '../../server/asn1/read.ts';
import { contextTag, Tag } from '../../server/asn1/tag.ts';
import * as write from '../../server/asn1/write.ts';

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex');
const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof Asn1Error) return error.code;
    throw error;
  }
  return 'nothing was thrown';
};

describe('DER read back as it was written', () => {
  it('keeps integers of any size', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 256n), max: 2n ** 256n }), (value) => {
        expect(readInteger(readDer(write.integer(value)))).to.equal(value);
      }),
    );
  });

  it('keeps object identifiers', () => {
    const arc = fc.bigInt({ min: 0n, max: 2n ** 70n });
    const head = fc.oneof(
      fc.tuple(fc.constantFrom('0', '1'), fc.nat(39)),
      fc.tuple(fc.constant('2'), fc.nat(10_000)),
    );
    fc.assert(
      fc.property(head, fc.array(arc, { maxLength: 8 }), ([root, second], rest) => {
        const dotted = [root, second, ...rest].join('.');
        expect(readOid(readDer(write.oid(dotted)))).to.equal(dotted);
      }),
    );
  });

  it('keeps octets of every length class', () => {
    for (const length of [0, 1, 127, 128, 255, 256, 65_535, 65_536, 0x1000000]) {
      const bytes = Buffer.alloc(length, 7);
      expect(readOctetString(readDer(write.octetString(bytes))).length).to.equal(length);
    }
  });

  it('keeps bit strings, booleans and null', () => {
    expect(readBitString(readDer(write.bitString(hex('a0'), 5)))).to.deep.equal({
      bytes: hex('a0'),
      unusedBits: 5,
    });
    expect([true, false].map((value) => readBoolean(readDer(write.boolean(value))))).to.deep.equal([
      true,
      false,
    ]);
    expect(readDer(write.nullValue()).tag).to.equal(Tag.null);
  });

  it('keeps text in UTF-8 in normal form', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(readString(readDer(write.utf8String(text)))).to.equal(text.normalize('NFC'));
      }),
    );
  });

  it('keeps whole seconds from 1950 to 9999, in the form RFC 5280 wants', () => {
    const date = fc.date({
      min: new Date('1950-01-01'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(date, (moment) => {
        const node = readDer(write.time(moment));
        expect(node.tag === Tag.utcTime).to.equal(moment.getUTCFullYear() < 2050);
        expect(readTime(node).getTime()).to.equal(Math.floor(moment.getTime() / 1000) * 1000);
      }),
    );
  });

  it('sorts the elements of a SET OF by their encodings', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 5 })), (items) => {
        const children = readDer(write.setOf(items.map(write.octetString))).children.map(
          ({ bytes }) => bytes,
        );
        const sorted = children.toSorted(Buffer.compare);
        expect(children.map((b) => Buffer.from(b))).to.deep.equal(sorted.map((b) => Buffer.from(b)));
      }),
    );
  });
});

describe('the DER reader', () => {
  it('gives views into the input, so that what is hashed is what was read', () => {
    const bytes = write.sequence(write.integer(5), write.utf8String('Ấn Số'));
    const node = readDer(bytes);
    expect(node.at(1).bytes.buffer).to.equal(bytes.buffer);
    expect(Buffer.concat(node.children.map((child) => child.bytes))).to.deep.equal(Buffer.from(node.content));
  });

  it('leaves what follows a value to the caller only when asked to', () => {
    const padded = Buffer.concat([write.integer(1), Buffer.alloc(4)]);
    expect(codeOf(() => readDer(padded))).to.equal('asn1.trailing_bytes');
    expect(readInteger(readDerPrefix(padded))).to.equal(1n);
  });

  const refused: readonly (readonly [string, string, string])[] = [
    ['nothing at all', '', 'asn1.truncated'],
    ['a tag alone', '30', 'asn1.truncated'],
    ['a length beyond the end', '3005', 'asn1.truncated'],
    ['a length of five octets', '30850000000001', 'asn1.not_der'],
    ['a long form where the short one fits', '048101ff', 'asn1.not_der'],
    ['a length with a leading zero', '0482007f', 'asn1.not_der'],
    ['an indefinite length', '30800000', 'asn1.not_der'],
    ['a high tag number', '1f8101', 'asn1.unexpected'],
  ];
  for (const [what, bytes, code] of refused) {
    it(`refuses ${what}`, () => expect(codeOf(() => readDer(hex(bytes)))).to.equal(code));
  }

  it('refuses to go deeper than 64 levels, whether read or walked', () => {
    let bytes: Uint8Array = write.nullValue();
    for (let i = 0; i < 80; i++) bytes = write.sequence(bytes);
    const descend = (): void => {
      for (let node = readDer(bytes); ; node = node.at(0)) node.children;
    };
    expect(codeOf(descend)).to.equal('asn1.too_deep');
    const indefinite = Buffer.concat([Buffer.alloc(200, Buffer.from('3080', 'hex')), Buffer.alloc(200)]);
    expect(codeOf(() => readDer(indefinite, { ber: true }))).to.equal('asn1.too_deep');
  });

  it('says what it expected', () => {
    const node = readDer(write.integer(1));
    expect(() => node.expect(Tag.sequence)).to.throw(Asn1Error, 'expected tag 0x30, found 0x02');
    expect(codeOf(() => node.children)).to.equal('asn1.unexpected');
    expect(codeOf(() => readDer(write.sequence()).at(0))).to.equal('asn1.unexpected');
    expect(contextTag(2)).to.equal(0xa2);
    expect(contextTag(2, false)).to.equal(0x82);
  });

  it('ends in its own error, whatever the bytes are', () => {
    const walk = (bytes: Uint8Array, ber: boolean): void => {
      const queue = [readDer(bytes, { ber })];
      for (let node = queue.pop(); node; node = queue.pop())
        if (node.constructed) queue.push(...node.children);
    };
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, ber) => {
        expect(codeOf(() => walk(bytes, ber))).to.match(/^(asn1\.|nothing)/);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('values of single types', () => {
  it('reads BER lengths and indefinite values where CMS allows them', () => {
    const node = readDer(hex('3080 0403616263 0000'), { ber: true });
    expect(node.children).to.have.length(1);
    expect(readOctetString(node.at(0))).to.deep.equal(new Uint8Array(hex('616263')));
    expect(readOctetString(readDer(hex('2408 0401 61 0403 626364'), { ber: true })).length).to.equal(4);
    expect(codeOf(() => readDer(hex('0480'), { ber: true }))).to.equal('asn1.not_der');
  });

  const refused: readonly (readonly [string, (bytes: Uint8Array) => unknown, string])[] = [
    ['an integer without octets', (b) => readInteger(readDer(b)), '0200'],
    ['an integer padded with a zero', (b) => integerOctets(readDer(b)), '020200 7f'],
    ['a negative integer padded with ones', (b) => readInteger(readDer(b)), '0202ff80'],
    ['an object identifier without octets', (b) => readOid(readDer(b)), '0600'],
    ['an object identifier that does not end', (b) => readOid(readDer(b)), '060281 82'],
    ['a padded object identifier', (b) => readOid(readDer(b)), '0603 2a 8001'],
    ['a boolean of two octets', (b) => readBoolean(readDer(b)), '01020000'],
    ['a bit string without octets', (b) => readBitString(readDer(b)), '0300'],
    ['a bit string with eight unused bits', (b) => readBitString(readDer(b)), '03020800'],
    ['an empty bit string with unused bits', (b) => readBitString(readDer(b)), '030101'],
  ];
  for (const [what, read, bytes] of refused) {
    it(`refuses ${what}`, () => expect(codeOf(() => read(hex(bytes)))).to.equal('asn1.not_der'));
  }

  it('refuses an object identifier that is a number of a million bits, before doing arithmetic on it', () => {
    const endless = write.tlv(Tag.oid, Buffer.alloc(150_000, 0xff), Buffer.of(1));
    expect(codeOf(() => readOid(readDer(endless)))).to.equal('asn1.unexpected');
  });

  it('reads enumerated values like integers', () => {
    expect(readInteger(readDer(hex('0a0105')))).to.equal(5n);
  });

  it('reads text of every string type', () => {
    const text = (tag: number, content: string | Buffer): string =>
      readString(readDer(write.tlv(tag, Buffer.from(content as string, 'latin1'))));
    expect(text(Tag.bmpString, Buffer.from('00410301', 'hex').toString('latin1'))).to.equal('Á');
    expect(text(Tag.universalString, Buffer.from('0001f600', 'hex').toString('latin1'))).to.equal('😀');
    expect(text(Tag.universalString, Buffer.from('00110000', 'hex').toString('latin1'))).to.equal('�');
    for (const tag of [
      Tag.printableString,
      Tag.ia5String,
      Tag.teletexString,
      Tag.numericString,
      Tag.visibleString,
    ]) {
      expect(text(tag, 'B\xe9')).to.equal('Bé');
    }
    expect(codeOf(() => text(Tag.octetString, 'x'))).to.equal('asn1.unexpected');
  });

  const time = (tag: number, text: string): string =>
    readTime(readDer(write.tlv(tag, Buffer.from(text)))).toISOString();

  it('reads times without seconds, with fractions and with zones, as real CMS has them', () => {
    expect(time(Tag.utcTime, '491231235959Z')).to.equal('2049-12-31T23:59:59.000Z');
    expect(time(Tag.utcTime, '5001010000Z')).to.equal('1950-01-01T00:00:00.000Z');
    expect(time(Tag.generalizedTime, '20260301070000.5+0700')).to.equal('2026-03-01T00:00:00.500Z');
  });

  for (const [tag, text] of [
    [Tag.utcTime, '261301000000Z'],
    [Tag.utcTime, '260101000000'],
    [Tag.generalizedTime, '2026'],
    [Tag.octetString, '260101000000Z'],
  ] as const) {
    it(`refuses ${text} as a time of tag ${tag}`, () => {
      expect(codeOf(() => time(tag, text))).to.equal('asn1.unexpected');
    });
  }
});
