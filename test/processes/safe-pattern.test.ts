import { expect } from 'chai';
import { type PatternFault, patternFault } from '../../server/processes/lint/safe-pattern.ts';

const cases: Record<string, PatternFault | undefined> = {
  '^[A-ZĐ0-9.-]+$': undefined,
  '^\\d{4}-\\d{2}-\\d{2}$': undefined,
  '^(?:QĐ|CT|KH)-[A-Z]{2,10}$': undefined,
  '^[0-9]{10}(?:-[0-9]{3})?$': undefined,
  '^a|b$': undefined,
  '[(+*]': undefined,
  '^\\(\\)\\+*$': undefined,
  '(': 'malformed',
  '\\u{110000}': 'malformed',
  '^(a)\\1$': 'unsupported',
  '^(?=a)a$': 'unsupported',
  '^(?<!a)b$': 'unsupported',
  '^(a+)+$': 'may_backtrack',
  '^(a|a)*$': 'may_backtrack',
  '^((ab?)c)*$': 'may_backtrack',
  '^(?:a?){30}$': 'may_backtrack',
  '^a*a*$': 'may_backtrack',
  '^a{1,100}a{1,100}$': 'may_backtrack',
  'a+': 'may_backtrack',
  'a{0,40}a{0,40}b': 'may_backtrack',
  '[A-Z]{2}[0-9]{1,4}$': undefined,
  '^x|a+b': 'may_backtrack',
  [`^${'a?'.repeat(20)}a{20}$`]: 'may_backtrack',
  [`^${'a'.repeat(400)}`]: 'too_long',
};

describe('a pattern of a definition', () => {
  for (const [pattern, fault] of Object.entries(cases)) {
    it(`${pattern.slice(0, 40)} is ${fault ?? 'allowed'}`, () => {
      expect(patternFault(pattern)).to.equal(fault);
    });
  }
});
