import { createHash, sign } from 'node:crypto';
import { readBitString, readDer } from '../../server/asn1/read.ts';
import { contextTag, Tag } from '../../server/asn1/tag.ts';
import {
  bitString,
  type Der,
  integer,
  nullValue,
  octetString,
  oid,
  sequence,
  tlv,
} from '../../server/asn1/write.ts';
import type { HashName } from '../../server/pki/algorithm.ts';
import { certIdOf } from '../../server/pki/ocsp-cert-id.ts';
import { type OcspResponse, parseOcspResponse } from '../../server/pki/ocsp-response.ts';
import { basicOcspResponse, ExtendedKeyUsage, ExtensionType } from '../../server/pki/oids.ts';
import * as pki from './authority.ts';

/** OCSP answers by hand-written DER, so that they can say what no responder would; tests state what differs. */

export const ocspPurpose = (purpose: string = ExtendedKeyUsage.ocspSigning): Der =>
  pki.extension(ExtensionType.extendedKeyUsage, sequence(oid(purpose)));

export const noCheck = pki.extension(ExtensionType.ocspNoCheck, nullValue());

/** A certificate that may answer for its issuer. */
export const respondingParty = (issuer: pki.Party, parts: pki.CertificateParts = {}): pki.Party =>
  pki.certify({
    subject: 'Responder',
    issuer,
    keyUsage: 0x80,
    extensions: [ocspPurpose(), noCheck],
    ...parts,
  });

export interface AnswerParts {
  readonly certificate: pki.Party;
  readonly issuer: pki.Party;
  /** Who signs; default the issuer. */
  readonly by?: pki.Party;
  readonly status?: 'good' | 'unknown' | { readonly revoked: string; readonly reason?: number };
  readonly thisUpdate?: string;
  readonly nextUpdate?: string | null;
  readonly producedAt?: string;
  readonly hash?: HashName;
  readonly nonce?: Uint8Array;
  /** Names the responder by SHA-1 of its key. */
  readonly byKey?: boolean;
  /** Embedded; default the responder when it is not the issuer. */
  readonly certificates?: readonly pki.Party[];
  readonly extensions?: readonly Der[];
  readonly singleExtensions?: readonly Der[];
  /** Whose key signs instead. */
  readonly key?: pki.Party;
}

/** DER of an OCSPResponse with status 0. */
export function ocspAnswer(parts: AnswerParts): Der {
  const { issuer, by = issuer } = parts;
  const extensions = [
    ...(parts.nonce ? [pki.extension(ExtensionType.ocspNonce, octetString(parts.nonce))] : []),
    ...(parts.extensions ?? []),
  ];
  const data = sequence(
    responderId(by, parts.byKey === true),
    time(parts.producedAt ?? parts.thisUpdate ?? '2026-05-31T12:00:00Z'),
    sequence(singleResponse(parts)),
    ...(extensions.length > 0 ? [tlv(contextTag(1), sequence(...extensions))] : []),
  );
  const certificates = parts.certificates ?? (by === issuer ? [] : [by]);
  const basic = sequence(
    data,
    sequence(oid('1.2.840.10045.4.3.2')),
    bitString(sign('sha256', data, (parts.key ?? by).privateKey)),
    ...(certificates.length > 0
      ? [tlv(contextTag(0), sequence(...certificates.map(({ certificate }) => certificate.der)))]
      : []),
  );
  return sequence(
    tlv(Tag.enumerated, Uint8Array.of(0)),
    tlv(contextTag(0), sequence(oid(basicOcspResponse), octetString(basic))),
  );
}

export const ocspResponse = (parts: AnswerParts): OcspResponse => parseOcspResponse(ocspAnswer(parts));

/** DER of a response without an answer: 1 malformedRequest, 2 internalError, 3 tryLater, 5 sigRequired, 6 unauthorized. */
export const ocspRefusal = (status: number): Der => sequence(tlv(Tag.enumerated, Uint8Array.of(status)));

function singleResponse(parts: AnswerParts): Der {
  const { certificate, issuer, hash = 'SHA-1', singleExtensions = [] } = parts;
  const nextUpdate = parts.nextUpdate === undefined ? '2026-06-07T00:00:00Z' : parts.nextUpdate;
  return sequence(
    certIdOf(certificate.certificate, issuer.certificate, hash),
    certStatus(parts.status ?? 'good'),
    time(parts.thisUpdate ?? '2026-05-31T12:00:00Z'),
    ...(nextUpdate === null ? [] : [tlv(contextTag(0), time(nextUpdate))]),
    ...(singleExtensions.length > 0 ? [tlv(contextTag(1), sequence(...singleExtensions))] : []),
  );
}

function certStatus(status: NonNullable<AnswerParts['status']>): Der {
  if (status === 'good') return tlv(contextTag(0, false));
  if (status === 'unknown') return tlv(contextTag(2, false));
  const reason =
    status.reason === undefined
      ? []
      : [tlv(contextTag(0), tlv(Tag.enumerated, Uint8Array.of(status.reason)))];
  return tlv(contextTag(1), time(status.revoked), ...reason);
}

function responderId({ certificate, name }: pki.Party, byKey: boolean): Der {
  if (!byKey) return tlv(contextTag(1), name);
  const bits = readBitString(readDer(certificate.spki).at(1)).bytes;
  return tlv(contextTag(2), octetString(createHash('sha1').update(bits).digest()));
}

/** OCSP knows GeneralizedTime only. */
const time = (text: string): Der =>
  tlv(Tag.generalizedTime, Buffer.from(new Date(text).toISOString().replace(/[-:T]|\.\d+/g, ''), 'latin1'));

/** An archive cutoff (RFC 6960 4.4.4). */
export const archiveCutoff = (text: string): Der =>
  pki.extension(ExtensionType.ocspArchiveCutoff, time(text));

export const criticalUnknown = pki.extension('1.2.3', integer(1), true);
