import { expect } from 'chai';
import { parseSignedData } from '../../server/cms/parse-signed-data.ts';
import { EvidenceError } from '../../server/evidence/errors.ts';
import type { TimeStamper } from '../../server/evidence/ports.ts';
import { bytesSource } from '../../server/pdf/byte-source.ts';
import { openPdf } from '../../server/pdf/open-pdf.ts';
import { listSignatures } from '../../server/pdf/signatures/list-signatures.ts';
import { MeteredKeyProvider } from '../../server/signing/metered-key-provider.ts';
import { PrivateKeyProvider } from '../../server/signing/private-key-provider.ts';
import { signPdf } from '../../server/signing/sign-pdf.ts';
import { UsageMeter } from '../../server/signing/usage-meter.ts';
import { localTimeStamper, stampingParty } from '../evidence/time-stamp-authority.ts';
import * as pki from '../pki/authority.ts';
import { judged, reportOn } from '../verification/files.ts';
import { missingPdfJudges, pdfJudges } from './judges.ts';
import { codeOf, collectingSink } from './providers.ts';
import { samplePdf } from './sample-pdf.ts';

const root = pki.authority('Root', { key: 0 });
const tsa = stampingParty(root, { key: 1 });
const signer = pki.certify({ subject: 'Signer', key: 2, issuer: root, keyUsage: 0xc0 });
const now = new Date('2026-05-31T00:00:00Z');
const stamper = localTimeStamper(tsa, { now: () => now, chain: [root] });
const key = new PrivateKeyProvider(signer.privateKey, signer.certificate, [root.certificate]);

const sign = (given: TimeStamper, provider: Parameters<typeof signPdf>[0]['provider'] = key) =>
  signPdf({
    source: bytesSource(samplePdf()),
    provider,
    clock: { now: () => now },
    level: 'B-T',
    stamper: given,
    field: 'ky',
  });

const broken = (parts: Partial<TimeStamper>): TimeStamper => ({ ...stamper, ...parts });
const refuse = () => Promise.reject(new EvidenceError('evidence.no_time_stamp', 'all are down'));

describe('signing at B-T', () => {
  it(`proves the time by a token over the signature value${missingPdfJudges}`, async () => {
    const source = samplePdf();
    const signed = await signPdf({
      source: bytesSource(source),
      provider: key,
      clock: { now: () => now },
      level: 'B-T',
      stamper,
      field: 'ky',
    });
    expect(signed.level).to.equal('B-T');
    const file = Buffer.concat([source, signed.appended]);
    const crls = [pki.revoke(root).der];
    const report = judged(file, { anchors: [root.certificate.der], crls, at: pki.at });
    expect(reportOn(report, 'ky')).to.include({
      verdict: 'valid',
      level: 'B-T',
      signingTimeProven: true,
      signingTime: now.toISOString(),
    });
    if (!missingPdfJudges) expect(pdfJudges(file).valid).to.equal(1);
  });

  it('keeps no more room than the tokens of the authority need', async () => {
    const source = samplePdf();
    const { appended } = await sign(stamper);
    const [entry] = listSignatures(openPdf(bytesSource(Buffer.concat([source, appended]))));
    const { signerInfos } = parseSignedData(entry?.contents ?? source);
    const token = signerInfos[0]?.unsignedAttributes[0]?.values[0]?.bytes.length ?? 0;
    const zeros = /0*$/.exec(Buffer.from(entry?.contents ?? source).toString('hex'))?.[0].length ?? 0;
    expect(zeros / 2).to.be.lessThan((await stamper.tokenSize()) - token + 50);
  });

  it('is refused when there is no token, and the use of the key is counted all the same', async () => {
    const { record, events } = collectingSink();
    const meter = new UsageMeter({
      sink: { record },
      context: { channel: 'cli' },
      clock: { now: () => now },
    });
    const metered = new MeteredKeyProvider(key, meter);
    expect(await codeOf(sign(broken({ stamp: refuse }), metered))).to.equal('evidence.no_time_stamp');
    expect(events.map(({ outcome, code }) => [outcome, code])).to.deep.equal([
      ['failed', 'evidence.no_time_stamp'],
    ]);
  });

  it('asks no key when the authority cannot be reached', async () => {
    let asked = 0;
    class Watched extends PrivateKeyProvider {
      override signature(...given: Parameters<PrivateKeyProvider['signature']>) {
        asked++;
        return super.signature(...given);
      }
    }
    const watched = new Watched(signer.privateKey, signer.certificate, []);
    expect(await codeOf(sign(broken({ tokenSize: refuse }), watched))).to.equal('evidence.no_time_stamp');
    expect(asked).to.equal(0);
  });

  it('is refused when the token is larger than any before', async () => {
    const small = broken({ tokenSize: async () => 100 });
    expect(await codeOf(sign(small))).to.equal('pdf.contents_too_small');
  });
});
