import { Asn1Error } from '../asn1/errors.ts';
import { readDerPrefix, readOctetString } from '../asn1/read.ts';
import { CmsError } from '../cms/errors.ts';
import { Oid } from '../cms/oids.ts';
import { parseSignedData, type SignedData } from '../cms/parse-signed-data.ts';
import type { SignerInfo } from '../cms/parse-signer-info.ts';
import { parseTstInfo } from '../cms/parse-tst-info.ts';
import { verifySignature } from '../cms/verify-signature.ts';
import {
  contentOf,
  identifies,
  type SignedContent,
  type SignerFacts,
  verifySignerInfo,
} from '../cms/verify-signer-info.ts';
import type { PdfDocument } from '../pdf/document.ts';
import { PdfString } from '../pdf/objects.ts';
import type { SignatureEntry } from '../pdf/signatures/list-signatures.ts';
import type { HashName } from '../pki/algorithm.ts';
import type { Certificate } from '../pki/certificate.ts';
import type { Effort } from '../pki/effort.ts';
import { keyOf, readableCertificates } from '../pki/readable.ts';
import { type Coverage, coverageOf } from './coverage.ts';
import type { SignedBytes } from './signed-bytes.ts';

export type Integrity = 'intact' | 'broken' | 'unknown';

/** Why a signature is not intact, or why that cannot be said. */
export type IntegrityProblem =
  | 'digest_mismatch'
  | 'signature_mismatch'
  | 'content_type_mismatch'
  | 'algorithm_protection_mismatch'
  | 'unexpected_content'
  | 'byte_range_unusable'
  | 'signature_unreadable'
  | 'no_signer'
  | 'no_signing_certificate'
  | 'signing_certificate_mismatch'
  | 'signing_certificate_unreadable'
  | 'algorithm_unsupported'
  | 'no_signed_attributes';

/** Everything that can be said of a signature without trusting anybody. */
export interface SignatureFacts {
  readonly entry: SignatureEntry;
  readonly coverage: Coverage;
  /** Changes are counted from this revision on. */
  readonly coveredRevision: number;
  readonly integrity: Integrity;
  readonly problem?: IntegrityProblem;
  readonly signedData?: SignedData;
  readonly signer?: SignerInfo;
  readonly signerFacts?: SignerFacts;
  readonly certificate?: Certificate;
  /** All certificates the signature brings along that can be read; none is trusted for that. */
  readonly certificates: readonly Certificate[];
  /** Time a document time stamp states. */
  readonly stampedTime?: Date;
  /** The hash by which the content itself comes in, where the CMS signs no more than a digest of it. */
  readonly contentHash?: HashName;
}

type Outcome = Omit<SignatureFacts, 'entry' | 'coverage' | 'coveredRevision'>;

/** Gathers the facts of one signature. Never throws on what the file says. */
export function signatureFacts(
  document: PdfDocument,
  entry: SignatureEntry,
  bytes: SignedBytes,
  effort: Effort,
): SignatureFacts {
  const content = bytes.of(entry.byteRange);
  return {
    entry,
    ...coverageOf(document, entry),
    ...(content ? verifyContents(document, entry, content, effort) : unknown('byte_range_unusable')),
  };
}

function verifyContents(
  document: PdfDocument,
  entry: SignatureEntry,
  content: SignedContent,
  effort: Effort,
): Outcome {
  try {
    switch (entry.subFilter) {
      case 'ETSI.CAdES.detached':
      case 'adbe.pkcs7.detached':
        return verifyDetached(parseSignedData(entry.contents), content, effort);
      case 'adbe.pkcs7.sha1':
        return verifySha1(parseSignedData(entry.contents), content, effort);
      case 'ETSI.RFC3161':
        return verifyTimeStampToken(parseSignedData(entry.contents), content, effort);
      case 'adbe.x509.rsa_sha1':
        return verifyRsaSha1(document, entry, content, effort);
      default:
        // Other handlers' names (PBAD.PAdES, say) mean the same detached CMS; if it is not that, it is unreadable.
        return verifyDetached(parseSignedData(entry.contents), content, effort);
    }
  } catch (error) {
    if (error instanceof CmsError || error instanceof Asn1Error) return unknown('signature_unreadable');
    throw error;
  }
}

/** ISO 32000-2 12.8.3.3: the signed content is the byte range, and none is encapsulated. */
function verifyDetached(data: SignedData, content: SignedContent, effort: Effort): Outcome {
  if (data.encapsulated.content) return { ...unknown('unexpected_content', data), integrity: 'broken' };
  const outcome = verifySigner(data, content, effort);
  if (outcome.integrity !== 'intact' || outcome.signerFacts?.hasSignedAttributes) return outcome;
  return provenWithoutAttributes(outcome.signerFacts, content) ? outcome : { ...outcome, ...NO_ATTRIBUTES };
}

const NO_ATTRIBUTES = { integrity: 'unknown', problem: 'no_signed_attributes' } as const;
const BROKEN_HASHES: ReadonlySet<HashName> = new Set(['MD2', 'MD5', 'SHA-1', 'RIPEMD-160']);

/**
 * A signature right over the document, without signed attributes, says least of all (EN 319 142-1 6.3 demands them):
 * it is believed only under a hash without known collisions, and only if its bytes cannot be the signed attributes of
 * some other signature, which begin with the tag of a SET.
 */
function provenWithoutAttributes(facts: SignerFacts | undefined, content: SignedContent): boolean {
  const [first] = content.chunks();
  const isPdf = Buffer.from(first?.subarray(0, 5) ?? []).toString('latin1') === '%PDF-';
  return isPdf && facts?.digestHash !== undefined && !BROKEN_HASHES.has(facts.digestHash);
}

/** 12.8.3.3.1, deprecated: the encapsulated content is the SHA-1 digest of the byte range. */
function verifySha1(data: SignedData, content: SignedContent, effort: Effort): Outcome {
  const digest = data.encapsulated.content;
  if (!digest) return unknown('signature_unreadable', data);
  const outcome = { ...verifySigner(data, contentOf(digest), effort), contentHash: 'SHA-1' } as const;
  const matches = Buffer.compare(digest, content.digest('SHA-1')) === 0;
  return matches ? outcome : { ...outcome, integrity: 'broken', problem: 'digest_mismatch' };
}

/** RFC 3161 2.4.2, EN 319 142-1 5.4.3: the token's imprint is the digest of the byte range (or of `content`). */
export function verifyTimeStampToken(data: SignedData, content: SignedContent, effort: Effort): Outcome {
  const info = data.encapsulated.content;
  if (!info || data.encapsulated.contentType !== Oid.tstInfo) return unknown('signature_unreadable', data);
  const signed = verifySigner(data, contentOf(info), effort);
  const { imprint, time } = parseTstInfo(info);
  if (!imprint.hash) return { ...signed, integrity: 'unknown', problem: 'algorithm_unsupported' };
  const outcome = { ...signed, stampedTime: time, contentHash: imprint.hash };
  const matches = Buffer.compare(imprint.digest, content.digest(imprint.hash)) === 0;
  if (!matches) return { ...outcome, integrity: 'broken', problem: 'digest_mismatch' };
  // RFC 5652 5.3: content that is no plain data is signed with attributes.
  if (outcome.integrity === 'intact' && !outcome.signerFacts?.hasSignedAttributes) {
    return { ...outcome, ...NO_ATTRIBUTES };
  }
  return outcome;
}

/** 12.8.3.2, deprecated: a bare PKCS #1 signature with the certificate beside it. */
function verifyRsaSha1(
  document: PdfDocument,
  entry: SignatureEntry,
  content: SignedContent,
  effort: Effort,
): Outcome {
  const cert = document.resolve(entry.dict.get('Cert'));
  const values = (Array.isArray(cert) ? cert : [cert]).map((item) => document.resolve(item));
  const ders = values.flatMap((item) => (item instanceof PdfString ? [item.bytes] : []));
  const certificates = readable(ders, effort);
  const [certificate] = certificates;
  if (!certificate) return unknown('no_signing_certificate');
  const signature = readOctetString(readDerPrefix(entry.contents, { ber: true }));
  const key = keyOf(certificate);
  if (!key) return { ...unknown('signing_certificate_unreadable'), certificates };
  effort.spendOn(key);
  const scheme = { kind: 'rsa-pkcs1', hash: 'SHA-1' } as const;
  const valid = verifySignature({ oid: '', scheme }, key, content.chunks(), signature);
  const common = { certificate, certificates, contentHash: 'SHA-1' } as const;
  return valid
    ? { ...common, integrity: 'intact' }
    : { ...common, integrity: 'broken', problem: 'signature_mismatch' };
}

/** SignerInfos one CMS may hold; EN 319 142-1 6.3 wants one, a few old programs wrote two. */
const MAX_SIGNERS = 8;

/** Every signer of the CMS has to be intact; the first one is reported, or the first that is not. */
function verifySigner(data: SignedData, content: SignedContent, effort: Effort): Outcome {
  const certificates = readable(data.certificates, effort);
  if (data.signerInfos.length > MAX_SIGNERS) return { ...unknown('no_signer', data), certificates };
  const outcomes = data.signerInfos.map((signer) => verifyOne(data, signer, certificates, content, effort));
  const reported = outcomes.find(({ integrity }) => integrity !== 'intact') ?? outcomes[0];
  return reported ?? { ...unknown('no_signer', data), certificates };
}

/** One signer, whose certificate has to be in the CMS (EN 319 142-1 6.3). */
function verifyOne(
  data: SignedData,
  signer: SignerInfo,
  certificates: readonly Certificate[],
  content: SignedContent,
  effort: Effort,
): Outcome {
  const common = { signedData: data, signer, certificates };
  const certificate = findSigner(signer, certificates);
  const key = certificate && keyOf(certificate);
  if (!certificate) return { ...common, integrity: 'unknown', problem: 'no_signing_certificate' };
  if (!key)
    return { ...common, certificate, integrity: 'unknown', problem: 'signing_certificate_unreadable' };
  effort.spendOn(key);
  const signerFacts = verifySignerInfo(
    signer,
    content,
    {
      der: certificate.der,
      publicKey: key,
      ...(certificate.subjectKeyIdentifier && { subjectKeyIdentifier: certificate.subjectKeyIdentifier }),
    },
    data.encapsulated.contentType,
  );
  return {
    ...common,
    certificate,
    signerFacts,
    ...integrityOf(signer, signerFacts, key.asymmetricKeyType === 'ed448'),
  };
}

function integrityOf(
  { signatureAlgorithm, digestAlgorithm }: SignerInfo,
  facts: SignerFacts,
  isEd448: boolean,
): Pick<SignatureFacts, 'integrity' | 'problem'> {
  const { scheme } = signatureAlgorithm;
  if (!scheme || !digestAlgorithm.hash) return { integrity: 'unknown', problem: 'algorithm_unsupported' };
  // RFC 8419 3: Ed25519 goes with SHA-512, Ed448 with SHAKE256, and with nothing else.
  if (scheme.kind === 'eddsa' && digestAlgorithm.hash !== (isEd448 ? 'SHAKE256' : 'SHA-512')) {
    return { integrity: 'unknown', problem: 'algorithm_unsupported' };
  }
  if (!facts.messageDigestMatches) return { integrity: 'broken', problem: 'digest_mismatch' };
  if (!facts.signatureValid) return { integrity: 'broken', problem: 'signature_mismatch' };
  if (facts.contentTypeMatches === false) return { integrity: 'broken', problem: 'content_type_mismatch' };
  if (facts.algorithmProtection === 'mismatch') {
    return { integrity: 'broken', problem: 'algorithm_protection_mismatch' };
  }
  if (facts.signingCertificateAttribute === 'mismatch') {
    return { integrity: 'unknown', problem: 'signing_certificate_mismatch' };
  }
  return { integrity: 'intact' };
}

function findSigner({ sid }: SignerInfo, certificates: readonly Certificate[]): Certificate | undefined {
  return certificates.find((certificate) =>
    identifies(sid, {
      der: certificate.der,
      ...(certificate.subjectKeyIdentifier && { subjectKeyIdentifier: certificate.subjectKeyIdentifier }),
    }),
  );
}

/** Reading that many certificates costs as much as checking one signature. */
const CERTIFICATES_PER_CHECK = 2;

function readable(ders: readonly Uint8Array[], effort: Effort): readonly Certificate[] {
  effort.spend(ders.length / CERTIFICATES_PER_CHECK);
  return readableCertificates(ders);
}

function unknown(problem: IntegrityProblem, signedData?: SignedData): Outcome {
  return { integrity: 'unknown', problem, certificates: [], ...(signedData && { signedData }) };
}
