import { expect } from 'chai';
import fc from 'fast-check';
import { canonicalJson } from '../../server/json/canonical-json.ts';

describe('canonical JSON (RFC 8785)', () => {
  it('writes the sample of section 3.2.2 as section 3.2.3 does', () => {
    const sample = JSON.parse(`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
      "literals": [null, true, false]
    }`);
    expect(canonicalJson(sample)).to.equal(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('sorts names by UTF-16 code units, as the sample of section 3.2.3', () => {
    const names = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6'];
    const object = Object.fromEntries(names.map((name, at) => [name, at]));
    expect(canonicalJson(object)).to.equal(
      '{"\\r":1,"1":3,"\u0080":5,"\u00f6":6,"\u20ac":0,"\ud83d\ude00":4,"\ufb33":2}',
    );
  });

  it('writes numbers as appendix B does', () => {
    const numbers = [
      -0, 5e-324, 1.7976931348623157e308, 9007199254740992, 295147905179352830000, 1e23, 1e-6, 1e-7,
    ];
    expect(numbers.map(canonicalJson)).to.deep.equal([
      '0',
      '5e-324',
      '1.7976931348623157e+308',
      '9007199254740992',
      '295147905179352830000',
      '1e+23',
      '0.000001',
      '1e-7',
    ]);
  });

  it('refuses what is no JSON value', () => {
    for (const value of [
      Number.NaN,
      Number.POSITIVE_INFINITY,
      '\ud800',
      { '\udc00': 1 },
      [undefined],
      1n,
      () => 1,
    ]) {
      expect(() => canonicalJson(value)).to.throw(TypeError);
    }
  });

  it('leaves out members that are undefined', () => {
    expect(canonicalJson({ b: undefined, a: 1 })).to.equal('{"a":1}');
  });

  it('gives one text for one value, whatever the order of its members', () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([name, member]) => [name, reversed(member)]),
      );
    };
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(reversed(value))).to.equal(text);
        expect(JSON.parse(text)).to.deep.equal(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
