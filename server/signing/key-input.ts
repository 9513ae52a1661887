import {
  constants,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  type SigningOptions,
} from 'node:crypto';
import { readDer } from '../asn1/read.ts';
import { integer, sequence } from '../asn1/write.ts';
import { type SigningHash, signatureIdentifier } from '../cms/build-signed-data.ts';
import { cryptoHash } from '../pki/algorithm.ts';
import type { SigningAlgorithm } from './choose-algorithm.ts';

/** A key as node:crypto takes it, with what it must know of the algorithm besides the digest. */
export type KeyInput = KeyObject | (SigningOptions & { readonly key: KeyObject });

/** How a private or public key is given to node:crypto for one algorithm. */
export function keyInput(key: KeyObject, { scheme, digestAlgorithm }: SigningAlgorithm): KeyInput {
  if (scheme !== 'rsa-pss') return key;
  const inputs = known.get(key) ?? new Map<SigningHash, KeyInput>();
  known.set(key, inputs);
  const input = inputs.get(digestAlgorithm) ?? pssInput(key, digestAlgorithm);
  inputs.set(digestAlgorithm, input);
  return input;
}

const known = new WeakMap<KeyObject, Map<SigningHash, KeyInput>>();

/**
 * The key bound to RSASSA-PSS with that digest (RFC 4055 3.1), which says all by itself. Options beside a key make each
 * call of node:crypto throw and catch errors until it has found the key: as long as it takes to verify a signature.
 */
function pssInput(key: KeyObject, digest: SigningHash): KeyInput {
  const bound = bindToPss(key, digest);
  const { hashAlgorithm, mgf1HashAlgorithm } = bound.asymmetricKeyDetails ?? {};
  const name = cryptoHash(digest);
  if (hashAlgorithm === name && mgf1HashAlgorithm === name) return bound;
  // OpenSSL reads no parameters with SHA-3.
  return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
}

function bindToPss(key: KeyObject, digest: SigningHash): KeyObject {
  const algorithm = signatureIdentifier({ scheme: 'rsa-pss', digestAlgorithm: digest });
  if (key.type === 'public') {
    const [, bits] = readDer(key.export({ format: 'der', type: 'spki' })).children;
    const spki = sequence(algorithm, bits?.bytes ?? new Uint8Array());
    return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  }
  const plain = key.export({ format: 'der', type: 'pkcs8' });
  const [, , octets] = readDer(plain).children;
  const pkcs8 = Buffer.from(sequence(integer(0), algorithm, octets?.bytes ?? new Uint8Array()));
  try {
    return createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  } finally {
    plain.fill(0);
    pkcs8.fill(0);
  }
}
