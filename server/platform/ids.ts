import { createHash, randomBytes } from 'node:crypto';

/** A UUIDv7 (RFC 9562 5.7): 48 bits of `time` in milliseconds, then 74 random bits, so ids sort by creation. */
export function newId(time: Date = new Date()): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(time.getTime(), 0, 6);
  return asUuid(bytes, 0x70);
}

/**
 * A UUIDv8 (RFC 9562 5.8) that is a digest of `parts`: the same request gives the same id, so a repeated insert
 * is recognised as the first one.
 */
export function idFrom(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return asUuid(hash.digest().subarray(0, 16), 0x80);
}

function asUuid(bytes: Buffer, version: number): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | version;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
