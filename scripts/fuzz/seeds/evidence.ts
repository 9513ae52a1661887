import { parseCertificate } from '../../../server/pki/certificate.ts';
import type { SeedFile } from '../fuzz-case.ts';
import data from './evidence.json' with { type: 'json' };

/**
 * What authorities answered once: signed with ECDSA, whose signatures are never the same twice, and therefore written down.
 * The OCSP answers are of 2026-05-31 about `certificate`; the time stamp is over SHA-256 of `x`, with the nonce 5.
 */
const read = (base64: string): Buffer => Buffer.from(base64, 'base64');

export const issuer = parseCertificate(read(data.issuer));
export const certificate = parseCertificate(read(data.certificate));

export const evidenceSeeds: readonly SeedFile[] = Object.entries(data.answers).map(([name, text]) => ({
  name,
  bytes: read(text),
}));
