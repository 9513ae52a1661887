import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { expect } from 'chai';
import { readDer } from '../../server/asn1/read.ts';
import { contextTag } from '../../server/asn1/tag.ts';
import { type Der, integer, nullValue, octetString, oid, sequence, tlv } from '../../server/asn1/write.ts';
import { cryptoHash, hasher, readAlgorithmIdentifier } from '../../server/pki/algorithm.ts';
import {
  verifyCertificateSignature,
  verifyCrlSignature,
  verifySignature,
  verifyWithScheme,
} from '../../server/pki/verify-signature.ts';
import { authority, certify, revoke } from './authority.ts';

const data = Buffer.from('Quyết định số 05/QĐ-UBND');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const dsa = generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 });
const ed25519 = generateKeyPairSync('ed25519');
const ed448 = generateKeyPairSync('ed448');

const algorithm = (der: Der) => readAlgorithmIdentifier(readDer(der));
const named = (dotted: string, ...parameters: Der[]) => algorithm(sequence(oid(dotted), ...parameters));

const HASH = { sha1: '1.3.14.3.2.26', sha256: '2.16.840.1.101.3.4.2.1', sha384: '2.16.840.1.101.3.4.2.2' };
const explicit = (number: number, value: Der): Der => tlv(contextTag(number), value);
const hashId = (name: keyof typeof HASH): Der => sequence(oid(HASH[name]), nullValue());
const pss = (...fields: Der[]) => named('1.2.840.113549.1.1.10', sequence(...fields));
const mgf = (hash: keyof typeof HASH, function_ = '1.2.840.113549.1.1.8'): Der =>
  explicit(1, sequence(oid(function_), hashId(hash)));
const signPss = (hash: string, saltLength: number, key: KeyObject = rsa.privateKey): Buffer =>
  sign(hash, data, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });

describe('verifying a signature', () => {
  const good: readonly (readonly [string, ReturnType<typeof named>, KeyObject, () => Buffer])[] = [
    [
      'RSA PKCS#1 v1.5',
      named('1.2.840.113549.1.1.11', nullValue()),
      rsa.publicKey,
      () => sign('sha256', data, rsa.privateKey),
    ],
    [
      'RSA with SHA-3',
      named('2.16.840.1.101.3.4.3.14', nullValue()),
      rsa.publicKey,
      () => sign('sha3-256', data, rsa.privateKey),
    ],
    ['ECDSA', named('1.2.840.10045.4.3.3'), ec.publicKey, () => sign('sha384', data, ec.privateKey)],
    ['DSA', named('2.16.840.1.101.3.4.3.2'), dsa.publicKey, () => sign('sha256', data, dsa.privateKey)],
    ['Ed25519', named('1.3.101.112'), ed25519.publicKey, () => sign(null, data, ed25519.privateKey)],
    ['Ed448', named('1.3.101.113'), ed448.publicKey, () => sign(null, data, ed448.privateKey)],
    ['PSS with its defaults', pss(), rsa.publicKey, () => signPss('sha1', 20)],
    [
      'PSS with SHA-256 all over',
      pss(explicit(0, hashId('sha256')), mgf('sha256'), explicit(2, integer(32)), explicit(3, integer(1))),
      rsa.publicKey,
      () => signPss('sha256', 32),
    ],
  ];
  for (const [what, identifier, key, make] of good) {
    it(`accepts ${what}, over these data only`, () => {
      const signature = make();
      expect(verifySignature(identifier, key, data, signature)).to.equal(true);
      expect(verifySignature(identifier, key, Buffer.from('other'), signature)).to.equal(false);
    });
  }

  it('accepts PSS whose mask uses another hash', () => {
    const parameters = sequence(explicit(0, hashId('sha256')), mgf('sha384'), explicit(2, integer(32)));
    // The same private key, bound to these parameters: the only way to make node:crypto mask with another hash.
    const bare = readDer(rsa.privateKey.export({ type: 'pkcs8', format: 'der' }));
    const der = sequence(
      bare.at(0).bytes,
      sequence(oid('1.2.840.113549.1.1.10'), parameters),
      octetString(bare.at(2).content),
    );
    const signature = sign('sha256', data, { key: Buffer.from(der), format: 'der', type: 'pkcs8' });
    const identifier = named('1.2.840.113549.1.1.10', parameters);
    expect(verifySignature(identifier, rsa.publicKey, data, signature)).to.equal(true);
    const plain = pss(explicit(0, hashId('sha256')), mgf('sha256'), explicit(2, integer(32)));
    expect(verifySignature(plain, rsa.publicKey, data, signature)).to.equal(false);
  });

  it('accepts a key that is for PSS only, and no PKCS#1 signature by it', () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa-pss', { modulusLength: 2048 });
    const identifier = pss(explicit(0, hashId('sha256')), mgf('sha256'), explicit(2, integer(32)));
    expect(verifySignature(identifier, publicKey, data, signPss('sha256', 32, privateKey))).to.equal(true);
    const pkcs1 = named('1.2.840.113549.1.1.11', nullValue());
    expect(verifySignature(pkcs1, publicKey, data, sign('sha256', data, rsa.privateKey))).to.equal(false);
  });

  const refused: readonly (readonly [string, ReturnType<typeof named>, KeyObject])[] = [
    ['an unknown algorithm', named('1.2.3'), rsa.publicKey],
    ['MD2, which nothing can compute', named('1.2.840.113549.1.1.2'), rsa.publicKey],
    ['an algorithm for another key', named('1.2.840.10045.4.3.2'), rsa.publicKey],
    ['EdDSA by an RSA key', named('1.3.101.112'), rsa.publicKey],
    ['PSS without parameters', named('1.2.840.113549.1.1.10'), rsa.publicKey],
    ['PSS parameters that are none', named('1.2.840.113549.1.1.10', integer(1)), rsa.publicKey],
    ['PSS with an unknown mask', pss(mgf('sha256', '1.2.3')), rsa.publicKey],
    ['PSS with an unknown hash', pss(explicit(0, sequence(oid('1.2.3')))), rsa.publicKey],
    ['PSS with another trailer', pss(explicit(3, integer(2))), rsa.publicKey],
    ['PSS with a salt of absurd length', pss(explicit(2, integer(100_000))), rsa.publicKey],
  ];
  for (const [what, identifier, key] of refused) {
    it(`is false for ${what}`, () => {
      expect(verifySignature(identifier, key, data, Buffer.alloc(256, 1))).to.equal(false);
    });
  }

  it('is false when OpenSSL refuses the combination', () => {
    const small = generateKeyPairSync('rsa', { modulusLength: 512 }).publicKey;
    const scheme = {
      kind: 'rsa-pss',
      hash: 'SHA-512',
      mgfHash: 'SHA-512',
      saltLength: 64,
      parameters: sequence(),
    } as const;
    expect(verifyWithScheme(scheme, small, data, Buffer.alloc(64))).to.equal(false);
  });
});

describe('a certificate and a list', () => {
  const kinds = ['rsa-2048', 'rsa-4096', 'rsa-pss-2048', 'p-256', 'p-384', 'p-521', 'ed25519'] as const;
  for (const kind of kinds) {
    it(`of an authority with ${kind} verify with its key, and with no other`, () => {
      const issuer = authority('CA', { kind });
      const other = authority('Another').certificate.publicKey;
      const { certificate } = certify({ issuer });
      const list = revoke(issuer);
      const { publicKey } = issuer.certificate;
      expect(verifyCertificateSignature(certificate, publicKey)).to.equal(true);
      expect(verifyCrlSignature(list, publicKey)).to.equal(true);
      expect(verifyCertificateSignature(certificate, other) || verifyCrlSignature(list, other)).to.equal(
        false,
      );
    });
  }
});

describe('names of hashes', () => {
  it('are those of node:crypto', () => {
    expect(
      ['SHA-1', 'SHA-512/256', 'SHA3-384', 'RIPEMD-160', 'SHAKE256', 'MD2'].map((hash) =>
        cryptoHash(hash as 'MD2'),
      ),
    ).to.deep.equal(['sha1', 'sha512-256', 'sha3-384', 'ripemd160', 'shake256', undefined]);
  });

  it('give digests of their length', () => {
    expect(hasher('SHAKE256')?.update('').digest().length).to.equal(64);
    expect(hasher('SHAKE128')?.update('').digest().length).to.equal(32);
    expect(hasher('SHA-512/224')?.update('').digest().length).to.equal(28);
    expect(hasher('MD2')).to.equal(undefined);
  });
});
