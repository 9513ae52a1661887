import { constants, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { Asn1Error } from '../asn1/errors.ts';
import { readDer } from '../asn1/read.ts';
import { oid, sequence } from '../asn1/write.ts';
import { type AlgorithmIdentifier, cryptoHash, type SignatureScheme, signatureScheme } from './algorithm.ts';
import type { Certificate } from './certificate.ts';
import type { Crl } from './crl.ts';

/**
 * Whether `signature` over `data` was made by the private half of `key` under `algorithm`. False for anything that
 * does not fit together (another kind of key, an unknown algorithm): a signature never verifies by accident.
 */
export function verifySignature(
  algorithm: AlgorithmIdentifier,
  key: KeyObject,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  try {
    const scheme = signatureScheme(algorithm);
    return scheme !== undefined && verifyWithScheme(scheme, key, data, signature);
  } catch (error) {
    if (error instanceof Asn1Error) return false;
    throw error;
  }
}

/** The same for a scheme already known. */
export function verifyWithScheme(
  scheme: SignatureScheme,
  key: KeyObject,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (!fits(scheme, key)) return false;
  const hash = scheme.kind === 'eddsa' ? null : cryptoHash(scheme.hash);
  if (hash === undefined) return false;
  try {
    switch (scheme.kind) {
      case 'rsa-pkcs1':
        return verify(hash, data, { key, padding: constants.RSA_PKCS1_PADDING }, signature);
      case 'rsa-pss':
        return verifyPss(scheme, hash, key, data, signature);
      case 'ecdsa':
      case 'dsa':
        return verify(hash, data, { key, dsaEncoding: 'der' }, signature);
      case 'eddsa':
        return verify(null, data, key, signature);
    }
  } catch {
    // OpenSSL refuses the combination (key too small for the padding, hash disabled): not a valid signature.
    return false;
  }
}

function fits(scheme: SignatureScheme, key: KeyObject): boolean {
  const type = key.asymmetricKeyType;
  switch (scheme.kind) {
    case 'rsa-pkcs1':
      return type === 'rsa';
    case 'rsa-pss':
      return type === 'rsa' || type === 'rsa-pss';
    case 'ecdsa':
      return type === 'ec';
    case 'dsa':
      return type === 'dsa';
    case 'eddsa':
      return type === 'ed25519' || type === 'ed448';
  }
}

function verifyPss(
  scheme: SignatureScheme & { kind: 'rsa-pss' },
  hash: string | null,
  key: KeyObject,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (scheme.mgfHash !== scheme.hash && key.asymmetricKeyType === 'rsa') {
    // node:crypto takes the mask's hash from the key alone: bind the parameters to it (RFC 4055 3.1).
    return verify(hash, data, { key: bindPss(key, scheme.parameters) }, signature);
  }
  const { padding, saltLength } = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: scheme.saltLength };
  return verify(hash, data, { key, padding, saltLength }, signature);
}

function bindPss(key: KeyObject, parameters: Uint8Array): KeyObject {
  const [, bits] = readDer(key.export({ format: 'der', type: 'spki' })).children;
  const algorithm = sequence(oid('1.2.840.113549.1.1.10'), parameters);
  const spki = sequence(algorithm, bits?.bytes ?? new Uint8Array());
  return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
}

/** Whether the holder of `issuerKey` signed the certificate (RFC 5280 6.1.3 (a)(1)); names are not compared here. */
export function verifyCertificateSignature(certificate: Certificate, issuerKey: KeyObject): boolean {
  return verifySignature(certificate.signatureAlgorithm, issuerKey, certificate.tbs, certificate.signature);
}

/** Whether the holder of `issuerKey` signed the CRL (RFC 5280 6.3.3 (g)). */
export function verifyCrlSignature(crl: Crl, issuerKey: KeyObject): boolean {
  return verifySignature(crl.signatureAlgorithm, issuerKey, crl.tbs, crl.signature);
}
