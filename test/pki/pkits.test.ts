import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect } from 'chai';
import { readCases, runCase } from '../../scripts/pkits.ts';

const folder = resolve(process.env.ANSO_CORPORA ?? '../shared/corpora', 'pkits');

describe('the NIST Public Key Interoperability Test Suite', () => {
  if (!existsSync(folder)) {
    it(`is skipped: there is no ${folder} (set ANSO_CORPORA)`, function () {
      this.skip();
    });
    return;
  }
  const at = new Date('2026-11-01T00:00:00Z');
  for (const test of readCases(folder)) {
    it(`judges ${test.id} ${test.name} ${test.expected}`, () => {
      expect(runCase(folder, test, at).actual).to.equal(test.expected);
    });
  }
});
