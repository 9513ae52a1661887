import { type Der, oid, sequence, setOf } from '../asn1/write.ts';
import { Oid } from './oids.ts';

/** The unsigned attribute id-aa-signatureTimeStampToken (EN 319 122-1 5.3): a token (DER) over the signature value. */
export const signatureTimeStampAttribute = (token: Uint8Array): Der =>
  sequence(oid(Oid.signatureTimeStamp), setOf([Buffer.from(token)]));
