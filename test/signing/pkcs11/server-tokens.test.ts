import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { bytesSource } from '../../../server/pdf/byte-source.ts';
import type { Certificate } from '../../../server/pki/certificate.ts';
import { type KeyStore, openKeyStore } from '../../../server/signing/key-store.ts';
import { ServerTokens } from '../../../server/signing/pkcs11/server-tokens.ts';
import { signPdf } from '../../../server/signing/sign-pdf.ts';
import { openStore } from '../../../server/storage/open-store.ts';
import type { Store } from '../../../server/storage/ports.ts';
import { signatureFacts } from '../judges.ts';
import { clock, codeOf, collectingSink } from '../providers.ts';
import { samplePdf } from '../sample-pdf.ts';
import { missingSofthsm, PIN, SoftHsm, softhsmModule } from './softhsm.ts';

describe(`the key store of a server with an HSM${missingSofthsm}`, () => {
  let hsm: SoftHsm;
  let tokens: ServerTokens;
  let onToken: Certificate;
  let keyOnly: Certificate;
  let folder: string;
  let store: Store;
  let keys: KeyStore;

  before(function () {
    if (missingSofthsm) return this.skip();
    hsm = new SoftHsm();
    [onToken = onToken] = hsm.token('con-dau', ['rsa-2048']);
    [keyOnly = keyOnly] = hsm.token('chi-khoa', ['p-256'], { certificates: false });
    tokens = new ServerTokens(['/dev/null', softhsmModule]);
  });
  after(async () => {
    if (missingSofthsm) return;
    await tokens.close();
    hsm.remove();
  });
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'anso-hsm-store-'));
    store = await openStore({ dataDir: folder }, clock);
    keys = await openKeyStore({ store, clock, serverKey: randomBytes(32), wait: async () => {}, tokens });
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  const who = { owner: 'van-thu', agencyId: 'xa', actor: 'van-thu' };
  const attach = (certificate = onToken, parts: { pin?: string; token?: string } = {}) =>
    keys.attach({ ...who, certificate, pin: PIN, ...parts });
  const sink = collectingSink();
  const open = (id: string, pin = PIN) => keys.open(id, pin, { sink, context: { channel: 'server' } });

  it('signs with a key that never was in it, and counts the use', async () => {
    const { id, token } = await attach();
    expect(token).to.equal('con-dau');
    const pdf = samplePdf();
    const provider = await open(id);
    const { appended } = await signPdf({ source: bytesSource(pdf), provider, clock });
    expect(signatureFacts(Buffer.concat([pdf, appended]))[0]).to.include({ signatureValid: true });
    expect(sink.events.at(-1)).to.include({ outcome: 'signed', certificate: onToken.fingerprint });
    provider.close();
  });

  it('takes a key whose certificate only the register has, on the token that is named', async () => {
    expect(await codeOf(attach(keyOnly))).to.equal('signing.token_ambiguous');
    const { id } = await attach(keyOnly, { token: 'chi-khoa' });
    expect(await codeOf(open(id))).to.equal(undefined);
  });

  const refusals: readonly [string, () => Promise<unknown>][] = [
    ['signing.wrong_pin', () => attach(onToken, { pin: '99999999' })],
    ['signing.wrong_pin', () => attach(onToken, { pin: '' })],
    ['signing.token_not_found', () => attach(onToken, { token: 'nobody' })],
    ['signing.token_no_key', () => attach(keyOnly, { token: 'con-dau' })],
    ['signing.key_exists', () => attach().then(() => attach())],
  ];
  for (const [code, work] of refusals) {
    it(`refuses with ${code}, and keeps nothing`, async () => {
      expect(await codeOf(work())).to.equal(code);
      expect(await keys.byOwner('van-thu')).to.have.length(code === 'signing.key_exists' ? 1 : 0);
    });
  }

  it('counts wrong PINs as of every key, and leaves changing the PIN to the token', async () => {
    const { id } = await attach();
    expect(await codeOf(open(id, '99999999'))).to.equal('signing.wrong_pin');
    expect(await keys.info(id)).to.include({ triesLeft: 4 });
    expect(await codeOf(open(id))).to.equal(undefined);
    expect(await keys.info(id)).to.include({ triesLeft: 5 });
    const change = keys.changePin(id, { old: PIN, new: '24682468' }, 'van-thu');
    expect(await codeOf(change)).to.equal('signing.pin_kept_by_token');
  });
});
