import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdf,
  randomBytes,
  type ScryptOptions,
  scrypt,
} from 'node:crypto';
import { promisify } from 'node:util';
import { SigningError } from './errors.ts';

const stretch = promisify<string, Uint8Array, number, ScryptOptions, Buffer>(scrypt);
const expand = promisify(hkdf);

/** Cost of one guess of a PIN (RFC 7914 2): N = 2^15 and r = 8 take 32 MiB and about 70 ms. */
export interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}
export const defaultCost: ScryptCost = { N: 2 ** 15, r: 8, p: 1 };

/** A private key at rest. Everything but `format` and `cost` is base64. */
export interface SealedKey {
  readonly format: 1;
  readonly cost: ScryptCost;
  readonly salt: string;
  readonly nonce: string;
  readonly tag: string;
  readonly ciphertext: string;
  /** Which server key it was sealed under; tells a lost server key from a wrong PIN. */
  readonly serverKeyId: string;
}

/** What is sealed with the key and must be the same when it is opened. */
export interface SealContext {
  readonly serverKey: Uint8Array;
  readonly pin: string;
  /** Row and certificate the key belongs to, so that sealed keys cannot be swapped between rows. */
  readonly binding: string;
}

/** Encrypts a PKCS#8 key under the server key and the holder's PIN together: neither opens it alone. */
export async function sealKey(pkcs8: Uint8Array, context: SealContext, cost: ScryptCost): Promise<SealedKey> {
  const salt = randomBytes(16);
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', await deriveKey(context, salt, cost), nonce);
  cipher.setAAD(associatedData(context.binding));
  const ciphertext = Buffer.concat([cipher.update(pkcs8), cipher.final()]);
  return {
    format: 1,
    cost,
    salt: salt.toString('base64'),
    nonce: nonce.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    ciphertext: ciphertext.toString('base64'),
    serverKeyId: serverKeyId(context.serverKey),
  };
}

/**
 * Gives the PKCS#8 key back; undefined when the PIN is wrong. The caller wipes the buffer after use.
 * @throws SigningError `signing.server_key_mismatch`
 */
export async function unsealKey(sealed: SealedKey, context: SealContext): Promise<Buffer | undefined> {
  if (sealed.serverKeyId !== serverKeyId(context.serverKey)) {
    throw new SigningError('signing.server_key_mismatch', 'sealed under another server key');
  }
  const bytes = (text: string): Buffer => Buffer.from(text, 'base64');
  const key = await deriveKey(context, bytes(sealed.salt), sealed.cost);
  const decipher = createDecipheriv('aes-256-gcm', key, bytes(sealed.nonce), { authTagLength: 16 });
  decipher.setAAD(associatedData(context.binding));
  decipher.setAuthTag(bytes(sealed.tag));
  const opened = decipher.update(bytes(sealed.ciphertext));
  try {
    decipher.final();
    return opened;
  } catch {
    opened.fill(0);
    return undefined;
  }
}

/** The PIN made expensive to guess (scrypt), then mixed with the server key (HKDF, RFC 5869). */
async function deriveKey(
  { serverKey, pin }: SealContext,
  salt: Uint8Array,
  cost: ScryptCost,
): Promise<Buffer> {
  const stretched = await stretch(pin.normalize('NFC'), salt, 32, {
    ...cost,
    maxmem: 2 ** 20 + 256 * cost.N * cost.r,
  });
  const mixed = Buffer.concat([serverKey, stretched]);
  return Buffer.from(await expand('sha256', mixed, salt, 'anso key store 1', 32));
}

const associatedData = (binding: string): Buffer => Buffer.from(`anso key 1\n${binding}`);

/** Names a server key without telling anything about it. */
const serverKeyId = (serverKey: Uint8Array): string =>
  createHmac('sha256', serverKey).update('anso server key id').digest('hex').slice(0, 16);
