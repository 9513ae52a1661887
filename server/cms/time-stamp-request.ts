import { boolean, type Der, integer, nullValue, octetString, oid, sequence } from '../asn1/write.ts';
import { hashOid } from '../pki/algorithm.ts';
import type { SigningHash } from './build-signed-data.ts';

/** The media type of {@link timeStampRequest} over HTTP (RFC 3161 3.4). */
export const timeStampQuery = 'application/timestamp-query';

export interface TimeStampRequest {
  readonly digestAlgorithm: SigningHash;
  /** Digest of what is stamped. */
  readonly digest: Uint8Array;
  /** Binds the answer to this question; not negative. */
  readonly nonce?: bigint;
  /** The policy wanted, dotted decimal; without it the authority chooses. */
  readonly policy?: string;
}

/** DER of a TimeStampReq (RFC 3161 2.4.1) that asks for the authority's certificate inside the token. */
export function timeStampRequest({ digestAlgorithm, digest, nonce, policy }: TimeStampRequest): Der {
  // NULL parameters, which RFC 5754 2 leaves to the writer: some authorities refuse their absence.
  const algorithm = sequence(oid(hashOid(digestAlgorithm)), nullValue());
  return sequence(
    VERSION_1,
    sequence(algorithm, octetString(digest)),
    ...(policy === undefined ? [] : [oid(policy)]),
    ...(nonce === undefined ? [] : [integer(nonce)]),
    CERT_REQ,
  );
}

const VERSION_1 = integer(1);
const CERT_REQ = boolean(true);
