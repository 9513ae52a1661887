/** Every value once, in order: the state before the key. */
const START = Uint8Array.from({ length: 256 }, (_, i) => i);

/**
 * RC4, which OpenSSL 3 no longer offers by default and old encrypted files (ISO 32000-2 7.6.3.1) cannot be read without.
 * Encrypting and decrypting are the same. Written as plain loops: it runs over whole pictures.
 */
export function rc4(key: Uint8Array, data: Uint8Array): Buffer {
  const state = START.slice();
  for (let i = 0, j = 0; i < 256; i++) {
    const value = state[i] ?? 0;
    j = (j + value + (key[i % key.length] ?? 0)) & 0xff;
    state[i] = state[j] ?? 0;
    state[j] = value;
  }
  const out = Buffer.allocUnsafe(data.length);
  for (let n = 0, i = 0, j = 0; n < data.length; n++) {
    i = (i + 1) & 0xff;
    const value = state[i] ?? 0;
    j = (j + value) & 0xff;
    const other = state[j] ?? 0;
    state[i] = other;
    state[j] = value;
    out[n] = (data[n] ?? 0) ^ (state[(value + other) & 0xff] ?? 0);
  }
  return out;
}
