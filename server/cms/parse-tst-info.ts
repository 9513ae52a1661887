import { Asn1Error } from '../asn1/errors.ts';
import { readDer, readInteger, readOctetString, readOid, readTime } from '../asn1/read.ts';
import { contextTag, Tag } from '../asn1/tag.ts';
import { type DigestAlgorithm, readDigestAlgorithm } from './digest.ts';
import { CmsError } from './errors.ts';

/** What a time-stamp authority states (RFC 3161 2.4.2). */
export interface TstInfo {
  readonly policy: string;
  readonly imprint: DigestAlgorithm & { readonly digest: Uint8Array };
  readonly serial: bigint;
  readonly time: Date;
  /** Greatest deviation of `time`; absent when not stated. */
  readonly accuracyMilliseconds?: number;
  readonly nonce?: bigint;
}

/**
 * Reads the encapsulated content of a time-stamp token (content type `1.2.840.113549.1.9.16.1.4`).
 * @throws CmsError `cms.malformed`.
 */
export function parseTstInfo(bytes: Uint8Array): TstInfo {
  try {
    const [version, policy, imprint, serial, time, ...optional] = readDer(bytes, { ber: true }).expect(
      Tag.sequence,
    ).children;
    if (!version || !policy || !imprint || !serial || !time) {
      throw new CmsError('cms.malformed', 'a TSTInfo lacks a part');
    }
    const nonce = optional.find(({ tag }) => tag === Tag.integer);
    const accuracy = optional.find(({ tag }) => tag === Tag.sequence);
    return {
      policy: readOid(policy),
      imprint: { ...readDigestAlgorithm(imprint.at(0)), digest: readOctetString(imprint.at(1)) },
      serial: readInteger(serial),
      time: readTime(time.expect(Tag.generalizedTime)),
      ...(accuracy && { accuracyMilliseconds: readAccuracy(accuracy.children) }),
      ...(nonce && { nonce: readInteger(nonce) }),
    };
  } catch (error) {
    if (error instanceof Asn1Error) throw new CmsError('cms.malformed', error.message, { cause: error });
    throw error;
  }
}

/** Seconds, `[0]` milliseconds and `[1]` microseconds, rounded up. */
function readAccuracy(parts: readonly { readonly tag: number; readonly content: Uint8Array }[]): number {
  const number = (tag: number): number =>
    Number(`0x0${Buffer.from(parts.find((part) => part.tag === tag)?.content ?? []).toString('hex')}`);
  const milliseconds = number(Tag.integer) * 1000 + number(contextTag(0, false));
  return milliseconds + Math.ceil(number(contextTag(1, false)) / 1000);
}
