import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from 'chai';
import { SigningError } from '../../../server/signing/errors.ts';
import type { OpenRequest } from '../../../server/signing/pkcs11/messages.ts';
import { openPkcs11 } from '../../../server/signing/pkcs11/open-pkcs11.ts';
import { Pkcs11KeyProvider } from '../../../server/signing/pkcs11/pkcs11-key-provider.ts';
import { Pkcs11Module } from '../../../server/signing/pkcs11/pkcs11-module.ts';
import { codeOf, makeProvider } from '../providers.ts';
import { PIN } from './fake-token.ts';
import { missingSofthsm } from './softhsm.ts';

const algorithm = { scheme: 'rsa-pss', digestAlgorithm: 'SHA-256' } as const;

describe('a PKCS#11 module', () => {
  it('that does not answer is given up, with its thread, and the next request begins on a new one', async () => {
    const binding = new URL('./hanging-binding.ts', import.meta.url).href;
    const module = new Pkcs11Module('any', { binding, milliseconds: 1500 });
    const provider = await openPkcs11([module], { pin: PIN });
    const ecdsa = { scheme: 'ecdsa', digestAlgorithm: 'SHA-256' } as const;
    const waiting = codeOf(provider.signature(Buffer.from('x'), ecdsa));
    let turns = 0;
    let done = false;
    void waiting.then(() => {
      done = true;
    });
    while (!done) {
      await nextTurn();
      turns += 1;
    }
    expect(await waiting).to.equal('signing.token_timeout');
    expect(turns).to.be.above(10);
    expect(await module.list()).to.have.length(1);
    await module.close();
  });

  it('says what to do when pkcs11js is not installed', async () => {
    const module = new Pkcs11Module('any', { binding: 'pkcs11js-is-not-here' });
    expect(await codeOf(module.list())).to.equal('signing.pkcs11_unavailable');
    await module.close();
  });

  it(`that is no library is refused${missingSofthsm}`, async function () {
    if (missingSofthsm) this.skip();
    const module = new Pkcs11Module('/dev/null');
    expect(await codeOf(module.list())).to.equal('signing.pkcs11_module_unusable');
    await module.close();
  });
});

describe('a key on a token', () => {
  const { certificate, chain } = makeProvider('rsa-2048');
  const provider = (tried: OpenRequest[], code: 'signing.wrong_pin' | 'signing.token_removed') =>
    new Pkcs11KeyProvider({
      module: {
        open: async () => {},
        sign: async (request) => {
          tried.push(request);
          throw new SigningError(code, 'no');
        },
      },
      ...{ token: { label: 'x', serial: '1' }, certificate, chain, pin: PIN },
    });

  it('tries a wrong PIN once, however many files are waiting', async () => {
    const tried: OpenRequest[] = [];
    const key = provider(tried, 'signing.wrong_pin');
    const files = Array.from({ length: 5 }, () => codeOf(key.signature(Buffer.from('x'), algorithm)));
    expect(new Set(await Promise.all(files))).to.deep.equal(new Set(['signing.wrong_pin']));
    expect(tried).to.have.length(1);
  });

  it('tries again for each file when the token was removed', async () => {
    const tried: OpenRequest[] = [];
    const key = provider(tried, 'signing.token_removed');
    for (const _ of [1, 2]) await codeOf(key.signature(Buffer.from('x'), algorithm));
    expect(tried).to.have.length(2);
  });
});
