import { expect } from 'chai';
import fc from 'fast-check';
import {
  equalObjects,
  PdfDict,
  PdfName,
  type PdfObject,
  PdfRef,
  PdfStream,
  PdfString,
} from '../../server/pdf/objects.ts';
import { Parser } from '../../server/pdf/parser.ts';
import { serialize } from '../../server/pdf/serialize.ts';
import { refusal } from './file-builder.ts';

const parse = (text: string): PdfObject => new Parser(Buffer.from(text, 'latin1'), 0, 32).object();
const bytesOf = (value: PdfObject): string => {
  if (!(value instanceof PdfString)) throw new Error('not a string');
  return Buffer.from(value.bytes).toString('latin1');
};

describe('pdf: reading objects (ISO 32000-2 7.3)', () => {
  it('reads numbers, keywords, names and references', () => {
    expect(parse('[1 -2 +3 4. .5 -.25 true false null 7 0 R /A#20B /C#D]')).to.deep.equal([
      1,
      -2,
      3,
      4,
      0.5,
      -0.25,
      true,
      false,
      null,
      new PdfRef(7),
      PdfName.of('A B'),
      PdfName.of('C#D'),
    ]);
  });

  it('tells two integers from a reference', () => {
    expect(parse('[1 0 2 0 R 3 0 RG]'.replace('RG', 'R'))).to.deep.equal([
      1,
      0,
      new PdfRef(2),
      new PdfRef(3),
    ]);
    expect(parse('[1 0 /R]')).to.deep.equal([1, 0, PdfName.of('R')]);
  });

  it('needs no white space where a delimiter stands', () => {
    const dict = parse('<</A/B/C[1(x)2]/D<</E 5 0 R>>/F<00>>>') as PdfDict;
    expect([...dict.keys()]).to.deep.equal(['A', 'C', 'D', 'F']);
  });

  it('skips comments', () => {
    expect(parse('% first\n[1 % a ] in a comment\r 2]')).to.deep.equal([1, 2]);
  });

  it('undoes the escapes of literal strings', () => {
    expect(bytesOf(parse('(a\\(b\\)c\\\\ \\n\\r\\t\\b\\f \\101\\7\\0053 \\x)'))).to.equal(
      'a(b)c\\ \n\r\t\b\f A\x07\x053 x',
    );
    expect(bytesOf(parse('(nested (twice (deep)) end)'))).to.equal('nested (twice (deep)) end');
    expect(bytesOf(parse('(one\\\r\ntwo\\\nthree\\\rfour)'))).to.equal('onetwothreefour');
    expect(bytesOf(parse('(one\r\ntwo\rthree\nfour)'))).to.equal('one\ntwo\nthree\nfour');
  });

  it('reads hexadecimal strings with white space and an odd digit', () => {
    expect(bytesOf(parse('<48 65\n6c6C 6f7>'))).to.equal('Hellop');
    expect(bytesOf(parse('<>'))).to.equal('');
  });

  it('keeps no entry that is null and notes repeated keys, of which the last counts', () => {
    const dict = parse('<< /A null /B 1 /B 2 >>') as PdfDict;
    expect([dict.has('A'), dict.get('B'), dict.repeatedKeys]).to.deep.equal([false, 2, ['B']]);
  });

  const refused: [string, string, string][] = [
    ['an unknown keyword', 'nil', 'pdf.syntax'],
    ['a bare sign', '+', 'pdf.truncated'],
    ['a sign before a name', '[- /A]', 'pdf.syntax'],
    ['a number with letters', '[12ab]', 'pdf.syntax'],
    ['two points', '[1.2.3]', 'pdf.syntax'],
    ['an array without end', '[1 2', 'pdf.truncated'],
    ['a string without end', '(abc', 'pdf.truncated'],
    ['a string that ends in a backslash', '(abc\\', 'pdf.truncated'],
    ['a hexadecimal string without end', '<ab', 'pdf.truncated'],
    ['a hexadecimal string with other letters', '<ag>', 'pdf.syntax'],
    ['a key that is no name', '<< 1 2 >>', 'pdf.syntax'],
    ['a key without value', '<< /A >>', 'pdf.syntax'],
    ['a dictionary with half an end', '<< /A 1 > ', 'pdf.syntax'],
    ['a closing bracket alone', ']', 'pdf.syntax'],
    ['nothing', '', 'pdf.truncated'],
    ['too deep a nesting', '['.repeat(40), 'pdf.too_deep'],
  ];
  for (const [what, text, code] of refused) {
    it(`refuses ${what}`, () => {
      expect(refusal(() => parse(text))).to.equal(code);
    });
  }
});

describe('pdf: writing objects', () => {
  const scalar = fc.oneof(
    fc.constantFrom<PdfObject>(null, true, false),
    fc.integer(),
    fc.double({ min: -1e9, max: 1e9, noNaN: true }).map((n) => Math.round(n * 1e4) / 1e4),
    fc
      .uint8Array({ maxLength: 20 })
      .map((bytes) => PdfName.of(Buffer.from(bytes).toString('latin1').replaceAll('\0', ''))),
    fc.tuple(fc.uint8Array({ maxLength: 40 }), fc.boolean()).map(([bytes, hex]) => new PdfString(bytes, hex)),
    fc.tuple(fc.nat(1e6), fc.nat(65535)).map(([number, generation]) => new PdfRef(number, generation)),
  );
  const { object } = fc.letrec<{ object: PdfObject }>((tie) => ({
    object: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      scalar,
      fc.array(tie('object'), { maxLength: 5 }),
      fc
        .array(fc.tuple(fc.string({ minLength: 1, maxLength: 5, unit: 'binary-ascii' }), tie('object')), {
          maxLength: 5,
        })
        .map((entries) => new PdfDict(entries.map(([key, value]) => [key.replaceAll('\0', '_'), value]))),
    ),
  }));

  it('gives text that reads back as the same object', () => {
    fc.assert(
      fc.property(object, (value) => {
        expect(equalObjects(parse(`${serialize(value)} `), value), serialize(value)).to.equal(true);
      }),
      { numRuns: 500 },
    );
  });

  it('writes no exponents', () => {
    expect([1e-7, 1e21, -0, 0.1, 1e-12].map(serialize)).to.deep.equal([
      '0.0000001',
      '1000000000000000000000',
      '0',
      '0.1',
      '0',
    ]);
  });

  it('cannot be made to write what is no PDF', () => {
    expect(() => serialize(Number.NaN)).to.throw(TypeError);
    expect(() => serialize([new PdfStream(new PdfDict(), new Uint8Array())])).to.throw(TypeError);
  });

  it('escapes a reason that tries to leave its string', () => {
    const written = serialize(new PdfString(Buffer.from('a) /Evil (b\r\\')));
    expect(written).to.equal('(a\\) /Evil \\(b\\r\\\\)');
    expect(bytesOf(parse(written))).to.equal('a) /Evil (b\r\\');
  });
});

describe('pdf: comparing objects', () => {
  it('tells apart what differs in one place', () => {
    const same = (a: string, b: string): boolean => equalObjects(parse(a), parse(b));
    expect(same('<< /A [1 (x) <78>] /B 2 0 R >>', '<< /B 2 0 R /A [1 <78> (x)] >>')).to.equal(true);
    for (const other of ['<< /A 1 >>', '<< /A 2 /B 1 >>', '[1]', 'null', '/A', '(A)', '1 0 R', 'true']) {
      expect(same('<< /A 1 /B 1 >>', other), other).to.equal(false);
    }
    expect([same('[1 2]', '[1]'), same('1 0 R', '1 1 R'), same('/A', '/B'), same('(a)', '/a')]).to.deep.equal(
      Array(4).fill(false),
    );
  });

  it('compares streams by dictionary and bytes', () => {
    const stream = (key: string, bytes: string): PdfStream =>
      new PdfStream(PdfDict.of({ [key]: 1 }), Buffer.from(bytes));
    expect(equalObjects(stream('A', 'x'), stream('A', 'x'))).to.equal(true);
    expect(equalObjects(stream('A', 'x'), stream('A', 'y'))).to.equal(false);
    expect(equalObjects(stream('A', 'x'), stream('B', 'x'))).to.equal(false);
  });
});
