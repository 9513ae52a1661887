import { createHash, randomBytes, sign } from 'node:crypto';
import { readDer, readInteger, readOctetString, readOid } from '../../server/asn1/read.ts';
import { contextTag, Tag } from '../../server/asn1/tag.ts';
import {
  bitString,
  type Der,
  integer,
  octetString,
  oid,
  sequence,
  setOf,
  tlv,
  utf8String,
} from '../../server/asn1/write.ts';
import { issuerAndSerial } from '../../server/cms/issuer-and-serial.ts';
import { Oid } from '../../server/cms/oids.ts';
import type { Imprint, TimeStamper } from '../../server/evidence/ports.ts';
import { hashByOid, hashOid } from '../../server/pki/algorithm.ts';
import { ExtendedKeyUsage, ExtensionType } from '../../server/pki/oids.ts';
import * as pki from '../pki/authority.ts';

/** An authority of our own that stamps as RFC 3161 says, or lies as told: what tests of a client need. */

/** A certificate that may stamp; tests state what differs. */
export const stampingParty = (issuer: pki.Party, parts: pki.CertificateParts = {}): pki.Party =>
  pki.certify({ subject: 'TSA', issuer, keyUsage: 0xc0, extensions: [stampingPurpose()], ...parts });

export const stampingPurpose = (
  purposes: readonly string[] = [ExtendedKeyUsage.timeStamping],
  critical = true,
): Der => pki.extension(ExtensionType.extendedKeyUsage, sequence(...purposes.map(oid)), critical);

export interface Question {
  /** DER of the MessageImprint. */
  readonly imprint: Uint8Array;
  readonly nonce?: bigint;
  readonly policy?: string;
}

/** Reads a TimeStampReq (RFC 3161 2.4.1). */
export function readQuestion(bytes: Uint8Array): Question {
  const [, imprint, ...rest] = readDer(bytes).expect(Tag.sequence).children;
  if (!imprint) throw new Error('a request without imprint');
  const nonce = rest.find(({ tag }) => tag === Tag.integer);
  const policy = rest.find(({ tag }) => tag === Tag.oid);
  const algorithm = hashByOid(readOid(imprint.at(0).at(0)));
  if (!algorithm || readOctetString(imprint.at(1)).length === 0) throw new Error('a bad imprint');
  return {
    imprint: imprint.bytes,
    ...(nonce && { nonce: readInteger(nonce) }),
    ...(policy && { policy: readOid(policy) }),
  };
}

export const imprintOf = ({ digestAlgorithm, digest }: Imprint): Der =>
  sequence(sequence(oid(hashOid(digestAlgorithm))), octetString(digest));

/** How a token differs from a good one. */
export interface Lies {
  readonly time?: Date;
  /** DER of another MessageImprint. */
  readonly imprint?: Uint8Array;
  /** Another nonce; null leaves it out. */
  readonly nonce?: bigint | null;
  readonly policy?: string;
  readonly accuracySeconds?: number;
  /** The attribute that names the certificate, by default version 2. */
  readonly names?: 'v1' | 'v2' | 'nobody' | pki.Party;
  readonly contentType?: string;
  /** Certificates in the token beside the authority's; `alone: false` leaves that one out too. */
  readonly chain?: readonly pki.Party[];
  readonly withoutCertificate?: boolean;
  /** Whose key signs. */
  readonly key?: pki.Party;
  /** Signs something else than it says. */
  readonly falseDigest?: boolean;
}

/** A token (RFC 3161 2.4.2) that answers the question, apart from the lies. */
export function tokenFor(party: pki.Party, question: Question, lies: Lies = {}): Der {
  const nonce = lies.nonce === undefined ? question.nonce : (lies.nonce ?? undefined);
  const info = sequence(
    integer(1),
    oid(lies.policy ?? question.policy ?? '1.2.3.4'),
    lies.imprint ?? question.imprint,
    integer(randomBytes(8).readBigUInt64BE()),
    tlv(Tag.generalizedTime, Buffer.from(generalizedTime(lies.time ?? new Date()))),
    ...(lies.accuracySeconds === undefined ? [] : [sequence(integer(lies.accuracySeconds))]),
    ...(nonce === undefined ? [] : [integer(nonce)]),
  );
  const digest = createHash('sha256')
    .update(lies.falseDigest ? 'other' : info)
    .digest();
  const attributes = setOf([
    attribute(Oid.contentType, oid(lies.contentType ?? Oid.tstInfo)),
    attribute(Oid.messageDigest, octetString(digest)),
    ...signingCertificate(party, lies.names ?? 'v2'),
  ]);
  const implicit = Buffer.from(attributes);
  implicit[0] = contextTag(0);
  const { issuer, serial } = issuerAndSerial(party.certificate.der);
  const signer = sequence(
    integer(1),
    sequence(issuer, serial),
    SHA256,
    implicit,
    ECDSA_SHA256,
    octetString(sign('sha256', attributes, (lies.key ?? party).privateKey)),
  );
  const certificates = [...(lies.withoutCertificate ? [] : [party]), ...(lies.chain ?? [])];
  return sequence(
    oid(Oid.signedData),
    tlv(
      contextTag(0),
      sequence(
        integer(3),
        setOf([SHA256]),
        sequence(oid(Oid.tstInfo), tlv(contextTag(0), octetString(info))),
        tlv(contextTag(0), ...certificates.map(({ certificate }) => certificate.der)),
        setOf([signer]),
      ),
    ),
  );
}

/** A TimeStampResp that grants the token. */
export const granted = (token: Uint8Array): Der => sequence(sequence(integer(0)), token);

/** One that does not; `bit` of PKIFailureInfo. */
export const rejected = (status = 2, bit?: number, text?: string): Der =>
  sequence(
    sequence(
      integer(status),
      ...(text === undefined ? [] : [sequence(utf8String(text))]),
      ...(bit === undefined ? [] : [failure(bit)]),
    ),
  );

function failure(bit: number): Der {
  const octets = new Uint8Array((bit >> 3) + 1);
  octets[bit >> 3] = 0x80 >> (bit & 7);
  return bitString(octets, 7 - (bit & 7));
}

/** A time stamper without any network, for tests that only need tokens. */
export function localTimeStamper(
  party: pki.Party,
  { chain = [], now = () => new Date(), ...lies }: Lies & { readonly now?: () => Date } = {},
): TimeStamper {
  return {
    stamp: async (imprint) => {
      const time = new Date(Math.floor(now().getTime() / 1000) * 1000);
      const token = tokenFor(party, { imprint: imprintOf(imprint) }, { time, chain, ...lies });
      return {
        token,
        time,
        certificate: party.certificate,
        chain: chain.map(({ certificate }) => certificate),
      };
    },
    tokenSize: async () =>
      tokenFor(
        party,
        { imprint: imprintOf({ digestAlgorithm: 'SHA-512', digest: randomBytes(64) }) },
        { chain },
      ).length + 64,
  };
}

const SHA256 = sequence(oid(hashOid('SHA-256')));
const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));

const attribute = (type: string, value: Der): Der => sequence(oid(type), setOf([value]));

/** With fractions of seconds where there are any (RFC 3161 2.4.2), no trailing zeros. */
const generalizedTime = (time: Date): string =>
  time
    .toISOString()
    .replace(/[-:T]/g, '')
    .replace(/\.?0*Z$/, 'Z');

function signingCertificate(party: pki.Party, names: NonNullable<Lies['names']>): Der[] {
  if (names === 'nobody') return [];
  const { der } = (typeof names === 'string' ? party : names).certificate;
  const hash = (algorithm: string): Der => octetString(createHash(algorithm).update(der).digest());
  return names === 'v1'
    ? [attribute(Oid.signingCertificate, sequence(sequence(sequence(hash('sha1')))))]
    : [attribute(Oid.signingCertificateV2, sequence(sequence(sequence(hash('sha256')))))];
}
