import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { CodedError } from '../../server/errors/coded-error.ts';
import { bytesSource } from '../../server/pdf/byte-source.ts';
import { openPdf } from '../../server/pdf/open-pdf.ts';
import { listSignatures } from '../../server/pdf/signatures/list-signatures.ts';
import { signPdf } from '../../server/signing/sign-pdf.ts';
import { signatureFacts } from './judges.ts';
import { clock, makeProvider } from './providers.ts';

const folder = resolve(process.env.ANSO_CORPORA ?? '../shared/corpora');

describe('signing the files of others', () => {
  for (const corpus of ['robustness', 'signed']) {
    const root = join(folder, corpus);
    const missing = existsSync(root) ? '' : ` (skipped: there is no ${root}; set ANSO_CORPORA)`;
    it(`of ${corpus}/ keeps every byte and every earlier signature, or refuses with a code${missing}`, async function () {
      if (missing) return this.skip();
      this.timeout(60_000);
      const provider = makeProvider('p-256');
      let signed = 0;
      for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
        if (!name.endsWith('.pdf')) continue;
        const pdf = readFileSync(join(root, name));
        const { appended, repaired } = await signPdf({ source: bytesSource(pdf), provider, clock }).catch(
          refusalOf(name),
        );
        if (!appended) continue;
        signed += 1;
        const file = Buffer.concat([pdf, appended]);
        const contents = (bytes: Uint8Array) =>
          listSignatures(openPdf(bytesSource(bytes))).map((entry) =>
            Buffer.from(entry.contents).toString('hex'),
          );
        // What had to be repaired had no signature.
        const earlier = repaired === null ? contents(pdf) : [];
        expect(contents(file), name).to.include.members(earlier);
        expect(contents(file), name).to.have.length(earlier.length + 1);
        const own = listSignatures(openPdf(bytesSource(file))).at(-1);
        expect((own?.byteRange?.[2] ?? 0) + (own?.byteRange?.[3] ?? 0), name).to.equal(file.length);
        if (earlier.length === 0) {
          expect(signatureFacts(file)[0], name).to.include({
            signatureValid: true,
            messageDigestMatches: true,
          });
        }
      }
      expect(signed).to.be.greaterThan(50);
    });
  }
});

const refusalOf =
  (name: string) =>
  (error: unknown): { appended?: undefined; repaired?: undefined } => {
    expect(error, name).to.be.instanceOf(CodedError);
    expect((error as CodedError).code, name).to.match(/^pdf\./);
    return {};
  };
