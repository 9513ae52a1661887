import { webcrypto } from 'node:crypto';
import type { KeyKind } from './recipe.ts';

type CryptoKey = webcrypto.CryptoKey;

export interface KeyPair {
  readonly kind: KeyKind;
  readonly publicKey: CryptoKey;
  readonly privateKey: CryptoKey;
}

const parameters = {
  'rsa-2048': { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, hash: 'SHA-256' },
  'rsa-3072': { name: 'RSASSA-PKCS1-v1_5', modulusLength: 3072, hash: 'SHA-256' },
  'rsa-4096': { name: 'RSASSA-PKCS1-v1_5', modulusLength: 4096, hash: 'SHA-256' },
  'p-256': { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  'p-384': { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' },
  'p-521': { name: 'ECDSA', namedCurve: 'P-521', hash: 'SHA-512' },
  ed25519: { name: 'Ed25519', hash: 'SHA-512' },
} as const satisfies Record<KeyKind, object>;

/** A fresh pair; WebCrypto generates off the main thread, so many may be asked for at once. */
export async function generateKeys(kind: KeyKind): Promise<KeyPair> {
  const algorithm = { ...parameters[kind], publicExponent: Uint8Array.of(1, 0, 1) };
  const pair = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  if (!('privateKey' in pair)) throw new Error(`${kind} makes no pair`);
  return { kind, publicKey: pair.publicKey, privateKey: pair.privateKey };
}

/** What @peculiar/x509 signs a certificate or a CRL with. */
export const signingAlgorithm = (kind: KeyKind): { name: string; hash: string } => ({
  name: parameters[kind].name,
  hash: parameters[kind].hash,
});

export async function pkcs8Of(keys: KeyPair): Promise<Uint8Array> {
  return new Uint8Array(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
}
