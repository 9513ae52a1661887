import { type SignedDataOptions, signedAttributes } from '../cms/build-signed-data.ts';
import type { ByteSource } from '../pdf/byte-source.ts';
import type { PdfErrorCode } from '../pdf/errors.ts';
import type { PreparedSignature, SignatureRequest } from '../pdf/signatures/prepare-signature.ts';
import type { Certificate } from '../pki/certificate.ts';
import type { Crl } from '../pki/crl.ts';
import { AttributeType } from '../pki/oids.ts';
import type { Clock } from '../platform/clock.ts';
import { type CertificateGate, checkCertificate } from './check-certificate.ts';
import { type AlgorithmWish, chooseAlgorithm, type SigningAlgorithm } from './choose-algorithm.ts';
import { type CopyWindow, digestByteRange } from './digest-byte-range.ts';
import { issuerChain } from './issuer-chain.ts';
import { largestCms } from './largest-cms.ts';
import { type PreparedOrRepaired, prepareOrRepair } from './prepare-or-repair.ts';

/** Where and how a signature shows; the appearance may need to know what it says. */
export interface VisibleSignature {
  /** From 0. */
  readonly page: number;
  /** Points, lower left and upper right corner; a field that a signed document has already stays where it is. */
  readonly rect: readonly [number, number, number, number];
  readonly appearance: (facts: SignatureFacts) => NonNullable<SignatureRequest['appearance']>;
}

/** What stands in the signature, for its appearance to repeat. */
export interface SignatureFacts {
  readonly signer: string;
  readonly signingTime: Date;
  readonly certificate: Certificate;
}

/** All that is to be known of a signature before a key is used. */
export interface SignatureTerms extends AlgorithmWish, Pick<SignatureRequest, 'docMdp' | 'lock' | 'prepare'> {
  readonly source: ByteSource;
  /** User or owner password of an encrypted source; without one the empty password is tried. */
  readonly password?: string;
  readonly clock: Clock;
  /** Name of the field; the empty one of that name is used, else one is made. */
  readonly field?: string;
  readonly reason?: string;
  readonly location?: string;
  readonly contactInfo?: string;
  /** Default: the common name of the certificate. */
  readonly name?: string;
  readonly visible?: VisibleSignature;
  /** Revocation lists to be asked; each must be signed by the certificate's issuer. */
  readonly crls?: readonly Crl[];
  /** Certificates of authorities: complete the chain of a key that came alone. */
  readonly issuers?: readonly Certificate[];
  readonly gate?: CertificateGate;
  /** Is given the source, window by window, while it is hashed. */
  readonly copy?: CopyWindow;
  /** Room for a time-stamp token over the signature value, in octets; none without one. */
  readonly tokenSize?: number;
}

/** A signature that lacks only its value: the document is prepared and hashed, nothing of the key has been used. */
export interface BegunSignature {
  readonly prepared: PreparedSignature;
  /** What was wrong with the structure of the file, when it had to be repaired to be signed; else null. */
  readonly repaired: PdfErrorCode | null;
  /** What the CMS says, but for the value. */
  readonly cms: SignedDataOptions;
  readonly certificate: Certificate;
  readonly algorithm: SigningAlgorithm;
  readonly signingTime: Date;
  /** The octets the key signs (it hashes them): DER of the signed attributes. */
  readonly toBeSigned: Uint8Array;
}

/** Official signatures show Vietnamese time (Decree 30/2020, annex I); the instant is the same. */
const VIETNAM_MINUTES = 7 * 60;

/**
 * Everything of a signature that comes before the key: the certificate, the algorithm and what earlier signatures permit
 * are checked, the incremental update is laid out, and the document is hashed.
 *
 * @throws SigningError, PdfError, CodedError with the gate's code.
 */
export async function beginSignature(
  {
    certificate,
    chain: known,
  }: { readonly certificate: Certificate; readonly chain: readonly Certificate[] },
  terms: SignatureTerms,
): Promise<BegunSignature> {
  const signingTime = terms.clock.now();
  const issuers = [...known, ...(terms.issuers ?? [])];
  const algorithm = chooseAlgorithm(certificate, terms);
  await checkCertificate(certificate, { ...terms, at: signingTime, issuers });
  const chain = issuerChain(certificate, issuers);
  const { prepared, repaired } = await prepare(
    terms,
    certificate,
    signingTime,
    largestCms(certificate, chain, algorithm, terms.tokenSize),
  );
  const contentDigest = await digestByteRange(terms.source, prepared, algorithm.digestAlgorithm, terms.copy);
  const cms = { ...algorithm, certificate, chain, contentDigest };
  return { prepared, repaired, cms, certificate, algorithm, signingTime, toBeSigned: signedAttributes(cms) };
}

function prepare(
  options: SignatureTerms,
  certificate: Certificate,
  signingTime: Date,
  contentsSize: number,
): Promise<PreparedOrRepaired> {
  const { visible, field, reason, location, contactInfo, docMdp, lock, password, prepare: changes } = options;
  const signer =
    options.name ?? certificate.subject.last(AttributeType.commonName) ?? certificate.subject.toString();
  return prepareOrRepair(options.source, password, {
    subFilter: 'ETSI.CAdES.detached',
    contentsSize,
    texts: {
      name: signer,
      signingTime,
      zoneOffsetMinutes: VIETNAM_MINUTES,
      ...(reason !== undefined && { reason }),
      ...(location !== undefined && { location }),
      ...(contactInfo !== undefined && { contactInfo }),
    },
    ...(field !== undefined && { fieldName: field }),
    ...(docMdp && { docMdp }),
    ...(lock && { lock }),
    ...(changes && { prepare: changes }),
    ...(visible && {
      page: visible.page,
      rect: visible.rect,
      appearance: visible.appearance({ signer, signingTime, certificate }),
    }),
  });
}
