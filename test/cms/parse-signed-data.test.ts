import { expect } from 'chai';
import fc from 'fast-check';
import { contextTag } from '../../server/asn1/tag.ts';
import { integer, octetString, oid, sequence, setOf, tlv } from '../../server/asn1/write.ts';
import { buildSignedData } from '../../server/cms/build-signed-data.ts';
import { digestOf } from '../../server/cms/digest.ts';
import { CmsError } from '../../server/cms/errors.ts';
import { Oid } from '../../server/cms/oids.ts';
import { parseSignedData } from '../../server/cms/parse-signed-data.ts';
import { parseTstInfo } from '../../server/cms/parse-tst-info.ts';
import { contentOf, verifySignerInfo } from '../../server/cms/verify-signer-info.ts';
import { makeIdentity } from '../signing/identities.ts';
import { signWith } from './sign-with.ts';

const SHA512 = '2.16.840.1.101.3.4.2.3';
const content = Buffer.from('Nơi nhận: như trên');
const identity = makeIdentity('p-256');
let cms: Uint8Array;
before(async () => {
  cms = await buildSignedData({
    contentDigest: digestOf('SHA-256', content),
    digestAlgorithm: 'SHA-256',
    certificate: identity,
    chain: [],
    scheme: 'ecdsa',
    sign: signWith(identity, 'ecdsa', 'SHA-256'),
  });
});

/** SignedData with the parts given, everything else as empty as allowed. */
const signedData = (...parts: Uint8Array[]): Uint8Array =>
  sequence(oid(Oid.signedData), tlv(contextTag(0), sequence(integer(1), setOf([]), ...parts)));

describe('parsing SignedData', () => {
  it('says what follows it: nothing, the zeros of a PDF, or something else', () => {
    expect(parseSignedData(cms).trailing).to.equal('none');
    expect(parseSignedData(Buffer.concat([cms, Buffer.alloc(500)])).trailing).to.equal('zeros');
    expect(parseSignedData(Buffer.concat([cms, Buffer.from([0, 0, 1])])).trailing).to.equal('data');
  });

  it('gives encapsulated content, also in segments and of types of PKCS#7', () => {
    const segments = tlv(0x24, octetString(Buffer.from('a')), octetString(Buffer.from('b')));
    const inside = (value: Uint8Array) =>
      parseSignedData(signedData(sequence(oid(Oid.tstInfo), tlv(contextTag(0), value)), setOf([])))
        .encapsulated;
    expect(inside(segments)).to.deep.equal({ contentType: Oid.tstInfo, content: Buffer.from('ab') });
    expect(inside(sequence(integer(5))).content).to.deep.equal(Buffer.from('020105', 'hex'));
  });

  it('tells certificates, CRLs and OCSP responses from other choices', () => {
    const certificates = tlv(contextTag(0), identity.der, tlv(contextTag(1), integer(1)));
    const ocsp = tlv(contextTag(1), oid('1.3.6.1.5.5.7.16.2'), sequence(integer(9)));
    const crls = tlv(contextTag(1), sequence(integer(3)), ocsp, tlv(contextTag(1), oid('1.2.3'), integer(1)));
    const parsed = parseSignedData(signedData(sequence(oid(Oid.data)), certificates, crls, setOf([])));
    expect(parsed.certificates).to.deep.equal([Buffer.from(identity.der)]);
    expect(parsed.crls).to.deep.equal([Buffer.from(sequence(integer(3)))]);
    expect(parsed.ocspResponses).to.deep.equal([Buffer.from(sequence(integer(9)))]);
    expect(parsed.signerInfos).to.deep.equal([]);
  });

  const bad: readonly [string, () => Uint8Array, string][] = [
    ['nothing', () => new Uint8Array(), 'cms.malformed'],
    ['zeros only', () => Buffer.alloc(100), 'cms.malformed'],
    ['a certificate', () => identity.der, 'cms.malformed'],
    ['half a structure', () => cms.subarray(0, cms.length / 2), 'cms.malformed'],
    ['EnvelopedData', () => sequence(oid('1.2.840.113549.1.7.3')), 'cms.not_signed_data'],
    ['no SignerInfos', () => signedData(sequence(oid(Oid.data))), 'cms.malformed'],
    [
      'a SignerInfo cut short',
      () => signedData(sequence(oid(Oid.data)), setOf([sequence(integer(1))])),
      'cms.malformed',
    ],
    [
      'more SignerInfos than anyone needs',
      () => signedData(sequence(oid(Oid.data)), setOf(Array.from({ length: 1001 }, () => integer(1)))),
      'cms.too_large',
    ],
    ['more bytes than anyone needs', () => new Uint8Array(64 * 1024 * 1024 + 1), 'cms.too_large'],
  ];
  for (const [name, bytes, code] of bad) {
    it(`refuses ${name}`, () => {
      expect(() => parseSignedData(bytes()))
        .to.throw(CmsError)
        .with.property('code', code);
    });
  }

  it('fails with a code or gives facts, whatever three bytes are changed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 3 }),
        (changes) => {
          const bytes = Uint8Array.from(cms);
          for (const [at, value] of changes) bytes[at % bytes.length] = value;
          try {
            for (const signer of parseSignedData(bytes).signerInfos)
              verifySignerInfo(signer, contentOf(content), identity);
          } catch (error) {
            expect(error).to.be.instanceOf(CmsError);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('parsing a TSTInfo', () => {
  const generalizedTime = (text: string): Uint8Array => tlv(0x18, Buffer.from(text));
  const imprint = sequence(sequence(oid(SHA512)), octetString(digestOf('SHA-512', content)));
  const required = [
    integer(1),
    oid('1.2.3'),
    imprint,
    integer(1n << 70n),
    generalizedTime('20260131235959.5Z'),
  ];

  it('gives imprint, time, accuracy and nonce', () => {
    const accuracy = sequence(integer(1), tlv(0x80, Uint8Array.of(1, 0)), tlv(0x81, Uint8Array.of(1)));
    expect(parseTstInfo(sequence(...required, accuracy, integer(77)))).to.deep.equal({
      policy: '1.2.3',
      imprint: {
        hash: 'SHA-512',
        oid: SHA512,
        digest: Buffer.from(digestOf('SHA-512', content)),
      },
      serial: 1n << 70n,
      time: new Date('2026-01-31T23:59:59.500Z'),
      accuracyMilliseconds: 1257,
      nonce: 77n,
    });
  });

  it('takes what is optional for absent', () => {
    expect(parseTstInfo(sequence(...required))).to.have.all.keys('policy', 'imprint', 'serial', 'time');
  });

  it('refuses one without a time, or with none that can be read', () => {
    for (const parts of [required.slice(0, 4), [...required.slice(0, 4), generalizedTime('yesterday')]]) {
      expect(() => parseTstInfo(sequence(...parts)))
        .to.throw(CmsError)
        .with.property('code', 'cms.malformed');
    }
  });
});
