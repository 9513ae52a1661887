import { deflateSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { decodeStream } from '../../server/pdf/filters/decode.ts';
import { PdfDict, type PdfObject, PdfStream, PdfString } from '../../server/pdf/objects.ts';
import { Parser } from '../../server/pdf/parser.ts';
import { refusal } from './file-builder.ts';

const decode = (dict: string, data: Uint8Array | string, limit = 2 ** 20): string => {
  const bytes = typeof data === 'string' ? Buffer.from(data, 'latin1') : data;
  const parsed = new Parser(Buffer.from(`<< ${dict} >>`), 0, 8).dictionary();
  const direct = (value: PdfObject | undefined): PdfObject => value ?? null;
  return Buffer.from(decodeStream(new PdfStream(parsed, bytes), direct, limit)).toString('latin1');
};

describe('pdf: stream filters (ISO 32000-2 7.4)', () => {
  it('gives back what has no filter', () => {
    expect(decode('', 'abc')).to.equal('abc');
  });

  it('undoes Flate and several filters in order', () => {
    const data = deflateSync(Buffer.from('xin chào', 'utf8'));
    expect(Buffer.from(decode('/Filter /FlateDecode', data), 'latin1').toString()).to.equal('xin chào');
    const hex = `${deflateSync(Buffer.from('twice')).toString('hex')}>`;
    expect(decode('/Filter [/ASCIIHexDecode /FlateDecode] /DecodeParms [null null]', hex)).to.equal('twice');
  });

  it('forgives a missing checksum but no wrong data', () => {
    const whole = deflateSync(Buffer.from('a'.repeat(100)));
    expect(decode('/Filter /FlateDecode', whole.subarray(0, -4))).to.equal('a'.repeat(100));
    expect(refusal(() => decode('/Filter /FlateDecode', 'this is not deflate'))).to.equal(
      'pdf.stream_invalid',
    );
  });

  it('undoes ASCIIHex and ASCII85', () => {
    expect(decode('/Filter /ASCIIHexDecode', '48 65 6C 6c6F 7>')).to.equal('Hellop');
    expect(decode('/Filter /ASCII85Decode', '87cUR D]j7B\nEbo80~>')).to.equal('Hello world!');
    expect(decode('/Filter /ASCII85Decode', 'z5sd~>')).to.equal('\0\0\0\0AB'.slice(0, 6));
  });

  it('undoes RunLength', () => {
    expect(decode('/Filter /RunLengthDecode', '\x02abc\xfed\x80zz')).to.equal('abcddd');
  });

  it('undoes LZW as in the example of 7.4.4.2, and through wider codes', () => {
    const example = Buffer.from('800b6050220c0c8501', 'hex');
    expect(Buffer.from(decode('/Filter /LZWDecode', example), 'latin1')).to.deep.equal(
      Buffer.from([45, 45, 45, 45, 45, 65, 45, 45, 45, 66]),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 6000 }), fc.constantFrom(0, 1), (bytes, early) => {
        const text = decode(`/Filter /LZWDecode /DecodeParms << /EarlyChange ${early} >>`, lzw(bytes, early));
        expect(Buffer.from(text, 'latin1').equals(bytes)).to.equal(true);
      }),
      { numRuns: 30 },
    );
  });

  it('undoes each PNG predictor', () => {
    const rows = [
      [0, 1, 2, 3],
      [1, 1, 1, 1],
      [2, 1, 1, 1],
      [3, 1, 1, 1],
      [4, 1, 1, 1],
    ];
    const decoded = decode(
      '/Filter /FlateDecode /DecodeParms << /Predictor 15 /Columns 3 >>',
      deflateSync(Buffer.from(rows.flat())),
    );
    expect([...Buffer.from(decoded, 'latin1')]).to.deep.equal([1, 2, 3, 1, 2, 3, 2, 3, 4, 2, 3, 4, 3, 4, 5]);
  });

  it('keeps no row in memory that is longer than the data', () => {
    const before = process.memoryUsage().arrayBuffers;
    const parms = '/DecodeParms << /Predictor 12 /Columns 67108863 >>';
    expect(decode(`/Filter /FlateDecode ${parms}`, deflateSync(Buffer.from([2, 65, 66])))).to.equal('AB');
    expect(process.memoryUsage().arrayBuffers - before).to.be.lessThan(2 ** 20);
  });

  it('undoes the TIFF predictor at every depth', () => {
    const tiff = (bits: number, colors: number, columns: number, bytes: number[]): number[] => {
      const parms = `/DecodeParms << /Predictor 2 /Columns ${columns} /Colors ${colors} /BitsPerComponent ${bits} >>`;
      return [
        ...Buffer.from(decode(`/Filter /FlateDecode ${parms}`, deflateSync(Buffer.from(bytes))), 'latin1'),
      ];
    };
    expect(tiff(8, 1, 3, [1, 1, 1, 5, 0, 255])).to.deep.equal([1, 2, 3, 5, 5, 4]);
    expect(tiff(8, 2, 2, [1, 10, 1, 10])).to.deep.equal([1, 10, 2, 20]);
    expect(tiff(4, 1, 2, [0x12])).to.deep.equal([0x13]);
    expect(tiff(16, 1, 2, [0, 255, 0, 1])).to.deep.equal([0, 255, 1, 0]);
  });

  const bomb = deflateSync(Buffer.alloc(100_000));
  const refused: [string, string, Uint8Array | string, string][] = [
    ['image filters', '/Filter /DCTDecode', '', 'pdf.filter_unsupported'],
    ['a filter that is no name', '/Filter 1', '', 'pdf.stream_invalid'],
    ['too many filters', `/Filter [${'/ASCIIHexDecode '.repeat(20)}]`, '', 'pdf.too_complex'],
    ['a Flate bomb', '/Filter /FlateDecode', bomb, 'pdf.too_complex'],
    ['a RunLength bomb', '/Filter /RunLengthDecode', '\x81a'.repeat(100), 'pdf.too_complex'],
    ['an LZW bomb', '/Filter /LZWDecode', lzw(Buffer.alloc(100_000), 1), 'pdf.too_complex'],
    ['an LZW code from nowhere', '/Filter /LZWDecode', Buffer.from('807fffff', 'hex'), 'pdf.stream_invalid'],
    ['a run without bytes', '/Filter /RunLengthDecode', '\x05ab', 'pdf.stream_invalid'],
    ['letters that are no hexadecimal', '/Filter /ASCIIHexDecode', '4x>', 'pdf.stream_invalid'],
    ['letters outside base 85', '/Filter /ASCII85Decode', 'ab|', 'pdf.stream_invalid'],
    ['a base 85 group above 2^32', '/Filter /ASCII85Decode', 'uuuuu~>', 'pdf.stream_invalid'],
    ['a base 85 group of one', '/Filter /ASCII85Decode', '87cURD~>', 'pdf.stream_invalid'],
    [
      'a predictor that does not exist',
      '/Filter /FlateDecode /DecodeParms << /Predictor 7 >>',
      deflateSync(Buffer.from('a')),
      'pdf.stream_invalid',
    ],
    [
      'a PNG row filter that does not exist',
      '/Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 1 >>',
      deflateSync(Buffer.from([9, 1])),
      'pdf.stream_invalid',
    ],
    [
      'predictor parameters out of range',
      '/Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 1000000000 >>',
      deflateSync(Buffer.from([9, 1])),
      'pdf.stream_invalid',
    ],
  ];
  for (const [what, dict, data, code] of refused) {
    it(`refuses ${what}`, () => {
      expect(refusal(() => decode(dict, data, 1000))).to.equal(code);
    });
  }

  it('ignores parameters that are no dictionary', () => {
    const stream = new PdfStream(
      PdfDict.of({ DecodeParms: [new PdfString(new Uint8Array())] }),
      Buffer.from('x'),
    );
    expect(decodeStream(stream, (value) => value ?? null, 10)).to.have.length(1);
  });
});

/** A plain LZW encoder (7.4.4.2), only for these tests. */
function lzw(bytes: Uint8Array, earlyChange: number): Buffer {
  let bits = '';
  let table = new Map<string, number>();
  let width = 9;
  const emit = (code: number): void => {
    bits += code.toString(2).padStart(width, '0');
  };
  const reset = (): void => {
    table = new Map(Array.from({ length: 256 }, (_, i) => [String.fromCharCode(i), i]));
    width = 9;
  };
  reset();
  emit(256);
  let next = 258;
  let word = '';
  for (const byte of bytes) {
    const longer = word + String.fromCharCode(byte);
    if (table.has(longer)) {
      word = longer;
      continue;
    }
    emit(table.get(word) ?? 0);
    table.set(longer, next++);
    if (next + earlyChange > 2 ** width) width++;
    if (next >= 4094) {
      emit(256);
      reset();
      next = 258;
    }
    word = String.fromCharCode(byte);
  }
  if (word) {
    emit(table.get(word) ?? 0);
    next++;
    if (next + earlyChange > 2 ** width && width < 12) width++;
  }
  emit(257);
  const padded = bits.padEnd(Math.ceil(bits.length / 8) * 8, '0');
  return Buffer.from(padded.match(/.{8}/g)?.map((octet) => Number.parseInt(octet, 2)) ?? []);
}
