import { createCipheriv, randomBytes } from 'node:crypto';
import forge from 'node-forge';
import { integer, octetString, oid, sequence } from '../../server/asn1/write.ts';
import type { Encrypted, Pkcs12Protection } from './pkcs12.ts';

const ITERATIONS = 2048;

/**
 * As Windows and OpenSSL before 3 wrote it (RFC 7292 appendix C): certificates under RC2-40, the key under 3DES,
 * HMAC-SHA-1. It exists so that reading such files stays tested; OpenSSL 3 reads them through its legacy provider only.
 */
export const legacyProtection: Pkcs12Protection = {
  encryptKey: async (plain, passphrase) => {
    const salt = randomBytes(8);
    const cipher = createCipheriv(
      'des-ede3-cbc',
      derive(passphrase, salt, 1, 24),
      derive(passphrase, salt, 2, 8),
    );
    const bytes = Buffer.concat([cipher.update(plain), cipher.final()]);
    return encrypted('1.2.840.113549.1.12.1.3', salt, bytes);
  },
  // OpenSSL 3 has no RC2 without its legacy provider, so forge does it.
  encryptCertificates: async (plain, passphrase) => {
    const salt = randomBytes(8);
    const cipher = forge.rc2.createEncryptionCipher(binary(derive(passphrase, salt, 1, 5)), 40);
    cipher.start(binary(derive(passphrase, salt, 2, 8)));
    cipher.update(forge.util.createBuffer(binary(plain)));
    cipher.finish();
    const bytes = Buffer.from(cipher.output.getBytes(), 'latin1');
    return encrypted('1.2.840.113549.1.12.1.6', salt, bytes);
  },
  macHash: { name: 'sha1', oid: '1.3.14.3.2.26' },
  macIterations: ITERATIONS,
};

/** RFC 7292 appendix B: purpose 1 gives a key, 2 an initialisation vector. */
function derive(passphrase: string, salt: Uint8Array, purpose: 1 | 2, length: number): Buffer {
  const buffer = forge.util.createBuffer(binary(salt));
  const key = forge.pkcs12.generateKey(passphrase, buffer, purpose, ITERATIONS, length);
  return Buffer.from(key.getBytes(), 'latin1');
}

function encrypted(algorithm: string, salt: Uint8Array, bytes: Uint8Array): Encrypted {
  return { algorithm: sequence(oid(algorithm), sequence(octetString(salt), integer(ITERATIONS))), bytes };
}

const binary = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
