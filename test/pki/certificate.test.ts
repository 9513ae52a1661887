import { expect } from 'chai';
import fc from 'fast-check';
import { integer, oid, sequence, tlv } from '../../server/asn1/write.ts';
import { parseCertificate } from '../../server/pki/certificate.ts';
import { parseCrl } from '../../server/pki/crl.ts';
import { PkiError } from '../../server/pki/errors.ts';
import { ExtensionType } from '../../server/pki/oids.ts';
import { readPemOrDer } from '../../server/pki/pem.ts';
import { serialText } from '../../server/pki/serial.ts';
import {
  authority,
  basicConstraints,
  certify,
  distributionPoints,
  extension,
  fullName,
  revoke,
  uri,
} from './authority.ts';

const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof PkiError) return error.code;
    throw error;
  }
  return 'nothing was thrown';
};

describe('a certificate', () => {
  it('is read with everything a verdict needs', () => {
    const access = sequence(
      sequence(oid('1.3.6.1.5.5.7.48.1'), uri('http://ocsp.example/')),
      sequence(oid('1.3.6.1.5.5.7.48.2'), uri('http://ca.example/ca.crt')),
    );
    const { certificate } = certify({
      subject: 'Trần Thị B',
      issuer: authority('CA', { key: 0 }),
      serial: 0xabcdefn,
      key: 1,
      keyUsage: 0xc0,
      extensions: [
        distributionPoints({ name: fullName(uri('http://crl.example/1.crl')) }),
        extension(ExtensionType.authorityInfoAccess, access),
        extension(ExtensionType.extendedKeyUsage, sequence(oid('1.3.6.1.5.5.7.3.4'))),
      ],
    });
    expect(certificate.serial).to.equal('abcdef');
    expect(certificate.issuer.toString()).to.equal('CN=CA');
    expect([...(certificate.keyUsage ?? [])]).to.deep.equal(['digitalSignature', 'nonRepudiation']);
    expect(certificate.extendedKeyUsage).to.deep.equal(['1.3.6.1.5.5.7.3.4']);
    expect(certificate.crlUrls).to.deep.equal(['http://crl.example/1.crl']);
    expect(certificate.authorityInfoAccess).to.deep.equal({
      ocsp: ['http://ocsp.example/'],
      caIssuers: ['http://ca.example/ca.crt'],
    });
    expect(certificate).to.include({ version: 2, isCa: false, selfIssued: false });
    expect(certificate.publicKey).to.equal(certificate.publicKey);
    expect(certificate.fingerprint).to.match(/^[0-9a-f]{64}$/);
  });

  it('may lack every extension', () => {
    const { certificate } = certify({ version: 0, key: 0 });
    expect(certificate).to.include({ version: 0, keyUsage: undefined, isCa: false });
    expect(certificate.crlUrls).to.deep.equal([]);
  });

  it('is refused when an extension stands twice, since readers would disagree', () => {
    const twice = () => certify({ key: 0, extensions: [basicConstraints(true), basicConstraints(false)] });
    expect(codeOf(twice)).to.equal('pki.malformed_certificate');
  });

  it('is refused with a path length below zero', () => {
    expect(codeOf(() => certify({ key: 0, ca: true, pathLength: -1 }))).to.equal('pki.malformed_certificate');
  });

  it('is refused when its two signature algorithms differ', () => {
    const { der } = certify({ key: 0 }).certificate;
    const changed = Buffer.from(der);
    const algorithm = Buffer.from(oid('1.2.840.10045.4.3.2'));
    changed[changed.lastIndexOf(algorithm) + algorithm.length - 1] = 3;
    expect(codeOf(() => parseCertificate(changed))).to.equal('pki.malformed_certificate');
  });

  it('has a key of a kind we know, or a code', () => {
    const { der } = certify({ key: 0 }).certificate;
    const changed = Buffer.from(der);
    const curve = Buffer.from(oid('1.2.840.10045.3.1.7'));
    changed[changed.indexOf(curve) + curve.length - 1] = 99;
    expect(codeOf(() => parseCertificate(changed).publicKey)).to.equal('pki.unsupported_key');
  });

  it('ends in its own error, whatever is done to its bytes', () => {
    const good = authority('CA', { key: 0, extensions: [distributionPoints({ reasons: 0x60 })] }).certificate
      .der;
    const crl = revoke(authority('CA', { key: 0 }), { entries: [{ serial: 5, reason: 1 }], number: 1 }).der;
    const change = fc.record({ index: fc.nat(), value: fc.nat(255) });
    fc.assert(
      fc.property(
        fc.constantFrom(good, crl),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        (der, changes) => {
          const bytes = Buffer.from(der);
          for (const { index, value } of changes) bytes[index % bytes.length] = value;
          const read = () => (der === good ? parseCertificate(bytes) : parseCrl(bytes).lookup('05'));
          expect(codeOf(read)).to.match(/^(pki\.malformed|nothing)/);
        },
      ),
      { numRuns: 1500 },
    );
  });
});

describe('a serial number as text', () => {
  const text = (value: bigint): string => serialText(integer(value).subarray(2));

  it('is the same exactly when the number is', () => {
    const number = fc.bigInt({ min: -(2n ** 160n), max: 2n ** 160n });
    fc.assert(
      fc.property(number, number, (a, b) => {
        expect(text(a) === text(b)).to.equal(a === b);
      }),
    );
    expect([text(0n), text(255n), text(-1n), text(0x0102n)]).to.deep.equal(['00', 'ff', '-ff', '0102']);
  });
});

describe('trust files', () => {
  const { der } = authority('CA', { key: 0 }).certificate;
  const pem = `text before\n-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64')}\n-----END CERTIFICATE-----\n`;
  const labels = ['CERTIFICATE'];

  it('may hold several blocks, or one DER', () => {
    expect(
      readPemOrDer(Buffer.from(pem + pem), labels).map((b) => parseCertificate(b).fingerprint),
    ).to.have.length(2);
    expect(readPemOrDer(der, labels)).to.deep.equal([der]);
  });

  it('are refused when no block has the label that was asked for', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n';
    expect(codeOf(() => readPemOrDer(Buffer.from(key), labels))).to.equal('pki.malformed_pem');
  });

  it('are refused with more blocks than any trust list has', () => {
    const tiny = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    expect(codeOf(() => readPemOrDer(Buffer.from(tiny.repeat(10_001)), labels))).to.equal(
      'pki.malformed_pem',
    );
  });

  it('name what is wrong with something that is neither', () => {
    expect(codeOf(() => parseCertificate(Buffer.from('no')))).to.equal('pki.malformed_certificate');
    expect(codeOf(() => parseCertificate(sequence(sequence(), sequence())))).to.equal(
      'pki.malformed_certificate',
    );
    expect(codeOf(() => parseCrl(tlv(0x30)))).to.equal('pki.malformed_crl');
  });
});
