import { expect } from 'chai';
import { parseSignedData } from '../../server/cms/parse-signed-data.ts';
import { CodedError } from '../../server/errors/coded-error.ts';
import { bytesSource } from '../../server/pdf/byte-source.ts';
import { openPdf } from '../../server/pdf/open-pdf.ts';
import { listSignatures } from '../../server/pdf/signatures/list-signatures.ts';
import { parseCertificate } from '../../server/pki/certificate.ts';
import { parseCrl } from '../../server/pki/crl.ts';
import type { KeyProvider } from '../../server/signing/key-provider.ts';
import { type SignPdfOptions, signPdf } from '../../server/signing/sign-pdf.ts';
import { freshKeys, type KeyKind, KeyUsage, makeIdentity } from './identities.ts';
import { missingPdfJudges, pdfJudges, signatureFacts } from './judges.ts';
import { makeCrl } from './make-crl.ts';
import { clock, codeOf, makeProvider, providerOf } from './providers.ts';
import { samplePdf } from './sample-pdf.ts';

const pdf = samplePdf();

async function signed(
  source: Uint8Array,
  provider: KeyProvider,
  options: Partial<SignPdfOptions> = {},
): Promise<Buffer> {
  const { appended } = await signPdf({ source: bytesSource(source), provider, clock, ...options });
  return Buffer.concat([source, appended]);
}

const refusal = (provider: KeyProvider, options: Partial<SignPdfOptions> = {}, source: Uint8Array = pdf) =>
  codeOf(signed(source, provider, options));

describe('signing a PDF', () => {
  const cases: readonly [KeyKind, Partial<SignPdfOptions>][] = [
    ['rsa-2048', {}],
    ['rsa-2048', { rsa: 'pkcs1' }],
    ['rsa-3072', { digestAlgorithm: 'SHA-384' }],
    ['rsa-4096', { rsa: 'pkcs1', digestAlgorithm: 'SHA-512' }],
    ['p-256', {}],
    ['p-384', {}],
    ['p-521', {}],
    ['ed25519', {}],
  ];
  for (const [kind, options] of cases) {
    const name = [kind, options.rsa, options.digestAlgorithm].filter(Boolean).join(' ');
    it(`with ${name} leaves every byte, and each earlier signature valid, three times over${missingPdfJudges}`, async () => {
      const provider = makeProvider(kind);
      let file: Buffer = pdf;
      for (const count of [1, 2, 3]) {
        const before = file;
        file = await signed(before, provider, { ...options, reason: 'Ký duyệt văn bản đi' });
        expect(file.subarray(0, before.length).equals(before)).to.equal(true);
        const facts = signatureFacts(file);
        expect(facts.map(({ field }) => field)).to.deep.equal(
          Array.from({ length: count }, (_, i) => `Signature${i + 1}`),
        );
        for (const fact of facts) {
          expect(fact).to.include({
            messageDigestMatches: true,
            signatureValid: true,
            signingCertificateAttribute: 'v2',
          });
        }
      }
      // Poppler 22 does not know Ed25519.
      if (missingPdfJudges || kind === 'ed25519') return;
      expect(pdfJudges(file)).to.deep.equal({ total: 3, valid: 3, wholeDocument: 1 });
    });
  }

  it('writes Vietnamese words and the time so that every reader shows them', async () => {
    const file = await signed(pdf, makeProvider('p-256'), { reason: 'Đồng ý) /Evil (b', location: 'Cà Mau' });
    const [entry] = listSignatures(openPdf(bytesSource(file)));
    expect(entry).to.include({
      subFilter: 'ETSI.CAdES.detached',
      name: 'Nguyễn Văn A',
      reason: 'Đồng ý) /Evil (b',
      location: 'Cà Mau',
      m: "D:20260615100000+07'00'",
    });
    expect(entry?.claimedTime).to.deep.equal(clock.now());
  });

  it('leaves no more room in /Contents than the longest signature of this key needs', async () => {
    const file = await signed(pdf, makeProvider('rsa-2048'));
    const [entry] = listSignatures(openPdf(bytesSource(file)));
    expect(parseSignedData(entry?.contents ?? pdf).trailing).to.equal('none');
  });

  it('embeds the issuers it is given, and only those that issued the certificate', async () => {
    const root = makeIdentity('rsa-2048', { ca: true, subject: 'Root' });
    const middle = makeIdentity('rsa-3072', { ca: true, subject: 'Issuing', issuer: root });
    const stranger = makeIdentity('rsa-2048', { ca: true, subject: 'Stranger' });
    const leaf = makeIdentity('p-256', { issuer: middle });
    const issuers = [stranger, root, middle].map(({ der }) => parseCertificate(der));
    const file = await signed(pdf, providerOf(leaf), { issuers });
    const [entry] = listSignatures(openPdf(bytesSource(file)));
    const { certificates } = parseSignedData(entry?.contents ?? pdf);
    const names = certificates.map((der) => parseCertificate(der).subject.last('2.5.4.3'));
    expect(names).to.have.members(['Nguyễn Văn A', 'Issuing', 'Root']);
  });

  it('takes the field name it is given, and refuses one that is signed already', async () => {
    const provider = makeProvider('p-256');
    const file = await signed(pdf, provider, { field: 'ky_lanh_dao' });
    expect(await refusal(provider, { field: 'ky_lanh_dao' }, file)).to.equal('pdf.field_already_signed');
    const both = await signed(file, provider, { field: 'dau_co_quan' });
    expect(signatureFacts(both).map(({ field }) => field)).to.deep.equal(['ky_lanh_dao', 'dau_co_quan']);
  });

  it('shows what the caller draws, with the facts of the signature', async () => {
    let told = '';
    const file = await signed(pdf, makeProvider('p-256'), {
      visible: {
        page: 0,
        rect: [100, 100, 300, 160],
        appearance: ({ signer, signingTime }) => {
          told = `${signer} ${signingTime.toISOString()}`;
          return {
            content: Buffer.from('0 0 1 rg 0 0 200 60 re f'),
            resources: openPdf(bytesSource(pdf)).trailer,
          };
        },
      },
    });
    expect(told).to.equal('Nguyễn Văn A 2026-06-15T03:00:00.000Z');
    expect(signatureFacts(file)[0]?.signatureValid).to.equal(true);
    if (!missingPdfJudges) expect(pdfJudges(file).valid).to.equal(1);
  });

  it('hashes a document of many windows as the readers do, and lets others work meanwhile', async () => {
    const large = samplePdf({ size: 9 * 2 ** 20 });
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    const file = await signed(large, makeProvider('p-256')).finally(() => clearInterval(timer));
    expect(signatureFacts(file)[0]?.messageDigestMatches).to.equal(true);
    expect(turns).to.be.greaterThan(0);
  });
});

describe('signing a PDF is refused', () => {
  const year = (y: number): Date => new Date(`${y}-01-01`);
  const cases: readonly [string, () => KeyProvider, Partial<SignPdfOptions>, string][] = [
    [
      'before the certificate is valid',
      () => makeProvider('p-256', { notBefore: year(2030) }),
      {},
      'signing.certificate_not_yet_valid',
    ],
    [
      'after it has expired',
      () => makeProvider('p-256', { notAfter: year(2025) }),
      {},
      'signing.certificate_expired',
    ],
    [
      'with a certificate for encryption',
      () => makeProvider('rsa-2048', { keyUsage: KeyUsage.keyEncipherment }),
      {},
      'signing.key_usage',
    ],
    ['with an RSA key of 1024 bits', () => makeProvider('rsa-1024'), {}, 'signing.key_too_weak'],
    [
      'with SHA-1',
      () => makeProvider('rsa-2048'),
      { digestAlgorithm: 'SHA-1' as 'SHA-256' },
      'signing.algorithm_refused',
    ],
    [
      'at a level that needs time stamps, without an authority',
      () => makeProvider('p-256'),
      { level: 'B-T' },
      'evidence.no_authority',
    ],
    [
      'when the register says no',
      () => makeProvider('p-256'),
      { gate: { check: async () => 'certificates.suspended' } },
      'certificates.suspended',
    ],
  ];
  for (const [name, provider, options, code] of cases) {
    it(name, async () => {
      expect(await refusal(provider(), options)).to.equal(code);
    });
  }

  it('not for a certificate without key usage, or with either of the signing bits alone', async () => {
    for (const keyUsage of [null, KeyUsage.digitalSignature, KeyUsage.nonRepudiation]) {
      expect(await refusal(makeProvider('p-256', { keyUsage }))).to.equal(undefined);
    }
  });

  it('when the issuer has revoked the certificate, also by a list past its next update', async () => {
    const root = makeIdentity('rsa-2048', { ca: true, subject: 'Root' });
    const provider = providerOf(makeIdentity('p-256', { issuer: root, serial: 77 }), root);
    const crl = (serials: number[], nextUpdate: Date, issuer = root) => [
      parseCrl(makeCrl(issuer, { serials, thisUpdate: year(2026), nextUpdate })),
    ];
    expect(await refusal(provider, { crls: crl([77], year(2027)) })).to.equal('signing.certificate_revoked');
    expect(await refusal(provider, { crls: crl([77], new Date('2026-02-01')) })).to.equal(
      'signing.certificate_revoked',
    );
    expect(await refusal(provider, { crls: crl([78], year(2027)) })).to.equal(undefined);
    const impostor = makeIdentity('rsa-3072', { ca: true, subject: 'Root' });
    expect(await refusal(provider, { crls: crl([77], year(2027), impostor) })).to.equal(undefined);
  });

  it('when the key does not belong to the certificate, so that such a signature never leaves', async () => {
    for (const kind of ['rsa-2048', 'p-256', 'ed25519'] as const) {
      const { privateKey } = freshKeys(kind);
      const provider = providerOf({ ...makeIdentity(kind), privateKey });
      expect(await refusal(provider), kind).to.equal('signing.self_check_failed');
    }
  });

  it('after a certification that permits nothing, and of a field that an earlier signature locks, naming it', async () => {
    const provider = makeProvider('p-256');
    const details = (source: Uint8Array): Promise<unknown> =>
      signed(source, provider).catch((error: unknown) => error instanceof CodedError && error);
    const certified = await signed(pdf, provider, { field: 'chung_thuc', docMdp: 1 });
    expect(await details(certified)).to.deep.include({
      code: 'pdf.changes_forbidden',
      details: { by: 'chung_thuc' },
    });
    const locking = await signed(pdf, provider, { field: 'khoa', lock: { action: 'All', fields: [] } });
    expect(await details(locking)).to.deep.include({
      code: 'pdf.field_locked',
      details: { by: 'khoa', field: 'Signature1' },
    });
    const open = await signed(pdf, provider, { docMdp: 2 });
    expect(signatureFacts(await signed(open, provider))).to.have.length(2);
  });

  it('for what is no PDF, is cut short, or encrypted in no way', async () => {
    const provider = makeProvider('p-256');
    expect(await refusal(provider, {}, Buffer.from('PK\x03\x04'))).to.equal('pdf.not_a_pdf');
    expect(await refusal(provider, {}, new Uint8Array())).to.equal('pdf.not_a_pdf');
    expect(await refusal(provider, {}, pdf.subarray(0, 400))).to.match(/^pdf\./);
    const encrypted = Buffer.from(
      pdf.toString('latin1').replace('/Root 1 0 R', '/Root 1 0 R /Encrypt 1 0 R'),
      'latin1',
    );
    expect(await refusal(provider, {}, encrypted)).to.equal('pdf.encryption_invalid');
  });
});
