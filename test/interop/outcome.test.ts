import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { allCases, type Case } from '../../scripts/interop/cases.ts';
import { exceptions } from '../../scripts/interop/exceptions.ts';
import { isAsked, outcomeOf } from '../../scripts/interop/outcome.ts';
import { table, totals } from '../../scripts/interop/report.ts';
import type { Row } from '../../scripts/interop/run-interop.ts';

describe('interop', () => {
  const cases = allCases();
  const find = (algorithm: string, document = 'plain'): Case => {
    const found = cases.find((one) => one.algorithm.name === algorithm && one.document.name === document);
    if (!found) throw new Error(`no case ${algorithm}, ${document}`);
    return found;
  };
  const ordinary = find('P-256 SHA-256');
  const edwards = find('Ed25519 SHA-512');
  const forged = find('P-256 SHA-256', 'WRONG: forged text');
  const accepted = { accepted: true, says: 'valid' };
  const refused = { accepted: false, says: 'Signature is Invalid.' };
  const unsupported = { accepted: false, says: "Document isn't signed or corrupted data." };

  it('takes a refusal as one, unless it is the known one of a judge without support', () => {
    expect(outcomeOf('pdfsig', ordinary, accepted)).to.equal('accepted');
    expect(outcomeOf('pdfsig', ordinary, unsupported)).to.equal('refused');
    expect(outcomeOf('pdfsig', edwards, unsupported)).to.equal('excepted');
    expect(outcomeOf('pdfsig', edwards, refused)).to.equal('refused');
    expect(outcomeOf('pyHanko', edwards, unsupported)).to.equal('refused');
  });

  it('notices when an exception is one no longer', () => {
    expect(outcomeOf('pdfsig', edwards, accepted)).to.equal('surprising');
  });

  it('wants a forged file to be refused by those who look at signatures', () => {
    expect(outcomeOf('pdfsig', forged, refused)).to.equal('caught');
    expect(outcomeOf('pdfsig', forged, accepted)).to.equal('missed');
    expect(isAsked('pdfsig', forged)).to.equal(true);
    expect(isAsked('qpdf', forged)).to.equal(false);
  });

  it('counts what is unexpected as failing, and says it in the words of the judge', () => {
    const row = (tested: Case, verdict: { accepted: boolean; says: string }): Row => ({
      tested,
      findings: [{ judge: 'pdfsig', outcome: outcomeOf('pdfsig', tested, verdict), says: verdict.says }],
    });
    const rows = [
      row(ordinary, accepted),
      row(ordinary, refused),
      row(edwards, unsupported),
      row(forged, accepted),
      { tested: ordinary, findings: [], unsigned: 'SigningError: no key' },
    ];
    expect(totals(rows)).to.deep.equal({ passing: 2, failing: 3, excepted: 1 });
    const text = table({
      judges: [
        { name: 'pdfsig', version: '1' },
        { name: 'qpdf', skipped: 'not here' },
      ],
      missingProviders: [{ name: 'PKCS#11', skipped: 'softhsm2 is not installed' }],
      rows,
    });
    expect(text).to.include('pdfsig refuses: Signature is Invalid.');
    expect(text).to.include('not signed: SigningError: no key');
    expect(text).to.include('WRONG: forged text: pdfsig accepts it');
    expect(text).to.include('qpdf is SKIPPED: not here');
    expect(text).to.include('PKCS#11 is SKIPPED: softhsm2 is not installed');
    expect(text).to.match(/^2 passing\n3 failing$/m);
  });

  it('tells every exception in docs/interop.md, and no other', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/interop.md'), 'utf8');
    const told = [...page.matchAll(/^\| (pdfsig|qpdf|pyHanko|EU DSS) \| ([^|]+) \|/gm)].map(
      ([, judge, what]) => `${judge}: ${what}`,
    );
    expect(told).to.have.members(exceptions.map(({ judge, what }) => `${judge}: ${what}`));
  });

  it('has a case for every exception', () => {
    for (const { judge, what, concerns } of exceptions) {
      expect(cases.some(concerns), `${judge}: ${what}`).to.equal(true);
    }
  });
});
