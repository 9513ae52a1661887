import { type Node, readOid } from '../asn1/read.ts';
import { Tag } from '../asn1/tag.ts';
import { cryptoHash, type HashName, hashByOid, hasher } from '../pki/algorithm.ts';
import { CmsError } from './errors.ts';

export interface DigestAlgorithm {
  readonly oid: string;
  /** Undefined: none we can compute. */
  readonly hash?: HashName;
}

/** Reads the AlgorithmIdentifier of a digest. @throws Asn1Error on a wrong shape. */
export function readDigestAlgorithm(identifier: Node): DigestAlgorithm {
  const oid = readOid(identifier.expect(Tag.sequence).at(0));
  const hash = hashByOid(oid);
  return hash && cryptoHash(hash) ? { oid, hash } : { oid };
}

/** Digest of the chunks, in order. @throws CmsError `cms.unsupported_algorithm` */
export function digestOf(hash: HashName, ...chunks: readonly Uint8Array[]): Uint8Array {
  const digest = hasher(hash);
  if (!digest) throw new CmsError('cms.unsupported_algorithm', `digest ${hash}`);
  for (const chunk of chunks) digest.update(chunk);
  return digest.digest();
}
