import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { CodedError } from '../../server/errors/coded-error.ts';
import { bytesSource } from '../../server/pdf/byte-source.ts';
import { openPdf } from '../../server/pdf/open-pdf.ts';
import { addValidationData } from '../../server/pdf/security-store/add-validation-data.ts';
import { listSignatures } from '../../server/pdf/signatures/list-signatures.ts';
import { IncrementalUpdate } from '../../server/pdf/update/incremental-update.ts';
import { emptyTrustStore } from '../../server/verification/trust-store.ts';
import { verifyPdf } from '../../server/verification/verify-pdf.ts';
import { LevelsWorld } from './levels-world.ts';

const root = join(resolve(process.env.ANSO_CORPORA ?? '../shared/corpora'), 'signed');
const missing = existsSync(root) ? '' : ` (skipped: there is no ${root}; set ANSO_CORPORA)`;
/** Larger ones take long and say no more. */
const LARGEST = 300_000;

describe('raising the files of others', () => {
  it(`keeps every byte, and each signature as it was judged, or refuses with a code${missing}`, async function () {
    if (missing) return this.skip();
    this.timeout(60_000);
    const world = new LevelsWorld();
    const judge = (file: Uint8Array) =>
      verifyPdf(bytesSource(file), { trust: emptyTrustStore, at: world.now }).signatures.map(
        ({ field, integrity, coverage, permitted }) => ({
          field,
          integrity,
          permitted,
          wrong: coverage === 'partial' || coverage === 'invalid',
        }),
      );
    let raised = 0;
    for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.pdf')) continue;
      const pdf = readFileSync(join(root, name));
      if (pdf.length > LARGEST) continue;
      const outcome = await world.augment(pdf, 'B-T').catch((error: unknown) => {
        expect(error, name).to.be.instanceOf(CodedError);
        return undefined;
      });
      if (!outcome || outcome.appended.length === 0) continue;
      raised += 1;
      const stored = withStore(Buffer.concat([pdf, outcome.appended]));
      const before = judge(pdf);
      expect(judge(stored).slice(0, before.length), name).to.deep.equal(before);
    }
    expect(raised).to.be.greaterThan(40);
  });
});

/** With something in the security store of each signature, whatever store was there. */
function withStore(file: Uint8Array): Buffer {
  const document = openPdf(bytesSource(file));
  const update = new IncrementalUpdate(document);
  const data = listSignatures(document).map(({ contents }) => ({
    contents,
    certificates: [Buffer.from('a certificate')],
    ocsps: [Buffer.from('an answer')],
    crls: [],
  }));
  expect(addValidationData(update, data)).to.equal(true);
  const stored = Buffer.concat([file, update.finish().bytes]);
  const again = new IncrementalUpdate(openPdf(bytesSource(stored)));
  expect(addValidationData(again, data), 'the same once more').to.equal(false);
  return stored;
}
