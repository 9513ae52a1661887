import { spawnSync } from 'node:child_process';
import { createPublicKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type DevPki, makeDevPki } from '../../scripts/dev-pki/make-dev-pki.ts';
import { readRecipe } from '../../scripts/dev-pki/recipe.ts';
import { parseCertificate } from '../../server/pki/certificate.ts';
import { ExtendedKeyUsage, ExtensionType } from '../../server/pki/oids.ts';

const openssl = (...args: string[]) => spawnSync('openssl', args, { encoding: 'utf8' });
const now = new Date('2026-06-15T03:00:00Z');

describe('the development PKI', () => {
  let pki: DevPki;
  let out: string;

  before(async () => {
    out = mkdtempSync(join(tmpdir(), 'anso-dev-pki-'));
    pki = await makeDevPki({ out, now });
  });
  after(() => rmSync(out, { recursive: true }));

  it('issues every entry of the recipe under the authority it names', () => {
    const { certificates } = readRecipe();
    expect(Object.keys(pki.certificates)).to.deep.equal(certificates.map(({ id }) => id));
    for (const { id, issuer } of certificates) {
      const leaf = new X509Certificate(pki.certificate(id).certificate);
      const authority = new X509Certificate(pki.authority(issuer).certificate);
      expect(leaf.checkIssued(authority), id).to.equal(true);
      expect(leaf.verify(authority.publicKey), id).to.equal(true);
    }
  });

  it('counts periods from the moment it is given', () => {
    const end = (id: string) =>
      new X509Certificate(pki.certificate(id).certificate).validToDate.toISOString();
    expect(end('expired')).to.equal('2026-06-10T03:00:00.000Z');
    expect(end('expiring')).to.equal('2026-06-25T03:00:00.000Z');
  });

  it('keeps Vietnamese names and repeated attributes in their order', () => {
    const { subject } = new X509Certificate(pki.certificate('person').certificate);
    expect(subject.normalize('NFC')).to.include(
      'OU=ỦY BAN NHÂN DÂN XÃ AN BÌNH\nOU=Lãnh đạo Ủy ban\nCN=Nguyễn Thị Minh Ánh',
    );
  });

  it('writes private files for the owner only and draws new PINs each time', async () => {
    for (const name of ['pins.json', 'person.p12', 'root.key']) {
      expect(statSync(join(out, name)).mode & 0o777, name).to.equal(0o600);
    }
    const pins: unknown = JSON.parse(readFileSync(join(out, 'pins.json'), 'utf8'));
    expect(pins).to.have.property('person', pki.certificate('person').pin);
    const again = await makeDevPki({ only: ['person-p256'] });
    expect(again.certificate('person-p256').pin).to.not.equal(pki.certificate('person-p256').pin);
    expect(Object.keys(again.certificates)).to.deep.equal(['person-p256']);
  });

  it('has a time-stamp authority and an OCSP responder that may do nothing else', () => {
    const purposeOf = (id: string) => {
      const { extendedKeyUsage, extensions } = parseCertificate(pki.certificate(id).certificate);
      return {
        purposes: extendedKeyUsage,
        critical: extensions.get(ExtensionType.extendedKeyUsage)?.critical,
        noCheck: extensions.has(ExtensionType.ocspNoCheck),
      };
    };
    const { timeStamping, ocspSigning } = ExtendedKeyUsage;
    expect(purposeOf('tsa')).to.deep.equal({ purposes: [timeStamping], critical: true, noCheck: false });
    expect(purposeOf('ocsp')).to.deep.equal({ purposes: [ocspSigning], critical: false, noCheck: true });
  });

  describe('by OpenSSL', () => {
    before(function () {
      if (openssl('version').status !== 0) {
        console.warn('      openssl is not installed: its checks are skipped');
        this.skip();
      }
    });

    for (const { id, file } of readRecipe().certificates) {
      it(`${id}.p12 opens with its PIN, holds its key, and refuses another PIN`, () => {
        const path = join(out, `${id}.p12`);
        const read = (pin: string) =>
          openssl(
            'pkcs12',
            ...(file === 'legacy' ? ['-legacy'] : []),
            '-in',
            path,
            '-nodes',
            '-passin',
            `pass:${pin}`,
          );
        const { certificate, pin } = pki.certificate(id);
        const opened = read(pin);
        expect(opened.status, opened.stderr).to.equal(0);
        const key =
          /-----BEGIN PRIVATE KEY-----[\s\S]+-----END PRIVATE KEY-----/.exec(opened.stdout)?.[0] ?? '';
        expect(createPublicKey(key).export({ type: 'spki', format: 'der' })).to.deep.equal(
          new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' }),
        );
        expect(read(`${pin}0`).status).to.equal(1);
      });
    }

    const verdicts: Record<string, RegExp> = {
      person: /: OK/,
      organization: /: OK/,
      'public-organization': /: OK/,
      'public-person': /: OK/,
      tsa: /: OK/,
      expired: /certificate has expired/,
      future: /certificate is not yet valid/,
      revoked: /certificate revoked/,
      held: /certificate revoked/,
      untrusted: /unable to get local issuer certificate/,
    };
    for (const [id, verdict] of Object.entries(verdicts)) {
      it(`${id} is judged ${verdict.source}`, () => {
        const file = (name: string) => join(out, name);
        const intermediates = ['issuing', 'issuing-public'].map((name) =>
          readFileSync(file(`${name}.crt`), 'utf8'),
        );
        writeFileSync(file('pool.pem'), intermediates.join(''));
        const crls = ['root', 'issuing', 'issuing-public'].map(
          (name) => openssl('crl', '-inform', 'DER', '-in', file(`${name}.crl`)).stdout,
        );
        writeFileSync(file('crls.pem'), crls.join(''));
        const at = String(now.getTime() / 1000 + 60);
        const { stdout, stderr } = openssl(
          ...['verify', '-attime', at, '-CAfile', file('root.crt'), '-untrusted', file('pool.pem')],
          ...['-crl_check_all', '-CRLfile', file('crls.pem'), file(`${id}.crt`)],
        );
        expect(`${stdout}${stderr}`).to.match(verdict);
      });
    }
  });
});
