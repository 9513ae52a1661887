import { expect } from 'chai';
import { signingTrustOf } from '../../server/documents/signing-trust.ts';
import { silentLogger } from '../../server/platform/services.ts';
import { makeIdentity } from '../signing/identities.ts';

describe('Trust material for signing', () => {
  const { der } = makeIdentity('p-256', { ca: true });
  const anchors = [der];
  const damaged = [Buffer.from('no DER')];
  const none: Uint8Array[] = [];

  it('passes over what cannot be read', async () => {
    const current = async () => ({ anchors, intermediates: damaged, crls: damaged });
    const { issuers, crls } = await signingTrustOf({ current }, silentLogger)();
    expect([issuers?.length, crls?.length]).to.deep.equal([1, 0]);
  });

  it('is parsed again only when it has changed', async () => {
    let intermediates = none;
    const trust = signingTrustOf(
      { current: async () => ({ anchors, intermediates, crls: none }) },
      silentLogger,
    );
    const [first, second] = [await trust(), await trust()];
    intermediates = [der];
    expect([second === first, (await trust()).issuers?.length]).to.deep.equal([true, 2]);
  });
});
