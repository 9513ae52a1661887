import { SignPdf } from '@signpdf/signpdf';
import { expect } from 'chai';
import { openPkcs12 } from '../../server/signing/open-pkcs12.ts';
import { makeIdentity } from './identities.ts';
import { signatureFacts } from './judges.ts';
import { makePkcs12 } from './make-pkcs12.ts';
import { makeProvider } from './providers.ts';
import { placeholderPdf } from './signpdf-placeholder.ts';

describe('a key provider in the pipeline of @signpdf', () => {
  for (const kind of ['rsa-2048', 'p-256'] as const) {
    it(`signs with ${kind}, more than once`, async () => {
      const provider = makeProvider(kind);
      for (const _ of [1, 2]) {
        const pdf = await new SignPdf().sign(placeholderPdf(), provider);
        const [facts] = signatureFacts(pdf);
        expect(facts).to.include({
          signatureValid: true,
          messageDigestMatches: true,
          signingCertificateAttribute: 'v2',
        });
      }
    });
  }

  it('signs with a PKCS#12 file, more than once', async () => {
    const identity = makeIdentity('rsa-2048');
    const file = makePkcs12({ keys: [identity], certificates: [identity] }, 'mật khẩu');
    const provider = await openPkcs12(file, 'mật khẩu');
    for (const _ of [1, 2]) {
      const pdf = await new SignPdf().sign(placeholderPdf(), provider);
      expect(signatureFacts(pdf)[0]).to.include({ signatureValid: true, messageDigestMatches: true });
    }
  });
});
