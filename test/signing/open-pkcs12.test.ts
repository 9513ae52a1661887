import { spawnSync } from 'node:child_process';
import type { KeyObject } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import forge from 'node-forge';
import { CodedError } from '../../server/errors/coded-error.ts';
import { bytesSource } from '../../server/pdf/byte-source.ts';
import { openPkcs12 } from '../../server/signing/open-pkcs12.ts';
import { signPdf } from '../../server/signing/sign-pdf.ts';
import { missingOpenssl, openssl } from '../cms/openssl.ts';
import { freshKeys, type Identity, type KeyKind, makeIdentity } from './identities.ts';
import { makePkcs12 } from './make-pkcs12.ts';
import { clock, codeOf, everythingIn } from './providers.ts';
import { samplePdf } from './sample-pdf.ts';

const passphrase = 'mật-khẩu 123';
const missingLegacy =
  missingOpenssl ||
  (spawnSync('openssl', ['list', '-providers', '-provider', 'legacy']).status === 0
    ? ''
    : ' (skipped: openssl has no legacy provider)');

const missingPbmac1 =
  missingOpenssl ||
  (spawnSync('openssl', ['pkcs12', '-help'], { encoding: 'utf8' }).stderr.includes('pbmac1')
    ? ''
    : ' (skipped: this openssl does not write PBMAC1)');

const exported = (identity: Identity, options: readonly string[], pass = passphrase, extra = ''): Buffer =>
  openssl(
    [
      'pkcs12',
      '-export',
      ...options,
      '-inkey',
      'key',
      '-in',
      'cert',
      '-passout',
      `pass:${pass}`,
      '-out',
      'p12',
    ],
    { key: identity.keyPem, cert: extra + identity.pem },
    'p12',
  );

/** What node-forge writes; null is its null passphrase. */
function forged(identity: Identity, pass: string | null, options: object): Buffer {
  const { privateKeyFromPem, certificateFromPem } = forge.pki;
  const [key, certificate] = [privateKeyFromPem(identity.keyPem), certificateFromPem(identity.pem)];
  const file = forge.pkcs12.toPkcs12Asn1(key, [certificate], pass, options);
  return Buffer.from(forge.asn1.toDer(file).getBytes(), 'latin1');
}

describe('a PKCS#12 file', () => {
  const aes = ['-keypbe', 'AES-256-CBC', '-certpbe', 'AES-128-CBC', '-iter', '10000'];
  const legacy = ['-provider', 'legacy', '-provider', 'default'];
  const cases: readonly [string, KeyKind, readonly string[], string][] = [
    ['AES-256 around RSA-2048', 'rsa-2048', aes, missingOpenssl],
    ['AES-256 around RSA-4096', 'rsa-4096', aes, missingOpenssl],
    ['AES-256 around P-256', 'p-256', aes, missingOpenssl],
    ['AES-256 around P-384', 'p-384', aes, missingOpenssl],
    ['AES-256 around P-521', 'p-521', aes, missingOpenssl],
    ['what openssl does unasked', 'p-256', [], missingOpenssl],
    ['AES-256 around a key for PSS only', 'rsa-pss-2048', aes, missingOpenssl],
    ['AES-256 around Ed25519', 'ed25519', aes, missingOpenssl],
    ['a MAC with SHA-512', 'p-256', [...aes, '-macalg', 'sha512'], missingOpenssl],
    ['no MAC', 'p-256', [...aes, '-nomac'], missingOpenssl],
    ['triple DES and RC2-40, the old habit', 'rsa-2048', ['-legacy', ...legacy], missingLegacy],
    ['triple DES around P-256', 'p-256', ['-legacy', ...legacy], missingLegacy],
    [
      'RC2-128',
      'rsa-2048',
      ['-keypbe', 'PBE-SHA1-RC2-128', '-certpbe', 'PBE-SHA1-RC2-128', ...legacy],
      missingLegacy,
    ],
    [
      'two-key triple DES',
      'rsa-2048',
      ['-keypbe', 'PBE-SHA1-2DES', '-certpbe', 'PBE-SHA1-2DES', ...legacy],
      missingLegacy,
    ],
    ['nothing encrypted', 'p-256', ['-keypbe', 'NONE', '-certpbe', 'NONE'], missingOpenssl],
  ];
  for (const [name, kind, options, missing] of cases) {
    it(`with ${name} opens and signs${missing}`, async function () {
      if (missing) this.skip();
      const identity = makeIdentity(kind);
      const provider = await openPkcs12(exported(identity, options, 'bi mat 123'), 'bi mat 123');
      expect(Buffer.compare(provider.certificate.der, identity.der)).to.equal(0);
      await provider.sign(Buffer.from('x'));
      expect(await codeOf(openPkcs12(exported(identity, options, 'bi mat 123'), 'bi mat 124'))).to.equal(
        'signing.p12_wrong_passphrase',
      );
    });
  }

  for (const options of [aes, ['-legacy', ...legacy]]) {
    it(`with a Vietnamese passphrase opens, ${options[1]}${missingLegacy}`, async function () {
      if (missingLegacy) this.skip();
      const identity = makeIdentity('p-256');
      expect(await codeOf(openPkcs12(exported(identity, options), passphrase))).to.equal(undefined);
    });
  }

  it(`with an empty passphrase opens${missingOpenssl}`, async function () {
    if (missingOpenssl) this.skip();
    const identity = makeIdentity('p-256');
    expect(await codeOf(openPkcs12(exported(identity, aes, ''), ''))).to.equal(undefined);
  });

  it(`that openssl gives the MAC of RFC 9579 opens${missingPbmac1}`, async function () {
    if (missingPbmac1) this.skip();
    const identity = makeIdentity('p-256');
    const file = exported(identity, [...aes, '-pbmac1_pbkdf2'], 'bi mat 123');
    expect(await codeOf(openPkcs12(file, 'bi mat 123'))).to.equal(undefined);
    expect(await codeOf(openPkcs12(file, 'bi mat 124'))).to.equal('signing.p12_wrong_passphrase');
  });

  it('with the MAC of RFC 9579 opens, and refuses another passphrase', async () => {
    const identity = makeIdentity('p-256');
    const file = makePkcs12({ keys: [identity], certificates: [identity], pbmac1: true }, passphrase);
    expect(await codeOf(openPkcs12(file, passphrase))).to.equal(undefined);
    expect(await codeOf(openPkcs12(file, 'another'))).to.equal('signing.p12_wrong_passphrase');
  });

  it('gives the certificate of the private key and its issuers, whatever their order', async () => {
    const root = makeIdentity('rsa-2048', { ca: true, subject: 'Root' });
    const middle = makeIdentity('rsa-3072', { ca: true, subject: 'Issuing', issuer: root });
    const leaf = makeIdentity('p-256', { issuer: middle });
    const stranger = makeIdentity('p-384');
    const file = makePkcs12({ keys: [leaf], certificates: [root, stranger, leaf, middle] }, passphrase);
    const provider = await openPkcs12(file, passphrase);
    expect(Buffer.from(provider.certificate.der).equals(leaf.der)).to.equal(true);
    expect(provider.chain.map(({ subject }) => subject.last('2.5.4.3'))).to.deep.equal(['Issuing', 'Root']);
  });

  it('with two keys opens by the fingerprint of the certificate, and otherwise names them', async () => {
    const [one, two] = [
      makeIdentity('p-256', { subject: 'Anh' }),
      makeIdentity('p-384', { subject: 'Bình' }),
    ];
    const file = makePkcs12({ keys: [one, two], certificates: [two, one] }, passphrase);
    const error = await openPkcs12(file, passphrase).catch((thrown: unknown) => thrown);
    if (!(error instanceof CodedError)) throw new Error('not refused');
    expect(error.code).to.equal('signing.p12_several_keys');
    const choices = error.details.choices as { fingerprint: string; subject: string }[];
    expect(choices.map(({ subject }) => subject)).to.deep.equal([
      'CN=Anh,O=UBND tỉnh Cà Mau',
      'CN=Bình,O=UBND tỉnh Cà Mau',
    ]);
    for (const { fingerprint } of choices) {
      expect(error.message).to.include(fingerprint);
      const { certificate } = await openPkcs12(file, passphrase, { fingerprint });
      expect(certificate.fingerprint).to.equal(fingerprint);
    }
    expect(await codeOf(openPkcs12(file, passphrase, { fingerprint: '00' }))).to.equal(
      'signing.p12_no_certificate',
    );
  });

  it('with a key and a certificate twice, and a key that cannot be read, opens', async () => {
    const one = makeIdentity('p-256');
    const unreadable = { privateKey: { export: () => Buffer.from('0500', 'hex') } as unknown as KeyObject };
    const keys = [one, freshKeys('p-256'), unreadable, one];
    const file = makePkcs12({ keys, certificates: [one, one] }, passphrase);
    expect(await codeOf(openPkcs12(file, passphrase))).to.equal(undefined);
  });

  it('with the certificate renewed for the same key asks which is meant', async () => {
    const old = makeIdentity('p-256', { notAfter: new Date('2021-01-01') });
    const renewed = makeIdentity('p-256', { serial: 2 });
    const file = makePkcs12({ keys: [old], certificates: [old, renewed] }, passphrase);
    expect(await codeOf(openPkcs12(file, passphrase))).to.equal('signing.p12_several_keys');
  });

  it('with an expired certificate opens, and signs nothing', async () => {
    const old = makeIdentity('p-256', { notAfter: new Date('2021-01-01') });
    const provider = await openPkcs12(
      makePkcs12({ keys: [old], certificates: [old] }, passphrase),
      passphrase,
    );
    const attempt = signPdf({ source: bytesSource(samplePdf()), provider, clock });
    expect(await codeOf(attempt)).to.equal('signing.certificate_expired');
  });

  it('whose issuers are incomplete gives as far as they go', async () => {
    const root = makeIdentity('rsa-2048', { ca: true, subject: 'Root' });
    const middle = makeIdentity('rsa-3072', { ca: true, subject: 'Issuing', issuer: root });
    const leaf = makeIdentity('p-256', { issuer: middle });
    const open = async (...certificates: Identity[]) =>
      (await openPkcs12(makePkcs12({ keys: [leaf], certificates }, passphrase), passphrase)).chain.length;
    expect([await open(root, leaf), await open(leaf, middle), await open(leaf)]).to.deep.equal([0, 1, 0]);
  });

  it('with two keys of which one has a certificate opens that one', async () => {
    const [one, two] = [makeIdentity('p-256'), makeIdentity('p-384')];
    const file = makePkcs12({ keys: [two, one], certificates: [one] }, passphrase);
    expect(Buffer.from((await openPkcs12(file, passphrase)).certificate.der).equals(one.der)).to.equal(true);
  });
});

describe('a PKCS#12 file of node-forge', () => {
  const identity = makeIdentity('rsa-2048');
  for (const algorithm of ['3des', 'aes128', 'aes192', 'aes256'] as const) {
    for (const useMac of [true, false]) {
      it(`with ${algorithm} and ${useMac ? 'a' : 'no'} MAC opens, and refuses another passphrase`, async () => {
        const file = forged(identity, 'bi mat', { algorithm, useMac, count: 100 });
        expect(await codeOf(openPkcs12(file, 'bi mat'))).to.equal(undefined);
        expect(await codeOf(openPkcs12(file, 'bi mot'))).to.equal('signing.p12_wrong_passphrase');
      });
    }
  }

  it('without any passphrase opens with an empty one', async () => {
    expect(await codeOf(openPkcs12(forged(identity, null, {}), ''))).to.equal(undefined);
  });
});

describe('a wrong passphrase and a damaged file are told apart', () => {
  const identity = makeIdentity('p-256');
  const whole = makePkcs12({ keys: [identity], certificates: [identity] }, passphrase);

  it('when the MAC was changed', async () => {
    const file = Buffer.from(whole);
    // The MAC stands before its salt of 8 octets and its count.
    const last = file.length - 14;
    file[last] = (file[last] ?? 0) ^ 1;
    expect(await codeOf(openPkcs12(file, passphrase))).to.equal('signing.p12_damaged');
    expect(await codeOf(openPkcs12(file, 'another'))).to.equal('signing.p12_wrong_passphrase');
  });

  it('when a certificate was changed', async () => {
    const file = Buffer.from(whole);
    const at = file.indexOf('Nguyễn');
    file[at] = (file[at] ?? 0) ^ 1;
    expect(await codeOf(openPkcs12(file, passphrase))).to.equal('signing.p12_damaged');
  });

  it('when what the MAC covers does not decrypt', async () => {
    const file = makePkcs12({ keys: [identity], certificates: [identity], statedRounds: 9 }, passphrase);
    expect(await codeOf(openPkcs12(file, passphrase))).to.equal('signing.p12_damaged');
  });

  it('when the end is missing', async () => {
    expect(await codeOf(openPkcs12(whole.subarray(0, -5), passphrase))).to.equal('signing.p12_unreadable');
  });
});

describe('a hostile PKCS#12 file is refused:', () => {
  const identity = makeIdentity('p-256');
  const whole = { keys: [identity], certificates: [identity] };
  const tooExpensive = 'signing.p12_too_expensive';
  const cases: readonly [string, () => Buffer, string][] = [
    ['no key', () => makePkcs12({ certificates: [identity] }, passphrase), 'signing.p12_no_key'],
    ['no certificate', () => makePkcs12({ keys: [identity] }, passphrase), 'signing.p12_no_certificate'],
    [
      'the certificate of another key',
      () => makePkcs12({ keys: [freshKeys('p-256')], certificates: [identity] }, passphrase),
      'signing.p12_no_certificate',
    ],
    ['a wrong passphrase', () => makePkcs12(whole, 'another'), 'signing.p12_wrong_passphrase'],
    ['nothing', () => Buffer.alloc(0), 'signing.p12_unreadable'],
    ['a PDF', () => Buffer.from('%PDF-1.7 nothing'), 'signing.p12_unreadable'],
    ['two megabytes', () => Buffer.alloc(2 ** 21, 0x30), 'signing.p12_unreadable'],
    ['a certificate', () => Buffer.from(identity.der), 'signing.p12_unreadable'],
    [
      'endless rounds around the key',
      () => makePkcs12({ ...whole, statedRounds: 2 ** 31 }, passphrase),
      tooExpensive,
    ],
    [
      'endless rounds of the MAC',
      () => makePkcs12({ ...whole, macRounds: 2 ** 40 }, passphrase),
      tooExpensive,
    ],
    ['no rounds at all', () => makePkcs12({ ...whole, macRounds: 0 }, passphrase), 'signing.p12_unreadable'],
  ];
  for (const [name, file, code] of cases) {
    it(name, async () => {
      expect(await codeOf(openPkcs12(file(), passphrase))).to.equal(code);
    });
  }

  it('any broken one, with a code that tells nothing of the passphrase', async () => {
    const file = makePkcs12(whole, passphrase);
    await fc.assert(
      fc.asyncProperty(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const broken = Buffer.from(file);
        broken[at] = (broken[at] ?? 0) ^ mask;
        const error = await openPkcs12(broken, passphrase).catch((thrown: unknown) => thrown);
        if (!(error instanceof Error)) return;
        expect(error).to.be.instanceOf(CodedError);
        expect(everythingIn(error)).to.not.include(passphrase);
      }),
      { numRuns: 300 },
    );
  });
});
