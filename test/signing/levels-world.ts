import { bytesSource } from '../../server/pdf/byte-source.ts';
import { CertificatePool } from '../../server/pki/certificate-pool.ts';
import { type AugmentedPdf, type AugmentOptions, augmentPdf } from '../../server/signing/augment-pdf.ts';
import { PrivateKeyProvider } from '../../server/signing/private-key-provider.ts';
import { type SignPdfOptions, signPdf } from '../../server/signing/sign-pdf.ts';
import type { SignatureReport, VerificationReport } from '../../server/verification/report.ts';
import { localTimeStamper, stampingParty } from '../evidence/time-stamp-authority.ts';
import * as pki from '../pki/authority.ts';
import { respondingParty } from '../pki/ocsp-authority.ts';
import { judged, reportOn } from '../verification/files.ts';
import { localRevocations, type RevocationParts } from './evidence-kit.ts';
import { samplePdf } from './sample-pdf.ts';

/**
 * A root, an authority below it that answers by OCSP through a responder, a signer until 2027, time-stamp authorities until 2029 and
 * 2036, and a clock that tests set.
 */
export class LevelsWorld {
  now = new Date('2026-06-01T00:00:00Z');
  readonly root = pki.authority('Root', { key: 0, to: '2060-01-01T00:00:00Z' });
  readonly issuing = pki.authority('Issuing', { key: 1, issuer: this.root, to: '2050-01-01T00:00:00Z' });
  readonly responder = respondingParty(this.issuing, { key: 2, to: '2050-01-01T00:00:00Z' });
  readonly signer = pki.certify({
    ...{ subject: 'Signer', key: 3, issuer: this.issuing, keyUsage: 0xc0, to: '2027-01-01T00:00:00Z' },
  });
  readonly tsa = stampingParty(this.root, { key: 4, subject: 'TSA 1', to: '2029-01-01T00:00:00Z' });
  readonly laterTsa = stampingParty(this.root, { key: 5, subject: 'TSA 2', to: '2036-01-01T00:00:00Z' });
  readonly parties = [this.root, this.issuing, this.responder, this.signer, this.tsa, this.laterTsa];
  readonly anchors = [{ certificate: this.root.certificate }];
  readonly clock = { now: (): Date => this.now };
  revocations = this.revocationsWith({});

  revocationsWith(parts: Partial<RevocationParts>) {
    const { parties, responder, root } = this;
    return localRevocations({ parties, responder, byCrl: [root], now: () => this.now, ...parts });
  }

  stamper(party = this.tsa) {
    return localTimeStamper(party, { now: () => this.now });
  }

  async signed(options: Partial<SignPdfOptions> = {}, source: Uint8Array = samplePdf()): Promise<Buffer> {
    const { appended } = await signPdf({
      source: bytesSource(source),
      provider: new PrivateKeyProvider(this.signer.privateKey, this.signer.certificate, [
        this.issuing.certificate,
      ]),
      clock: this.clock,
      field: 'ky',
      stamper: this.stamper(),
      revocations: this.revocations,
      anchors: this.anchors,
      ...options,
    });
    return Buffer.concat([source, appended]);
  }

  options(to: AugmentOptions['to']): AugmentOptions {
    return {
      to,
      stamper: this.stamper(),
      revocations: this.revocations,
      anchors: this.anchors,
      pool: new CertificatePool(),
      clock: this.clock,
    };
  }

  augment(
    file: Uint8Array,
    to: AugmentOptions['to'],
    options: Partial<AugmentOptions> = {},
  ): Promise<AugmentedPdf> {
    return augmentPdf(bytesSource(file), { ...this.options(to), ...options });
  }

  async augmented(...given: Parameters<LevelsWorld['augment']>): Promise<Buffer> {
    return Buffer.concat([given[0], (await this.augment(...given)).appended]);
  }

  /** Judged with the root and the file alone. */
  judge(file: Uint8Array, at: string): VerificationReport {
    return judged(file, { anchors: [this.root.certificate.der], crls: [], at: new Date(at) });
  }

  report(file: Uint8Array, at: string, field = 'ky'): SignatureReport {
    return reportOn(this.judge(file, at), field);
  }
}
