import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { PdfError } from '../errors.ts';
import type { PdfRef } from '../objects.ts';
import { rc4 } from './rc4.ts';

/** What a crypt filter does (ISO 32000-2 table 25): nothing, /V2, /AESV2, /AESV3. */
export type CryptMethod = 'identity' | 'rc4' | 'aes-128' | 'aes-256';

const BLOCK = 16;

/** The key for the strings and the stream of one object (7.6.3.1, algorithm 1; 7.6.3.3, algorithm 1.A). */
export function objectKey(
  method: CryptMethod,
  fileKey: Uint8Array,
  { number, generation }: PdfRef,
): Uint8Array {
  if (method === 'aes-256') return fileKey;
  const place = Buffer.alloc(5);
  place.writeUIntLE(number % 2 ** 24, 0, 3);
  place.writeUIntLE(generation & 0xffff, 3, 2);
  const hash = createHash('md5').update(fileKey).update(place);
  if (method === 'aes-128') hash.update('sAlT');
  return hash.digest().subarray(0, Math.min(fileKey.length + 5, 16));
}

/**
 * Data as it was before it was encrypted with the key of its object.
 * @throws PdfError `pdf.encryption_invalid` for AES data that is no initialization vector and whole, padded blocks.
 */
export function decryptBytes(method: CryptMethod, key: Uint8Array, data: Uint8Array): Uint8Array {
  // Writers leave what is empty empty, without the vector and the padding.
  if (method === 'identity' || data.length === 0) return data;
  if (method === 'rc4') return rc4(key, data);
  try {
    const decipher = createDecipheriv(cipherName(method), key, data.subarray(0, BLOCK));
    return Buffer.concat([decipher.update(data.subarray(BLOCK)), decipher.final()]);
  } catch (cause) {
    throw new PdfError('pdf.encryption_invalid', 'encrypted data that cannot be decrypted', { cause });
  }
}

/** Data as it stands in the file; `vector` gives the 16 bytes AES begins with, and is not asked by other methods. */
export function encryptBytes(
  method: CryptMethod,
  key: Uint8Array,
  data: Uint8Array,
  vector: () => Uint8Array,
): Uint8Array {
  if (method === 'identity') return data;
  if (method === 'rc4') return rc4(key, data);
  const start = vector();
  const cipher = createCipheriv(cipherName(method), key, start);
  return Buffer.concat([start, cipher.update(data), cipher.final()]);
}

const cipherName = (method: 'aes-128' | 'aes-256'): string => `${method}-cbc`;
