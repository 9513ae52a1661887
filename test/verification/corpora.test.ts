import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { bytesSource } from '../../server/pdf/byte-source.ts';
import { emptyTrustStore } from '../../server/verification/trust-store.ts';
import { verifyPdf } from '../../server/verification/verify-pdf.ts';
import { now } from './files.ts';

interface Entry {
  readonly file: string;
  readonly expected_class: string;
}

const folder = resolve(process.env.ANSO_CORPORA ?? '../shared/corpora');
/** Files judged otherwise than their class says, each with its reason. */
const differences = readFileSync(join(import.meta.dirname, '../corpora/differences.md'), 'utf8');

const MUST_BE_INTACT = ['valid', 'modified_allowed', 'timestamp_broken', 'trust_problem'];
const MUST_NOT_BE_INTACT = [
  'modified_disallowed',
  'byterange_invalid',
  'integrity_broken',
  'unsupported_or_malformed',
];

describe('signed files of others', () => {
  if (!existsSync(folder)) {
    it(`are skipped: there is no ${folder} (set ANSO_CORPORA)`, function () {
      this.skip();
    });
    return;
  }
  const manifest: readonly Entry[] = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  const integrityOf = ({ file }: Entry) =>
    verifyPdf(bytesSource(readFileSync(join(folder, file))), { trust: emptyTrustStore, at: now })
      .documentIntegrity;

  for (const entry of manifest.filter(({ expected_class }) => MUST_NOT_BE_INTACT.includes(expected_class))) {
    it(`are not called intact: ${entry.expected_class} ${entry.file}`, () => {
      expect(integrityOf(entry)).not.to.equal('intact');
    });
  }

  for (const entry of manifest.filter(({ expected_class }) => MUST_BE_INTACT.includes(expected_class))) {
    const accepted = differences.includes(entry.file);
    it(`are ${accepted ? 'judged otherwise, as differences.md explains' : 'called intact'}: ${entry.file}`, () => {
      expect(integrityOf(entry) === 'intact').to.equal(!accepted);
    });
  }

  it('are never valid without anybody to trust, and never end in an exception', () => {
    for (const { file } of manifest) {
      const report = verifyPdf(bytesSource(readFileSync(join(folder, file))), {
        trust: emptyTrustStore,
        at: now,
      });
      expect(report.verdict, file).not.to.equal('valid');
      expect(report.code, file).not.to.equal('verification.failed');
    }
  });
});
