import { sign } from 'node:crypto';
import { readDer } from '../../server/asn1/read.ts';
import { contextTag } from '../../server/asn1/tag.ts';
import { bitString, integer, octetString, oid, sequence, time, tlv } from '../../server/asn1/write.ts';
import { type Identity, keyIdentifierOf, signatureOf } from './identities.ts';

export interface CrlParts {
  readonly serials: readonly number[];
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
}

/** A complete CRL (RFC 5280 5). */
export function makeCrl(issuer: Identity, { serials, thisUpdate, nextUpdate }: CrlParts): Uint8Array {
  const { identifier: algorithm, digest } = signatureOf(issuer.privateKey);
  const entries = serials.map((serial) => sequence(integer(serial), time(thisUpdate)));
  const keyIdentifier = sequence(tlv(contextTag(0, false), keyIdentifierOf(issuer.publicKey)));
  const tbs = sequence(
    integer(1),
    algorithm,
    readDer(issuer.der).at(0).at(5).bytes,
    time(thisUpdate),
    time(nextUpdate),
    ...(entries.length > 0 ? [sequence(...entries)] : []),
    tlv(
      contextTag(0),
      sequence(
        sequence(oid('2.5.29.35'), octetString(keyIdentifier)),
        sequence(oid('2.5.29.20'), octetString(integer(1))),
      ),
    ),
  );
  return sequence(tbs, algorithm, bitString(sign(digest, tbs, issuer.privateKey)));
}
