import { createHash, generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import * as der from '../../server/asn1/write.ts';
import { bytesSource } from '../../server/pdf/byte-source.ts';
import { lockMatcher } from '../../server/pdf/signatures/locks.ts';
import { Effort } from '../../server/pki/effort.ts';
import { PkiError } from '../../server/pki/errors.ts';
import { SignedBytes } from '../../server/verification/signed-bytes.ts';
import * as pki from '../pki/authority.ts';
import { formPdf, judged, N, updated } from './files.ts';
import { cmsBy, embedded } from './sign-anything.ts';

const root = pki.authority('Root', { key: 0 });
const judge = (file: Uint8Array) =>
  judged(file, { anchors: [root.certificate.der], crls: [pki.revoke(root).der], at: pki.at });

/** An authority `Mid` that signed nothing, with a key of its own. */
function lookAlike(serial: number): Uint8Array {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-521' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return pki.authority('Mid', { serial, spki }).certificate.der;
}

describe('the effort spent on one file', () => {
  it('ends when hundreds of signatures name hundreds of issuers that look alike', async () => {
    const leaf = pki.certify({ subject: 'Leaf', key: 5, issuer: pki.authority('Mid', { key: 1 }) });
    const cms = Buffer.from(await cmsBy(leaf)(Buffer.alloc(32))).toString('hex');
    const many = Array.from({ length: 150 }, (_, i) => lookAlike(i + 1));
    const first = await embedded(formPdf(), cmsBy(leaf), {});
    const signatures = Array.from({ length: 150 }, (_, i) => 1000 + 2 * i);
    const objects = Object.fromEntries(
      signatures.flatMap((n) => [
        [n, `<< /FT /Sig /T (x${n}) /V ${n + 1} 0 R /Rect [0 0 0 0] >>`],
        [n + 1, `<< /Filter /X /SubFilter /ETSI.CAdES.detached /ByteRange [0 9 9 9] /Contents <${cms}> >>`],
      ]),
    );
    const certs = many.map((bytes, i) => [
      5000 + i,
      `<< /Length ${bytes.length} >>\nstream\n${Buffer.from(bytes).toString('latin1')}\nendstream`,
    ]);
    const file = updated(first, {
      ...objects,
      ...Object.fromEntries(certs),
      [N.catalog]: '<< /Type /Catalog /Pages 2 0 R /AcroForm 5 0 R /DSS 4999 0 R >>',
      4999: `<< /Certs [${certs.map(([n]) => `${n} 0 R`).join(' ')}] >>`,
      [N.form]: `<< /Fields [6 0 R 9 0 R ${signatures.map((n) => `${n} 0 R`).join(' ')}] >>`,
    });
    expect(judge(file)).to.include({ verdict: 'unreadable', code: 'verification.too_complex' });
  });

  it('counts each pair of certificate and key once', () => {
    const effort = new Effort(2);
    const { certificate } = pki.certify({ issuer: root });
    for (let i = 0; i < 10; i++)
      expect(effort.verify(certificate, root.certificate.publicKey)).to.equal(true);
    effort.spend();
    expect(() => effort.spend()).to.throw(PkiError, /too many/);
  });

  it('hashes what signatures have in common once, and gives the same digests', () => {
    const bytes = Buffer.alloc(3 * 2 ** 20, 'abc');
    const digest = (hash: string, ...parts: readonly Uint8Array[]) =>
      parts.reduce((running, part) => running.update(part), createHash(hash)).digest();
    const signed = new SignedBytes(bytesSource(bytes), new Effort(60));
    for (let end = 2 ** 20; end <= 2 ** 21; end += 2 ** 17) {
      const content = signed.of([0, end, end + 10, 100]);
      const expected = digest('sha256', bytes.subarray(0, end), bytes.subarray(end + 10, end + 110));
      expect(content?.digest('SHA-256')).to.deep.equal(expected);
    }
    expect(() =>
      new SignedBytes(bytesSource(bytes), new Effort(1)).of([0, 2 ** 20])?.digest('SHA-256'),
    ).to.throw(PkiError);
  });

  it('is not spent on locks that name thousands of fields', () => {
    const fields = ['a', 'b.c', ''];
    const names = ['a', 'a.x', 'ab', 'b', 'b.c', 'b.c.d.e', 'b.cd'];
    const include = lockMatcher({ action: 'Include', fields });
    expect(names.filter(include)).to.deep.equal(['a', 'a.x', 'b.c', 'b.c.d.e']);
    const exclude = lockMatcher({ action: 'Exclude', fields });
    expect(names.filter(exclude)).to.deep.equal(['ab', 'b', 'b.cd']);
    expect(names.filter(lockMatcher({ action: 'All', fields: [] }))).to.deep.equal(names);
  });
});

describe('keys that only serve to keep a verifier busy', () => {
  it('are not read: an RSA exponent of thousands of bits', () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jwk = publicKey.export({ format: 'jwk' });
    const modulus = BigInt(`0x${Buffer.from(jwk.n ?? '', 'base64url').toString('hex')}`);
    const rsa = der.sequence(der.oid('1.2.840.113549.1.1.1'), der.tlv(5));
    const key = (exponent: bigint) =>
      pki.certify({
        spki: der.sequence(rsa, der.bitString(der.sequence(der.integer(modulus), der.integer(exponent)))),
      }).certificate;
    expect(key(65537n).publicKey.asymmetricKeyType).to.equal('rsa');
    expect(() => key(2n ** 2040n + 1n).publicKey).to.throw(PkiError, /too large/);
  });
});
