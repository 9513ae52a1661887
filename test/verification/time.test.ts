import { createHash, sign } from 'node:crypto';
import { expect } from 'chai';
import { octetString, oid, sequence } from '../../server/asn1/write.ts';
import { Oid } from '../../server/cms/oids.ts';
import { bytesSource } from '../../server/pdf/byte-source.ts';
import { openPdf } from '../../server/pdf/open-pdf.ts';
import { prepareSignature } from '../../server/pdf/signatures/prepare-signature.ts';
import { ExtendedKeyUsage, ExtensionType } from '../../server/pki/oids.ts';
import { stampingParty, tokenFor } from '../evidence/time-stamp-authority.ts';
import * as pki from '../pki/authority.ts';
import { formObjects, formPdf, judged, N, reportOn, updated } from './files.ts';
import {
  cmsBy,
  embedded,
  signatureTimeStamp,
  timeStampInfo,
  timeStampToken,
  tokenOver,
  withoutAttributes,
} from './sign-anything.ts';

const root = pki.authority('Root', { key: 0 });
const stamping = pki.extension(
  ExtensionType.extendedKeyUsage,
  sequence(oid(ExtendedKeyUsage.timeStamping)),
  true,
);
const tsa = pki.certify({ subject: 'TSA', key: 1, issuer: root, keyUsage: 0xc0, extensions: [stamping] });
const signer = pki.certify({
  subject: 'Signer',
  key: 2,
  issuer: root,
  keyUsage: 0xc0,
  serial: 0x21,
  to: '2026-03-01T00:00:00Z',
});
const stamped = new Date('2026-02-01T00:00:00Z');
/** The dictionary's own claim, 7 hours on: a machine that wrote Việt Nam time as UTC. */
const texts = { signingTime: new Date('2026-02-01T07:00:00Z') };

const judge = (file: Uint8Array, crls = [pki.revoke(root), early]) =>
  judged(file, { anchors: [root.certificate.der], crls: crls.map(({ der }) => der), at: pki.at });
/** Current when the signature was stamped. */
const early = pki.revoke(root, { thisUpdate: '2026-01-15T00:00:00Z', nextUpdate: '2026-02-15T00:00:00Z' });

const withToken = (token: (signature: Uint8Array) => Uint8Array) =>
  embedded(
    formPdf(),
    cmsBy(signer, (value) => [signatureTimeStamp(token(value))]),
    { texts },
  );

describe('proof of time', () => {
  it('keeps a signature valid after its certificate has expired', async () => {
    const report = judge(await withToken((value) => timeStampToken(tsa, value, stamped)));
    const signature = reportOn(report, 'ky');
    expect(signature).to.include({
      verdict: 'valid',
      level: 'B-T',
      trust: 'trusted',
      signingTimeProven: true,
    });
    expect(signature.signingTime).to.equal('2026-02-01T00:00:00.000Z');
    expect(signature.fields.signingTime.proven).to.equal('2026-02-01T00:00:00.000Z');
    expect(signature.notes.map(({ code }) => code)).not.to.include('time_is_claimed');
  });

  it('does not make a signature valid without it', async () => {
    const file = await embedded(formPdf(), cmsBy(signer), { texts });
    expect(reportOn(judge(file), 'ky')).to.include({
      verdict: 'indeterminate',
      subIndication: 'OUT_OF_BOUNDS_NO_POE',
    });
  });

  it('notes a claimed time that is seven hours ahead', async () => {
    const signature = reportOn(judge(await withToken((value) => timeStampToken(tsa, value, stamped))), 'ky');
    expect(signature.notes.map(({ code }) => code)).to.include('local_time_as_utc');
  });

  it('saves from a revocation that came later, and from none that came before', async () => {
    const file = await withToken((value) => timeStampToken(tsa, value, stamped));
    const revokedOn = (date: string) =>
      pki.revoke(root, {
        thisUpdate: '2026-02-10T00:00:00Z',
        nextUpdate: '2026-02-20T00:00:00Z',
        entries: [{ serial: 0x21, date }],
      });
    const at = (date: string) =>
      reportOn(judge(file, [pki.revoke(root, { entries: [{ serial: 0x21, date }] }), early]), 'ky');
    expect(revokedOn('2026-02-05T00:00:00Z').size).to.equal(1);
    expect(at('2026-02-05T00:00:00Z')).to.include({ verdict: 'valid' });
    expect(at('2026-01-05T00:00:00Z')).to.include({ verdict: 'invalid', subIndication: 'REVOKED' });
  });

  const useless: readonly (readonly [string, (signature: Uint8Array) => Uint8Array, string])[] = [
    ['over something else', () => timeStampToken(tsa, Buffer.from('other'), stamped), 'time_stamp_broken'],
    ['that is no token', () => sequence(), 'time_stamp_broken'],
    [
      'by somebody who may not stamp',
      (value) => timeStampToken(signer, value, stamped),
      'time_stamp_untrusted',
    ],
    [
      'by a stranger',
      (value) =>
        timeStampToken(pki.certify({ subject: 'X', key: 3, extensions: [stamping] }), value, stamped),
      'time_stamp_untrusted',
    ],
    [
      'of a time to come',
      (value) => timeStampToken(tsa, value, new Date('2030-01-01')),
      'time_stamp_untrusted',
    ],
  ];
  for (const [what, token, note] of useless) {
    it(`is not a token ${what}`, async () => {
      const signature = reportOn(judge(await withToken(token)), 'ky');
      expect(signature).to.include({
        verdict: 'indeterminate',
        integrity: 'intact',
        signingTimeProven: false,
      });
      expect(signature.notes.map(({ code }) => code)).to.include(note);
    });
  }

  const imprint = (type: string, hash: string) => (value: Uint8Array) =>
    sequence(sequence(oid(type)), octetString(createHash(hash).update(value).digest()));
  const sha256 = imprint('2.16.840.1.101.3.4.2.1', 'sha256');

  it('is not a token under a hash with collisions, which may have been made for something else', async () => {
    for (const weak of [imprint('1.3.14.3.2.26', 'sha1'), imprint('1.2.840.113549.2.5', 'md5')]) {
      const token = (value: Uint8Array) => tokenFor(tsa, { imprint: weak(value) }, { time: stamped });
      const signature = reportOn(judge(await withToken(token)), 'ky');
      expect(signature).to.include({ verdict: 'indeterminate', signingTimeProven: false });
      expect(signature.notes.map(({ code }) => code)).to.include('time_stamp_weak');
    }
  });

  it('is not a token older than the certificate of its authority', async () => {
    const later = stampingParty(root, { key: 1, from: '2026-02-15T00:00:00Z' });
    const token = (value: Uint8Array) => tokenFor(later, { imprint: sha256(value) }, { time: stamped });
    const signature = reportOn(judge(await withToken(token)), 'ky');
    expect(signature).to.include({ verdict: 'indeterminate', signingTimeProven: false });
    expect(signature.notes.map(({ code }) => code)).to.include('time_stamp_untrusted');
  });

  it('is not a token whose key may not sign, or that signs no attributes', async () => {
    const party = stampingParty(root, { key: 1, keyUsage: 0x20 });
    const tokens = [
      (value: Uint8Array) => tokenFor(party, { imprint: sha256(value) }, { time: stamped }),
      (value: Uint8Array) => withoutAttributes(tsa, timeStampInfo(sha256(value), stamped), Oid.tstInfo),
    ];
    for (const token of tokens) {
      expect(reportOn(judge(await withToken(token)), 'ky')).to.include({
        verdict: 'indeterminate',
        signingTimeProven: false,
      });
    }
  });

  it('is given by a document time stamp for what lies before it', async () => {
    const file = await embedded(formPdf(), cmsBy(signer), { texts });
    const whole = await embedded(file, (digest) => tokenOver(tsa, digest, stamped), {
      fieldName: 'dau_thoi_gian',
      type: 'DocTimeStamp',
      subFilter: 'ETSI.RFC3161',
    });
    const report = judge(whole);
    expect(reportOn(report, 'ky')).to.include({
      verdict: 'valid',
      modifications: 'lta',
      signingTimeProven: true,
    });
    expect(reportOn(report, 'dau_thoi_gian')).to.include({
      kind: 'timestamp',
      verdict: 'valid',
      coverage: 'whole-file',
      level: null,
      signingTime: '2026-02-01T00:00:00.000Z',
    });
    expect(report.verdict).to.equal('valid');
  });

  it('is not given by a document time stamp over another file, which then is broken itself', async () => {
    const file = await embedded(formPdf(), cmsBy(signer), { texts });
    const whole = await embedded(file, () => timeStampToken(tsa, file, stamped), {
      fieldName: 'dau_thoi_gian',
      type: 'DocTimeStamp',
      subFilter: 'ETSI.RFC3161',
    });
    const report = judge(whole);
    expect(reportOn(report, 'dau_thoi_gian')).to.include({ integrity: 'broken', verdict: 'invalid' });
    expect(reportOn(report, 'ky')).to.include({ verdict: 'indeterminate', integrity: 'intact' });
    expect(report.documentIntegrity).to.equal('intact');
  });
});

describe('what a certificate may be used for', () => {
  const by = async (parts: pki.CertificateParts) => {
    const party = pki.certify({ subject: 'X', key: 3, issuer: root, ...parts });
    return reportOn(judge(await embedded(formPdf(), cmsBy(party))), 'ky');
  };

  it('is not signing without digital signature or non-repudiation', async () => {
    expect(await by({ keyUsage: 0x20 })).to.include({
      verdict: 'indeterminate',
      subIndication: 'CHAIN_CONSTRAINTS_FAILURE',
    });
    expect((await by({ keyUsage: 0x40 })).verdict).to.equal('valid');
    expect((await by({})).verdict).to.equal('valid');
  });

  it('is noted when its extended usage names other things', async () => {
    const server = pki.extension(ExtensionType.extendedKeyUsage, sequence(oid(ExtendedKeyUsage.serverAuth)));
    const report = await by({ extensions: [server] });
    expect(report.verdict).to.equal('valid');
    expect(report.notes.map(({ code }) => code)).to.include('extended_key_usage');
  });

  it('masks the numbers of people and organizations', async () => {
    const subject = [
      ['0.9.2342.19200300.100.1.1', 'CCCD:001090000001'],
      ['2.5.4.3', 'Phạm D'],
    ] as const;
    const report = await by({ subject });
    expect(JSON.stringify(report)).not.to.include('001090000001');
    expect(report.certificates.at(-1)?.subject).to.equal('CN=Phạm D,UID=****:*********001');
  });
});

describe('signatures of old and other kinds', () => {
  const signerNow = pki.certify({ subject: 'Now', key: 2, issuer: root, keyUsage: 0xc0 });

  it('are valid as plain CMS, below any PAdES level', async () => {
    const file = await embedded(formPdf(), cmsBy(signerNow), { subFilter: 'adbe.pkcs7.detached' });
    expect(reportOn(judge(file), 'ky')).to.include({ verdict: 'valid', level: 'CMS' });
  });

  it('are not valid when the document comes in by SHA-1, whatever signs it then', async () => {
    const prepared = prepareSignature(openPdf(bytesSource(formPdf())), {
      fieldName: 'ky',
      subFilter: 'adbe.pkcs7.sha1',
      contentsSize: 4000,
    });
    const cms = withoutAttributes(signerNow, prepared.digest('sha1'), Oid.data);
    const signature = reportOn(judge(Buffer.concat([formPdf(), prepared.embed(cms)])), 'ky');
    expect(signature).to.include({
      integrity: 'intact',
      verdict: 'indeterminate',
      subIndication: 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE',
    });
    expect(signature.algorithms[0]).to.deep.equal({
      use: 'content-digest',
      algorithm: 'SHA-1',
      allowed: false,
    });
  });

  it('are not valid as PKCS #1 with SHA-1 and no CMS', async () => {
    const rsa = pki.certify({ subject: 'RSA', kind: 'rsa-2048', issuer: root });
    const dict = `<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.x509.rsa_sha1 /Cert <${Buffer.from(rsa.certificate.der).toString('hex')}>`;
    const unsigned = updated(formPdf(), {
      [N.sign]: formObjects[N.sign]?.replace('>>', '/V 40 0 R >>') ?? '',
      40: `${dict} /ByteRange [0 ${'0'.repeat(32)}] /Contents <${'0'.repeat(600)}> >>`,
    });
    const gap = unsigned.indexOf(`<${'0'.repeat(600)}`);
    const range = [gap, gap + 602, unsigned.length - gap - 602].map((n) => String(n).padStart(10, '0'));
    unsigned.write(range.join(' '), unsigned.indexOf('[0 00') + 3);
    const signed = Buffer.concat([unsigned.subarray(0, gap), unsigned.subarray(gap + 602)]);
    unsigned.write(Buffer.from(octetString(sign('sha1', signed, rsa.privateKey))).toString('hex'), gap + 1);
    expect(reportOn(judge(unsigned), 'ky')).to.include({
      integrity: 'intact',
      verdict: 'indeterminate',
      subIndication: 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE',
    });
  });

  it('are unknown when they cannot be read', async () => {
    for (const subFilter of [
      'ETSI.CAdES.detached',
      'adbe.pkcs7.sha1',
      'ETSI.RFC3161',
      'adbe.x509.rsa_sha1',
      'Some.Thing',
    ]) {
      const file = await embedded(formPdf(), () => Buffer.from('no cms'), { subFilter });
      expect(judge(file).documentIntegrity, subFilter).to.equal('unknown');
      expect(reportOn(judge(file), 'ky').verdict, subFilter).to.equal('indeterminate');
    }
  });

  it('are not intact with another content inside', async () => {
    const file = await embedded(formPdf(), () => timeStampToken(tsa, Buffer.from('x'), stamped));
    expect(judge(file).documentIntegrity).to.equal('tampered');
  });

  it('are broken when made over something else', async () => {
    const file = await embedded(formPdf(), () => cmsBy(signerNow)(Buffer.alloc(32, 1)));
    expect(reportOn(judge(file), 'ky')).to.include({
      integrity: 'broken',
      indication: 'TOTAL_FAILED',
      subIndication: 'HASH_FAILURE',
    });
  });

  it('are broken when made with another key', async () => {
    const file = await embedded(formPdf(), cmsBy({ ...signerNow, privateKey: tsa.privateKey }));
    expect(reportOn(judge(file), 'ky')).to.include({
      integrity: 'broken',
      subIndication: 'SIG_CRYPTO_FAILURE',
    });
  });

  it('are unknown when their certificate is not in the CMS', async () => {
    const cms = async (digest: Uint8Array): Promise<Uint8Array> => {
      const bytes = Buffer.from(await cmsBy(signerNow)(digest));
      // The serial number in the certificate, which is not the signer identifier's any more.
      const at = bytes.indexOf(Buffer.from(signerNow.certificate.der));
      const serial = bytes.indexOf(Buffer.from(signerNow.certificate.serial, 'hex'), at);
      bytes[serial] = (bytes[serial] ?? 0) ^ 1;
      return bytes;
    };
    expect(reportOn(judge(await embedded(formPdf(), cms)), 'ky')).to.include({
      integrity: 'unknown',
      trust: 'unknown',
      subIndication: 'NO_SIGNING_CERTIFICATE_FOUND',
    });
  });
});
