import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SignPdf } from '@signpdf/signpdf';
import { expect } from 'chai';
import { CodedError } from '../../../server/errors/coded-error.ts';
import { bytesSource } from '../../../server/pdf/byte-source.ts';
import { type Certificate, parseCertificate } from '../../../server/pki/certificate.ts';
import { SigningError } from '../../../server/signing/errors.ts';
import { MeteredKeyProvider } from '../../../server/signing/metered-key-provider.ts';
import { type OpenPkcs11, openPkcs11 } from '../../../server/signing/pkcs11/open-pkcs11.ts';
import { Pkcs11Module } from '../../../server/signing/pkcs11/pkcs11-module.ts';
import { signFile } from '../../../server/signing/sign-file.ts';
import { type SignPdfOptions, signPdf } from '../../../server/signing/sign-pdf.ts';
import { UsageMeter } from '../../../server/signing/usage-meter.ts';
import { makeIdentity } from '../identities.ts';
import { missingPdfJudges, pdfJudges, signatureFacts } from '../judges.ts';
import { clock, codeOf, collectingSink, everythingIn } from '../providers.ts';
import { samplePdf } from '../sample-pdf.ts';
import { placeholderPdf } from '../signpdf-placeholder.ts';
import { finalizeForAll, missingSofthsm, PIN, SoftHsm, softhsmModule, type TokenKey } from './softhsm.ts';

const kinds: readonly TokenKey[] = ['rsa-2048', 'p-256', 'p-384', 'p-521', 'ed25519'];

describe(`a token of SoftHSM${missingSofthsm}`, () => {
  let hsm: SoftHsm;
  let module: Pkcs11Module;
  const certificates = new Map<TokenKey, Certificate>();

  before(function () {
    if (missingSofthsm) return this.skip();
    hsm = new SoftHsm();
    for (const [index, certificate] of hsm.token('van-thu', kinds).entries()) {
      certificates.set(kinds[index] ?? 'p-256', certificate);
    }
    hsm.token('lanh-dao', ['p-256']);
    hsm.token('chi-khoa', ['rsa-2048', 'p-256'], { certificates: false }).forEach((one, index) => {
      keyOnly[index] = one;
    });
    module = new Pkcs11Module(softhsmModule);
  });
  after(async () => {
    if (missingSofthsm) return;
    await module.close();
    hsm.remove();
  });

  const keyOnly: Certificate[] = [];
  const fingerprint = (kind: TokenKey): string => certificates.get(kind)?.fingerprint ?? '';
  const open = (kind: TokenKey = 'p-256', options: Partial<OpenPkcs11> = {}) =>
    openPkcs11([module], { pin: PIN, token: 'van-thu', fingerprint: fingerprint(kind), ...options });
  const signed = async (options: Omit<SignPdfOptions, 'source' | 'clock'>): Promise<Buffer> => {
    const pdf = samplePdf();
    const { appended } = await signPdf({ source: bytesSource(pdf), clock, ...options });
    return Buffer.concat([pdf, appended]);
  };

  it('is listed with its state and certificates, without any PIN', async () => {
    const tokens = await module.list();
    expect(
      tokens.map(({ label, initialised, certificates: held }) => [label, initialised, held.length]),
    ).to.have.deep.members([
      ['van-thu', true, 5],
      ['lanh-dao', true, 1],
      ['chi-khoa', true, 0],
      ['', false, 0],
    ]);
  });

  const cases: readonly [TokenKey, Partial<SignPdfOptions>][] = [
    ['rsa-2048', {}],
    ['rsa-2048', { digestAlgorithm: 'SHA-512' }],
    ['rsa-2048', { rsa: 'pkcs1' }],
    ['rsa-2048', { rsa: 'pkcs1', digestAlgorithm: 'SHA-384' }],
    ['rsa-2048', { rsa: 'pkcs1', digestAlgorithm: 'SHA3-256' }],
    ['p-256', {}],
    ['p-256', { digestAlgorithm: 'SHA-512' }],
    ['p-384', {}],
    ['p-384', { digestAlgorithm: 'SHA3-512' }],
    ['p-521', {}],
    ['ed25519', {}],
  ];
  for (const [kind, wish] of cases) {
    const name = [kind, wish.rsa, wish.digestAlgorithm].filter(Boolean).join(' ');
    it(`signs with ${name}${missingPdfJudges}`, async () => {
      const provider = await open(kind);
      const file = await signed({ provider, ...wish });
      expect(signatureFacts(file)[0]).to.include({ signatureValid: true, messageDigestMatches: true });
      provider.close();
      const unknownToPoppler = kind === 'ed25519' || wish.digestAlgorithm?.startsWith('SHA3');
      if (missingPdfJudges || unknownToPoppler) return;
      expect(pdfJudges(file)).to.include({ total: 1, valid: 1 });
    });
  }

  it('keeps its keys: they cannot be read even by their user', async () => {
    await module.close();
    hsm.administer('van-thu', (cryptoki, session) => {
      cryptoki.C_FindObjectsInit(session, [
        { type: 0, value: 3 },
        { type: 0x100, value: 0 },
      ]);
      const [key] = cryptoki.C_FindObjects(session, 1);
      cryptoki.C_FindObjectsFinal(session);
      if (!key) throw new Error('no key');
      expect(() => cryptoki.C_GetAttributeValue(session, key, [{ type: 0x123 }])).to.throw(
        'CKR_ATTRIBUTE_SENSITIVE',
      );
    });
  });

  it('says which algorithm it lacks', async () => {
    const provider = await open('rsa-2048');
    expect(await codeOf(signed({ provider, digestAlgorithm: 'SHA3-256' }))).to.equal(
      'signing.mechanism_unsupported',
    );
    expect(await codeOf(signed({ provider }))).to.equal(undefined);
  });

  it('signs in the pipeline of @signpdf, more than once', async () => {
    const provider = await open('rsa-2048');
    for (const _ of [1, 2]) {
      const pdf = await new SignPdf().sign(placeholderPdf(), provider);
      expect(signatureFacts(pdf)[0]).to.include({ signatureValid: true, messageDigestMatches: true });
    }
  });

  it('is metered as every other key', async () => {
    const sink = collectingSink();
    const meter = new UsageMeter({ sink, context: { channel: 'cli' }, clock });
    const provider = new MeteredKeyProvider(await open(), meter);
    await signed({ provider });
    expect(await codeOf(signed({ provider, digestAlgorithm: 'MD5' }))).to.equal('signing.algorithm_refused');
    expect(sink.events.map(({ outcome }) => outcome)).to.deep.equal(['signed', 'refused']);
  });

  it('signs by a key alone when the certificate is brought along', async () => {
    for (const certificate of keyOnly) {
      const provider = await open('p-256', { token: 'chi-khoa', certificate });
      expect(signatureFacts(await signed({ provider }))[0]).to.include({ signatureValid: true });
    }
  });

  it('refuses a wrong PIN without repeating it, and takes the right one afterwards', async () => {
    const error = await open('p-256', { pin: 'sai-roi-123' }).catch((thrown: unknown) => thrown);
    if (!(error instanceof CodedError)) throw new Error('not refused');
    expect(error.code).to.equal('signing.wrong_pin');
    expect(error.details).to.deep.equal({ pinCountLow: true, pinFinalTry: false });
    expect(everythingIn(error)).to.not.include('sai-roi-123');
    expect(await codeOf(open())).to.equal(undefined);
  });

  it('asks for the PIN again of whoever comes while another is logged in', async () => {
    const provider = await open();
    await signed({ provider });
    expect(await codeOf(open('p-256', { pin: '00000000' }))).to.equal('signing.wrong_pin');
    expect(await codeOf(signed({ provider }))).to.equal(undefined);
  });

  const wrong: readonly [string, Partial<OpenPkcs11>, string][] = [
    ['a token that is not there', { token: 'nobody' }, 'signing.token_not_found'],
    ['several tokens', { token: undefined as never, fingerprint: '00' }, 'signing.token_ambiguous'],
    ['a certificate that it does not hold', { fingerprint: '00' }, 'signing.token_no_certificate'],
    ['several certificates', { fingerprint: undefined as never }, 'signing.token_several_certificates'],
  ];
  for (const [name, options, code] of wrong) {
    it(`is refused for ${name}`, async () => {
      expect(await codeOf(open('p-256', options))).to.equal(code);
    });
  }

  it('signs by an Ed25519 key that was imported, whose public point stands bare, without its certificate', async () => {
    const identity = makeIdentity('ed25519');
    await module.close();
    hsm.token('nhap-khoa', []);
    hsm.import('nhap-khoa', identity.keyPem);
    const provider = await open('ed25519', {
      token: 'nhap-khoa',
      certificate: parseCertificate(identity.der),
    });
    expect(signatureFacts(await signed({ provider }))[0]).to.include({ signatureValid: true });
  });

  it('is refused for a certificate whose key is elsewhere', async () => {
    const [certificate] = keyOnly;
    if (!certificate) throw new Error('no certificate');
    expect(await codeOf(open('p-256', { certificate }))).to.equal('signing.token_no_key');
  });

  it('is found by the certificate alone, and by its serial number', async () => {
    const { fingerprint: id, token } = { fingerprint: fingerprint('p-384'), token: undefined as never };
    expect(await codeOf(open('p-384', { fingerprint: id, token }))).to.equal(undefined);
    const serial = (await module.list()).find(({ label }) => label === 'lanh-dao')?.serial ?? '';
    const provider = await openPkcs11([module], { pin: PIN, token: serial });
    expect(provider.certificate.subject.toString()).to.include('p-256');
  });

  it('goes on by itself when something else in the process ended the module', async () => {
    const provider = await open();
    await signed({ provider });
    finalizeForAll();
    expect(signatureFacts(await signed({ provider }))[0]).to.include({ signatureValid: true });
  });

  it('that is removed in the middle of a batch fails the files after it, whole, and serves them when it is back', async () => {
    const folder = join(hsm.folder, 'batch');
    mkdirSync(folder);
    const input = join(folder, 'in.pdf');
    writeFileSync(input, samplePdf());
    const provider = await open('rsa-2048');
    const sign = (name: string) => signFile(input, join(folder, name), { provider, clock });
    await sign('1.pdf');
    const away = join(hsm.folder, 'away');
    renameSync(hsm.tokens, away);
    mkdirSync(hsm.tokens);
    finalizeForAll();
    expect(await codeOf(sign('2.pdf'))).to.equal('signing.token_removed');
    expect(await codeOf(sign('3.pdf'))).to.equal('signing.token_removed');
    expect(readdirSync(folder).toSorted()).to.deep.equal(['1.pdf', 'in.pdf']);
    renameSync(hsm.tokens, `${away}-empty`);
    renameSync(away, hsm.tokens);
    finalizeForAll();
    await sign('2.pdf');
    expect(signatureFacts(readFileSync(join(folder, '2.pdf')))[0]).to.include({ signatureValid: true });
  });

  it('forgets the PIN when it is closed', async () => {
    const provider = await open();
    provider.close();
    const error = await provider
      .signature(Buffer.from('x'), { scheme: 'ecdsa', digestAlgorithm: 'SHA-256' })
      .catch((e: unknown) => e);
    expect(error).to.be.instanceOf(SigningError);
  });
});
