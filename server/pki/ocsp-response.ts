import { createHash } from 'node:crypto';
import { Asn1Error } from '../asn1/errors.ts';
import {
  type Node,
  readBitString,
  readDer,
  readInteger,
  readOctetString,
  readOid,
  readTime,
} from '../asn1/read.ts';
import { contextTag, Tag } from '../asn1/tag.ts';
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from './algorithm.ts';
import type { Certificate } from './certificate.ts';
import { type RevocationReason, readReason } from './crl.ts';
import { PkiError } from './errors.ts';
import { type Extension, readExtensions } from './extensions.ts';
import { type Name, readName } from './name.ts';
import { type CertId, readCertId } from './ocsp-cert-id.ts';
import { basicOcspResponse, ExtensionType } from './oids.ts';
import { readableCertificates } from './readable.ts';

/** OCSPResponseStatus of RFC 6960 4.2.1; 4 is not used. */
const STATUSES = [
  'successful',
  'malformedRequest',
  'internalError',
  'tryLater',
  undefined,
  'sigRequired',
  'unauthorized',
] as const;
export type OcspResponseStatus = Exclude<(typeof STATUSES)[number], undefined> | 'undefined';

/** What a responder says of one certificate (RFC 6960 4.2.1). */
export interface SingleResponse {
  readonly certId: CertId;
  readonly status: 'good' | 'revoked' | 'unknown';
  /** Of a revoked one. */
  readonly revoked?: { readonly date: Date; readonly reason: RevocationReason };
  readonly thisUpdate: Date;
  readonly nextUpdate?: Date;
  /** The responder remembers revocations of certificates that expired since (4.4.4). */
  readonly archiveCutoff?: Date;
  readonly hasUnknownCriticalExtension: boolean;
}

/** A BasicOCSPResponse, as it is; nothing in it is believed yet. */
export interface BasicOcspResponse {
  /** SHA-256 of the OCSPResponse, lower-case hex. */
  readonly fingerprint: string;
  /** The signed bytes (ResponseData). */
  readonly tbs: Uint8Array;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
  /** Who answers: a name, or SHA-1 of a public key. */
  readonly responder: { readonly name: Name } | { readonly keyHash: Uint8Array };
  readonly producedAt: Date;
  readonly responses: readonly SingleResponse[];
  /** Those brought along that can be read. */
  readonly certificates: readonly Certificate[];
  readonly nonce?: Uint8Array;
  readonly hasUnknownCriticalExtension: boolean;
}

/** An OCSP response (RFC 6960 4.2.1), immutable. */
export interface OcspResponse {
  readonly der: Uint8Array;
  /** SHA-256 of `der`, lower-case hex. */
  readonly fingerprint: string;
  readonly status: OcspResponseStatus;
  /** Present exactly when the status is `successful`. */
  readonly basic?: BasicOcspResponse;
}

/** A response speaks of the one certificate asked about; some speak of a few. */
const MAX_RESPONSES = 100;
/** A responder's chain. */
const MAX_CERTIFICATES = 5;

/** Reads one DER OCSPResponse. @throws PkiError `pki.malformed_ocsp` */
export function parseOcspResponse(der: Uint8Array): OcspResponse {
  try {
    const fingerprint = createHash('sha256').update(der).digest('hex');
    const [code, wrapped] = readDer(der).expect(Tag.sequence).children;
    if (!code) throw new Asn1Error('asn1.unexpected', 'no status');
    const status = STATUSES[Number(readInteger(code.expect(Tag.enumerated)))] ?? 'undefined';
    if (status !== 'successful') return { der, fingerprint, status };
    const responseBytes = wrapped?.expect(contextTag(0)).at(0).expect(Tag.sequence);
    if (!responseBytes) throw new Asn1Error('asn1.unexpected', 'successful without an answer');
    const type = readOid(responseBytes.at(0));
    if (type !== basicOcspResponse) throw new Asn1Error('asn1.unexpected', `response type ${type}`);
    const basic = readBasic(readDer(readOctetString(responseBytes.at(1))), fingerprint);
    return { der, fingerprint, status, basic };
  } catch (cause) {
    if (!(cause instanceof Asn1Error)) throw cause;
    throw new PkiError('pki.malformed_ocsp', `not an OCSP response: ${cause.message}`, { cause });
  }
}

function readBasic(node: Node, fingerprint: string): BasicOcspResponse {
  const [data, algorithm, signature, certificates] = node.expect(Tag.sequence).children;
  if (!data || !algorithm || !signature) throw new Asn1Error('asn1.unexpected', 'an incomplete response');
  const parts = [...data.expect(Tag.sequence).children];
  if (parts[0]?.tag === contextTag(0)) parts.shift();
  const [responder, producedAt, responses, wrapped] = parts;
  if (!responder || !producedAt || !responses) throw new Asn1Error('asn1.unexpected', 'an incomplete answer');
  if (responses.children.length > MAX_RESPONSES) throw new Asn1Error('asn1.unexpected', 'too many answers');
  const extensions = extensionsOf(wrapped);
  const nonce = extensions.get(ExtensionType.ocspNonce);
  const brought = certificates?.expect(contextTag(0)).at(0).children ?? [];
  return {
    fingerprint,
    tbs: data.bytes,
    signatureAlgorithm: readAlgorithmIdentifier(algorithm),
    signature: readBitString(signature).bytes,
    responder: readResponder(responder),
    producedAt: readTime(producedAt.expect(Tag.generalizedTime)),
    responses: responses.expect(Tag.sequence).children.map(readSingle),
    certificates: readableCertificates(brought.slice(0, MAX_CERTIFICATES).map(({ bytes }) => bytes)),
    ...(nonce && { nonce: readNonce(nonce.value) }),
    hasUnknownCriticalExtension: hasUnknownCritical(extensions),
  };
}

function readResponder(node: Node): BasicOcspResponse['responder'] {
  if (node.tag === contextTag(1)) return { name: readName(node.at(0).expect(Tag.sequence)) };
  return { keyHash: readOctetString(node.expect(contextTag(2)).at(0)) };
}

function readSingle(node: Node): SingleResponse {
  const [certId, status, thisUpdate, ...optional] = node.expect(Tag.sequence).children;
  if (!certId || !status || !thisUpdate) throw new Asn1Error('asn1.unexpected', 'an incomplete answer');
  const nextUpdate = optional.find(({ tag }) => tag === contextTag(0));
  const extensions = extensionsOf(optional.find(({ tag }) => tag === contextTag(1)));
  const cutoff = extensions.get(ExtensionType.ocspArchiveCutoff);
  return {
    certId: readCertId(certId),
    ...readStatus(status),
    thisUpdate: readTime(thisUpdate.expect(Tag.generalizedTime)),
    ...(nextUpdate && { nextUpdate: readTime(nextUpdate.at(0).expect(Tag.generalizedTime)) }),
    ...(cutoff && { archiveCutoff: readTime(readDer(cutoff.value)) }),
    hasUnknownCriticalExtension: hasUnknownCritical(extensions),
  };
}

/** CertStatus; `good` and `unknown` are NULL under implicit tags. */
function readStatus(node: Node): Pick<SingleResponse, 'status' | 'revoked'> {
  switch (node.tag) {
    case contextTag(0, false):
      return { status: 'good' };
    case contextTag(2, false):
      return { status: 'unknown' };
    default: {
      const [date, reason] = node.expect(contextTag(1)).children;
      if (!date) throw new Asn1Error('asn1.unexpected', 'a revocation without time');
      return {
        status: 'revoked',
        revoked: {
          date: readTime(date.expect(Tag.generalizedTime)),
          reason: reason ? readReason(reason.at(0)) : 'unspecified',
        },
      };
    }
  }
}

const extensionsOf = (wrapped: Node | undefined): ReadonlyMap<string, Extension> =>
  wrapped ? readExtensions(wrapped.at(0)) : new Map();

const KNOWN: ReadonlySet<string> = new Set([ExtensionType.ocspNonce, ExtensionType.ocspArchiveCutoff]);

const hasUnknownCritical = (extensions: ReadonlyMap<string, Extension>): boolean =>
  [...extensions.values()].some(({ type, critical }) => critical && !KNOWN.has(type));

/** An OCTET STRING inside the extension (RFC 8954 2.1); old responders put the octets there as they are. */
function readNonce(value: Uint8Array): Uint8Array {
  try {
    return readOctetString(readDer(value));
  } catch {
    return value;
  }
}
