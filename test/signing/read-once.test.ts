import { expect } from 'chai';
import type { ByteSource } from '../../server/pdf/byte-source.ts';
import { signPdf } from '../../server/signing/sign-pdf.ts';
import { signatureFacts } from './judges.ts';
import { clock, makeProvider } from './providers.ts';
import { samplePdf } from './sample-pdf.ts';

describe('signing a large file', () => {
  it('reads every byte once, for its hash and its copy, and little besides', async () => {
    const pdf = samplePdf({ size: 5 * 2 ** 20 });
    let [looked, streamed] = [0, 0];
    const source: ByteSource = {
      length: pdf.length,
      read: (start, end) => {
        looked += end - start;
        return pdf.subarray(start, end);
      },
      readInto: (target, start) => {
        streamed += target.length;
        target.set(pdf.subarray(start, start + target.length));
      },
    };
    const copied: Buffer[] = [];
    const copy = async (window: Uint8Array): Promise<void> => {
      copied.push(Buffer.from(window));
    };
    const { appended } = await signPdf({ source, provider: makeProvider('p-256'), clock, copy });
    expect(streamed).to.equal(pdf.length);
    expect(looked).to.be.below(pdf.length / 10);
    const copyOfAll = Buffer.concat(copied);
    expect(copyOfAll.equals(pdf)).to.equal(true);
    expect(signatureFacts(Buffer.concat([copyOfAll, appended]))[0]?.messageDigestMatches).to.equal(true);
  });
});
