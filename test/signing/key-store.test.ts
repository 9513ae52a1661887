import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { CodedError } from '../../server/errors/coded-error.ts';
import { bytesSource } from '../../server/pdf/byte-source.ts';
import { type KeyStore, openKeyStore } from '../../server/signing/key-store.ts';
import { signPdf } from '../../server/signing/sign-pdf.ts';
import { openStore } from '../../server/storage/open-store.ts';
import type { Store } from '../../server/storage/ports.ts';
import { makeIdentity } from './identities.ts';
import { signatureFacts } from './judges.ts';
import { makePkcs12 } from './make-pkcs12.ts';
import { clock, codeOf, collectingSink, everythingIn } from './providers.ts';
import { samplePdf } from './sample-pdf.ts';

const passphrase = 'passphrase-of-the-file';
const pin = 'Bí-mật-2026';
const wrong = 'sai-mã-pin';
const cost = { N: 2, r: 8, p: 1 };
const serverKey = randomBytes(32);
const identity = makeIdentity('p-256');
const p12 = makePkcs12({ keys: [identity], certificates: [identity] }, passphrase);

describe('the key store', () => {
  let folder: string;
  let store: Store;
  let keys: KeyStore;
  let waits: number[];
  let id: string;
  const sink = collectingSink();
  const context = { channel: 'server', agencyId: 'agency', documentId: 'document' } as const;
  const open = (given: string, keyId = id) => keys.open(keyId, given, { sink, context });
  const request = {
    p12: new Uint8Array(),
    passphrase,
    pin,
    owner: 'chu-tich',
    agencyId: 'agency',
    actor: 'admin',
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'anso-keys-'));
    store = await openStore({ dataDir: folder }, clock);
    waits = [];
    sink.events.length = 0;
    keys = await openKeyStore({ store, serverKey, clock, cost, wait: async (ms) => void waits.push(ms) });
    ({ id } = await keys.import({ ...request, p12 }));
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  it('gives a key back that signs, counted once', async () => {
    const pdf = samplePdf();
    const { appended } = await signPdf({ source: bytesSource(pdf), provider: await open(pin), clock });
    expect(signatureFacts(Buffer.concat([pdf, appended]))[0]?.signatureValid).to.equal(true);
    const { fingerprint } = await keys.info(id);
    expect(sink.events).to.have.length(1);
    expect(sink.events[0]).to.include({ outcome: 'signed', certificate: fingerprint, ...context });
  });

  it('takes the PIN in either Unicode form, since keyboards differ', async () => {
    expect(await codeOf(open(pin.normalize('NFD')))).to.equal(undefined);
  });

  it('keeps neither PIN nor passphrase nor key in the open', async () => {
    await codeOf(open(wrong));
    await store.dispatch();
    const { d = '' } = identity.privateKey.export({ format: 'jwk' });
    const scalar = Buffer.from(d, 'base64url');
    const secrets = [...[pin, wrong, passphrase, d].map((text) => Buffer.from(text)), scalar];
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    for (const file of files) {
      const content = readFileSync(join(file.parentPath, file.name));
      for (const secret of secrets) expect(content.includes(secret)).to.equal(false);
    }
  });

  it('refuses a wrong PIN with the tries left, after a wait that doubles, and counts it as a use', async () => {
    for (const triesLeft of [4, 3, 2]) {
      const error = await open(wrong).catch((thrown: unknown) => thrown);
      if (!(error instanceof CodedError)) throw new Error('not refused');
      expect(error).to.include({ code: 'signing.wrong_pin' });
      expect(error.details).to.deep.equal({ triesLeft });
      expect(everythingIn(error)).to.not.include(wrong);
    }
    expect(waits).to.deep.equal([500, 1000, 2000]);
    expect(sink.events.map(({ outcome, code }) => `${outcome} ${code}`)).to.deep.equal(
      Array(3).fill('refused signing.wrong_pin'),
    );
  });

  it('forgets wrong PINs at the right one', async () => {
    await codeOf(open(wrong));
    await open(pin);
    expect((await keys.info(id)).triesLeft).to.equal(5);
  });

  it('locks after five wrong PINs, against the right one too, until an administrator unlocks', async () => {
    for (let i = 0; i < 5; i++) await codeOf(open(wrong));
    expect(await codeOf(open(pin))).to.equal('signing.pin_locked');
    expect((await keys.info(id)).locked).to.equal(true);
    expect(await keys.unlock(id, 'admin')).to.include({ locked: false, triesLeft: 5 });
    expect(await codeOf(open(pin))).to.equal(undefined);
    await store.dispatch();
    const types = (await store.audit.entries()).map(({ event }) => event.type);
    expect(types).to.deep.equal([
      'key.imported',
      ...Array(4).fill('key.wrong_pin'),
      'key.locked',
      'key.unlocked',
    ]);
  });

  it('evaluates no more than five of many guesses at once, the right one among the last', async () => {
    const guesses = [...Array(19).fill(wrong), pin];
    const codes = await Promise.all(guesses.map((guess) => codeOf(open(guess))));
    expect(codes.filter((code) => code === 'signing.wrong_pin')).to.have.length(5);
    expect(codes.filter((code) => code === 'signing.pin_locked')).to.have.length(15);
    expect(sink.events).to.have.length(20);
  });

  it('counts every wrong guess of two servers at once', async () => {
    const other = await openKeyStore({ store, serverKey, clock, cost, wait: async () => {} });
    const guess = (which: KeyStore) => codeOf(which.open(id, wrong, { sink, context }));
    const codes = await Promise.all([keys, other, keys, other].map(guess));
    expect(codes).to.deep.equal(Array(4).fill('signing.wrong_pin'));
    expect((await keys.info(id)).triesLeft).to.equal(1);
  });

  it('changes a PIN only for who knows the old one', async () => {
    const pins = { old: wrong, new: 'mã-mới-1' };
    expect(await codeOf(keys.changePin(id, pins, 'chu-tich'))).to.equal('signing.wrong_pin');
    await keys.changePin(id, { ...pins, old: pin }, 'chu-tich');
    expect(await codeOf(open(pin))).to.equal('signing.wrong_pin');
    expect(await codeOf(open('mã-mới-1'))).to.equal(undefined);
  });

  it('refuses PINs that are too short, too long, or one character over and over', async () => {
    for (const unfit of ['12345', 'x'.repeat(17), '000000', '']) {
      expect(await codeOf(keys.import({ ...request, pin: unfit }))).to.equal('signing.pin_unfit');
    }
  });

  it('takes the key of a certificate once', async () => {
    expect(await codeOf(keys.import({ ...request, p12 }))).to.equal('signing.key_exists');
  });

  it('says that the server key is another one, and does not blame the PIN for it', async () => {
    const other = await openKeyStore({ store, serverKey: randomBytes(32), clock, cost });
    expect(await codeOf(other.open(id, pin, { sink, context }))).to.equal('signing.server_key_mismatch');
    expect(sink.events.map(({ outcome }) => outcome)).to.deep.equal(['failed']);
    expect((await keys.info(id)).triesLeft).to.equal(5);
  });

  it('does not open a sealed key that was moved to another row', async () => {
    const identity = makeIdentity('p-384');
    const p12 = makePkcs12({ keys: [identity], certificates: [identity] }, passphrase);
    const { id: second } = await keys.import({ ...request, p12 });
    const rows = await store.collection<never>({
      name: 'signing_keys',
      indexes: { fingerprint: { fields: ['fingerprint'], unique: true }, owner: { fields: ['owner'] } },
    });
    const [from, to] = [await rows.get(id), await rows.get(second)] as unknown as { sealed: unknown }[];
    await rows.replace({ ...to, sealed: from?.sealed } as never);
    expect(await codeOf(open(pin, second))).to.equal('signing.wrong_pin');
  });

  it('lists the keys of an account, and knows no others', async () => {
    expect((await keys.byOwner('chu-tich')).map((key) => key.id)).to.deep.equal([id]);
    expect(await keys.byOwner('van-thu')).to.deep.equal([]);
    const { fingerprint } = await keys.info(id);
    expect((await keys.byFingerprint(fingerprint))?.id).to.equal(id);
    expect(await codeOf(open(pin, 'nobody'))).to.equal('signing.key_not_found');
    expect(JSON.stringify(await keys.info(id))).to.not.include('sealed');
  });
});
