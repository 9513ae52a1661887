import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { expect } from 'chai';
import { readDer } from '../../server/asn1/read.ts';
import { integer, nullValue, oid, sequence, tlv } from '../../server/asn1/write.ts';
import { readSignatureAlgorithm } from '../../server/cms/signature-algorithm.ts';
import { verifySignature } from '../../server/cms/verify-signature.ts';
import { cryptoHash, type HashName } from '../../server/pki/algorithm.ts';
import { keysOf } from '../signing/identities.ts';

const PSS = '1.2.840.113549.1.1.10';
const message = Buffer.from('Số: 01/QĐ-UBND');
const algorithmOf = (dotted: string, parameters?: Uint8Array) =>
  readSignatureAlgorithm(readDer(sequence(oid(dotted), ...(parameters ? [parameters] : []))));

describe('a signature value', () => {
  const ec = keysOf('p-256');
  const plain = '0.4.0.127.0.7.1.1.4.1';
  const ecdsa = '2.16.840.1.101.3.4.3';
  const cases: readonly [string, string, HashName, 'der' | 'ieee-p1363'][] = [
    ['ECDSA with SHA3-256', `${ecdsa}.10`, 'SHA3-256', 'der'],
    ['ECDSA with SHA3-512', `${ecdsa}.12`, 'SHA3-512', 'der'],
    ['plain ECDSA with SHA-256', `${plain}.3`, 'SHA-256', 'ieee-p1363'],
    ['plain ECDSA with SHA-512', `${plain}.5`, 'SHA-512', 'ieee-p1363'],
    ['plain ECDSA with SHA3-384', `${plain}.10`, 'SHA3-384', 'ieee-p1363'],
  ];
  for (const [name, dotted, hash, dsaEncoding] of cases) {
    it(`of ${name} verifies, and the other encoding of ECDSA does not`, () => {
      const signature = sign(cryptoHash(hash), message, { key: ec.privateKey, dsaEncoding });
      const algorithm = algorithmOf(dotted);
      expect(verifySignature(algorithm, ec.publicKey, [message], signature)).to.equal(true);
      const other = dsaEncoding === 'der' ? `${plain}.3` : '1.2.840.10045.4.3.2';
      expect(verifySignature(algorithmOf(other), ec.publicKey, [message], signature)).to.equal(false);
    });
  }

  it('of DSA verifies', () => {
    const { publicKey, privateKey } = generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 });
    const signature = sign('sha256', message, privateKey);
    expect(verifySignature(algorithmOf(`${ecdsa}.2`), publicKey, [message], signature)).to.equal(true);
  });

  it('of Ed448 verifies, and is read in chunks', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed448');
    const signature = sign(null, message, privateKey);
    const chunks = [message.subarray(0, 3), message.subarray(3)];
    expect(verifySignature(algorithmOf('1.3.101.113'), publicKey, chunks, signature)).to.equal(true);
  });

  it('of an RSA key restricted to PSS verifies with its own parameters only', () => {
    const hash = { hashAlgorithm: 'sha256', mgf1HashAlgorithm: 'sha256' };
    const { publicKey, privateKey } = generateKeyPairSync('rsa-pss', { modulusLength: 2048, ...hash });
    const signature = sign('sha256', message, privateKey);
    const digest = (arc: number) => sequence(oid(`2.16.840.1.101.3.4.2.${arc}`), nullValue());
    const mask = (arc: number) => sequence(oid('1.2.840.113549.1.1.8'), digest(arc));
    const pss = (arc: number) =>
      algorithmOf(PSS, sequence(tlv(0xa0, digest(arc)), tlv(0xa1, mask(arc)), tlv(0xa2, integer(32))));
    expect(verifySignature(pss(1), publicKey, [message], signature)).to.equal(true);
    expect(verifySignature(pss(3), publicKey, [message], signature)).to.equal(false);
  });

  it('of RSA PSS without parameters means SHA-1 and 20 octets of salt', () => {
    const { publicKey, privateKey } = keysOf('rsa-2048');
    const padding = constants.RSA_PKCS1_PSS_PADDING;
    const signature = sign('sha1', message, { key: privateKey, padding, saltLength: 20 });
    expect(verifySignature(algorithmOf(PSS), publicKey, [message], signature)).to.equal(true);
  });

  it('proves nothing when its algorithm is not known, but the algorithm can be named', () => {
    const algorithm = algorithmOf('1.2.3.4');
    expect(algorithm).to.deep.equal({ oid: '1.2.3.4' });
    expect(verifySignature(algorithm, ec.publicKey, [message], Buffer.alloc(64))).to.equal(false);
  });

  it('proves nothing when nobody says which digest is meant', () => {
    const { publicKey, privateKey } = keysOf('rsa-2048');
    const signature = sign('sha256', message, privateKey);
    const rsaEncryption = algorithmOf('1.2.840.113549.1.1.1', nullValue());
    expect(verifySignature(rsaEncryption, publicKey, [message], signature)).to.equal(false);
    expect(verifySignature(rsaEncryption, publicKey, [message], signature, 'SHA-256')).to.equal(true);
  });

  it('of any length and any key never throws', () => {
    const keys: KeyObject[] = [ec.publicKey, keysOf('rsa-2048').publicKey, keysOf('ed25519').publicKey];
    const algorithms = ['1.2.840.113549.1.1.11', '1.2.840.10045.4.3.2', `${plain}.3`, '1.3.101.112'];
    for (const key of keys) {
      for (const dotted of algorithms) {
        for (const length of [0, 1, 64, 256, 4096]) {
          expect(verifySignature(algorithmOf(dotted), key, [message], Buffer.alloc(length))).to.equal(false);
        }
      }
    }
  });

  it('lets errors of the content through, since they are no statement about the signature', () => {
    function* broken(): Generator<Uint8Array> {
      yield message;
      throw new RangeError('the disk is gone');
    }
    expect(() =>
      verifySignature(algorithmOf('1.2.840.10045.4.3.2'), ec.publicKey, broken(), Buffer.alloc(64)),
    ).to.throw(RangeError);
  });
});
