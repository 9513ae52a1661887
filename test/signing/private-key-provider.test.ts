import { verify } from 'node:crypto';
import { expect } from 'chai';
import { keyInput } from '../../server/signing/key-input.ts';
import type { KeyKind } from './identities.ts';
import { makeIdentity } from './identities.ts';
import { codeOf, makeProvider, providerOf } from './providers.ts';

describe('a private key in memory', () => {
  const data = Buffer.from('signed attributes');

  for (const kind of ['rsa-2048', 'p-256'] as const satisfies KeyKind[]) {
    it(`signs alone as it signs with others at once: ${kind}`, async () => {
      const identity = makeIdentity(kind);
      const provider = providerOf(identity);
      const scheme = kind === 'p-256' ? 'ecdsa' : 'rsa-pkcs1';
      const algorithm = { scheme, digestAlgorithm: 'SHA-256' } as const;
      const alone = await provider.signature(data, algorithm);
      const together = await Promise.all([1, 2, 3].map(() => provider.signature(data, algorithm)));
      for (const value of [alone, ...together]) {
        expect(verify('sha256', data, identity.publicKey, value)).to.equal(true);
      }
    });
  }

  it('fails with a code, alone and with others, when the key cannot do what is asked', async () => {
    const provider = makeProvider('p-256');
    const sign = () => codeOf(provider.signature(data, { scheme: 'rsa-pss', digestAlgorithm: 'SHA-256' }));
    expect(await sign()).to.equal('signing.key_failed');
    expect(await Promise.all([sign(), sign()])).to.deep.equal(['signing.key_failed', 'signing.key_failed']);
  });

  it('is bound to PSS with the digest and its length of salt, once for all signatures', () => {
    const { privateKey, publicKey } = makeIdentity('rsa-2048');
    for (const key of [privateKey, publicKey]) {
      const input = keyInput(key, { scheme: 'rsa-pss', digestAlgorithm: 'SHA-384' });
      expect(input).to.include({ type: key.type, asymmetricKeyType: 'rsa-pss' });
      expect(input).to.deep.include({
        asymmetricKeyDetails: {
          modulusLength: 2048,
          publicExponent: 65537n,
          hashAlgorithm: 'sha384',
          mgf1HashAlgorithm: 'sha384',
          saltLength: 48,
        },
      });
      expect(keyInput(key, { scheme: 'rsa-pss', digestAlgorithm: 'SHA-384' })).to.equal(input);
      expect(keyInput(key, { scheme: 'rsa-pkcs1', digestAlgorithm: 'SHA-384' })).to.equal(key);
    }
  });
});
