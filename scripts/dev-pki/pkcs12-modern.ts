import { createCipheriv, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { integer, nullValue, octetString, oid, sequence } from '../../server/asn1/write.ts';
import type { Encrypted, Pkcs12Protection } from './pkcs12.ts';

const derive = promisify(pbkdf2);
const ITERATIONS = 10_000;

/** As OpenSSL 3 writes it: PBES2 with AES-256-CBC and PBKDF2-HMAC-SHA-256 for both parts, HMAC-SHA-256 over them. */
export const modernProtection: Pkcs12Protection = {
  encryptKey: encrypt,
  encryptCertificates: encrypt,
  macHash: { name: 'sha256', oid: '2.16.840.1.101.3.4.2.1' },
  macIterations: ITERATIONS,
};

/** PBES2 (RFC 8018 6.2); the passphrase is taken as UTF-8. */
async function encrypt(plain: Uint8Array, passphrase: string): Promise<Encrypted> {
  const salt = randomBytes(16);
  const iv = randomBytes(16);
  const key = await derive(passphrase, salt, ITERATIONS, 32, 'sha256');
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const prf = sequence(oid('1.2.840.113549.2.9'), nullValue());
  const pbkdf2Parameters = sequence(octetString(salt), integer(ITERATIONS), prf);
  const algorithm = sequence(
    oid('1.2.840.113549.1.5.13'),
    sequence(
      sequence(oid('1.2.840.113549.1.5.12'), pbkdf2Parameters),
      sequence(oid('2.16.840.1.101.3.4.1.42'), octetString(iv)),
    ),
  );
  return { algorithm, bytes: Buffer.concat([cipher.update(plain), cipher.final()]) };
}
