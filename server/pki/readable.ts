import type { KeyObject } from 'node:crypto';
import { Asn1Error } from '../asn1/errors.ts';
import { type Certificate, parseCertificate } from './certificate.ts';
import { PkiError } from './errors.ts';

/** What `read` gives, in a list; an empty one when it is no certificate, CRL or response that can be read. */
export function readable<T>(read: () => T): readonly T[] {
  try {
    return [read()];
  } catch (error) {
    if (error instanceof PkiError || error instanceof Asn1Error) return [];
    throw error;
  }
}

/** Those of the certificates that can be read. */
export const readableCertificates = (ders: readonly Uint8Array[]): readonly Certificate[] =>
  ders.flatMap((der) => readable(() => parseCertificate(der)));

/** The public key; undefined for one that is not supported (a DSA key that inherits its parameters among them). */
export const keyOf = (certificate: Certificate): KeyObject | undefined =>
  readable(() => certificate.publicKey)[0];
