import { assembleSignedData, signedAttributes } from '../cms/build-signed-data.ts';
import { digestOf } from '../cms/digest.ts';
import { signatureTimeStampAttribute } from '../cms/signature-time-stamp.ts';
import type { Certificate } from '../pki/certificate.ts';
import { longestSignature, type SigningAlgorithm } from './choose-algorithm.ts';

/** A certificate signs in the same way again and again: its sizes by algorithm, chain and room for a token. */
const known = new WeakMap<Certificate, Map<string, number>>();

/** The size of a CMS with all its parts and the longest possible signature value (a dry run), in octets. */
export function largestCms(
  certificate: Certificate,
  chain: readonly Certificate[],
  algorithm: SigningAlgorithm,
  tokenSize = 0,
): number {
  const sizes = known.get(certificate) ?? new Map<string, number>();
  known.set(certificate, sizes);
  const { scheme, digestAlgorithm } = algorithm;
  const key = [scheme, digestAlgorithm, tokenSize, ...chain.map(({ fingerprint }) => fingerprint)].join(' ');
  const size = sizes.get(key) ?? dryRun(certificate, chain, algorithm, tokenSize);
  sizes.set(key, size);
  return size;
}

function dryRun(
  certificate: Certificate,
  chain: readonly Certificate[],
  algorithm: SigningAlgorithm,
  tokenSize: number,
): number {
  const contentDigest = digestOf(algorithm.digestAlgorithm);
  const unsignedAttributes = tokenSize > 0 ? [signatureTimeStampAttribute(Buffer.alloc(tokenSize))] : [];
  const options = { ...algorithm, contentDigest, certificate, chain, unsignedAttributes };
  const value = Buffer.alloc(longestSignature(certificate));
  return assembleSignedData(options, signedAttributes(options), value).length;
}
