import { type Certificate, parseCertificate } from '../pki/certificate.ts';
import { CertificatePool, type TrustAnchor } from '../pki/certificate-pool.ts';
import { type Crl, parseCrl } from '../pki/crl.ts';
import { PkiError } from '../pki/errors.ts';
import { AttributeType } from '../pki/oids.ts';
import data from './trust-families.json' with { type: 'json' };

/** What is trusted (anchors) and what only helps to get there (pool, CRLs). */
export interface TrustStore {
  readonly anchors: readonly TrustAnchor[];
  readonly pool: CertificatePool;
  readonly crls: readonly Crl[];
}

export interface TrustBytes {
  /** DER of certificates and CRLs. */
  readonly anchors: readonly Uint8Array[];
  readonly intermediates: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
}

export type TrustFamily = (typeof data.families)[number];

/** Lists of bytes that were parsed already: CRLs can be large, and the lists stay the same until a file changes. */
const pools = new WeakMap<readonly Uint8Array[], readonly Certificate[]>();
const lists = new WeakMap<readonly Uint8Array[], readonly Crl[]>();

/**
 * The store made of configured bytes; the same list of bytes is parsed once. What cannot be read is left out: an anchor
 * that is missing makes a verdict uncertain, never wrong.
 */
export function trustStore({ anchors, intermediates, crls }: TrustBytes): TrustStore {
  const roots = once(pools, anchors, parseCertificate);
  return {
    anchors: roots.map(anchorOf),
    pool: new CertificatePool([...roots, ...once(pools, intermediates, parseCertificate)]),
    crls: once(lists, crls, parseCrl),
  };
}

function once<T>(
  known: WeakMap<readonly Uint8Array[], readonly T[]>,
  bytes: readonly Uint8Array[],
  parse: (der: Uint8Array) => T,
): readonly T[] {
  const before = known.get(bytes);
  if (before) return before;
  const parsed = bytes.flatMap((der) => readable(() => parse(der)));
  known.set(bytes, parsed);
  return parsed;
}

export const emptyTrustStore: TrustStore = { anchors: [], pool: new CertificatePool(), crls: [] };

/** The family whose root the anchor is, by the dated table; an anchor of the agency's own has none. */
function anchorOf(certificate: Certificate): TrustAnchor {
  const name = certificate.subject.last(AttributeType.commonName)?.normalize('NFC').toLowerCase();
  const family = data.families.find(({ rootNames }) => rootNames.some((root) => root.toLowerCase() === name));
  return { certificate, ...(family && { family: family.id }) };
}

export const trustFamily = (id: string | undefined): TrustFamily | undefined =>
  data.families.find((family) => family.id === id);

function readable<T>(read: () => T): readonly T[] {
  try {
    return [read()];
  } catch (error) {
    if (error instanceof PkiError) return [];
    throw error;
  }
}
