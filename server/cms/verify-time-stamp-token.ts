import type { Certificate } from '../pki/certificate.ts';
import { ExtendedKeyUsage, ExtensionType } from '../pki/oids.ts';
import { keyOf, readableCertificates } from '../pki/readable.ts';
import type { SigningHash } from './build-signed-data.ts';
import { CmsError } from './errors.ts';
import { Oid } from './oids.ts';
import { parseSignedData, type SignedData } from './parse-signed-data.ts';
import { parseTstInfo, type TstInfo } from './parse-tst-info.ts';
import { contentOf, identifies, type SignerFacts, verifySignerInfo } from './verify-signer-info.ts';

/** What a token has to say. */
export interface TimeStampExpectation {
  readonly digestAlgorithm: SigningHash;
  readonly digest: Uint8Array;
  /** The nonce that was sent: the token has to repeat it (RFC 3161 2.4.2). */
  readonly nonce?: bigint;
  readonly policy?: string;
  /** The stamped time, within its accuracy, has to lie between these; without it any time will do. */
  readonly between?: { readonly from: Date; readonly to: Date };
}

export type TimeStampProblem =
  | 'imprint_mismatch'
  | 'nonce_mismatch'
  | 'policy_mismatch'
  | 'time_too_early'
  | 'time_too_late'
  | 'not_one_signer'
  | 'no_signing_certificate'
  | 'key_unsupported'
  | 'digest_mismatch'
  | 'signature_invalid'
  | 'content_type_mismatch'
  | 'signing_certificate_missing'
  | 'signing_certificate_mismatch'
  | 'algorithm_protection_mismatch'
  | 'purpose_not_time_stamping'
  | 'purpose_not_critical'
  | 'key_usage'
  | 'outside_validity';

/** What can be said of a token without knowing whom to trust. */
export interface TimeStampFacts {
  readonly info: TstInfo;
  readonly signedData: SignedData;
  /** All certificates of the token that can be read, the authority's among them. */
  readonly certificates: readonly Certificate[];
  /** The authority's. */
  readonly certificate?: Certificate;
  readonly signer?: SignerFacts;
  /** Everything that is wrong, not only the first; a token without any is genuine, trusted or not. */
  readonly problems: readonly TimeStampProblem[];
}

/** Certificates that one token may hold; chains have fewer than ten. */
const MAX_CERTIFICATES = 50;

/**
 * Checks a fresh time-stamp token as RFC 3161 2.2 demands of who asked for it: that it answers this question, that it is
 * signed by one certificate that signs time stamps and nothing else, and that it names that certificate (RFC 5816).
 * @throws CmsError when it is not a token that can be read: `cms.malformed`, `cms.not_signed_data`, `cms.too_large`,
 *   `cms.unsupported_algorithm`.
 */
export function verifyTimeStampToken(token: Uint8Array, expected: TimeStampExpectation): TimeStampFacts {
  const signedData = parseSignedData(token);
  const { content, contentType } = signedData.encapsulated;
  if (!content || contentType !== Oid.tstInfo) {
    throw new CmsError('cms.malformed', `content type ${contentType} is no time stamp`);
  }
  const info = parseTstInfo(content);
  const certificates = readableCertificates(signedData.certificates.slice(0, MAX_CERTIFICATES));
  const signed = signerFacts(signedData, content, certificates);
  return {
    info,
    signedData,
    certificates,
    ...(signed.certificate && { certificate: signed.certificate }),
    ...(signed.signer && { signer: signed.signer }),
    problems: [
      ...answerProblems(info, expected),
      ...signed.problems,
      ...(signed.certificate ? certificateProblems(signed.certificate, info.time) : []),
    ],
  };
}

function answerProblems(info: TstInfo, expected: TimeStampExpectation): TimeStampProblem[] {
  const { imprint, nonce, policy, time, accuracyMilliseconds = 0 } = info;
  const { between } = expected;
  const sameDigest =
    imprint.hash === expected.digestAlgorithm && Buffer.compare(imprint.digest, expected.digest) === 0;
  const problems: (TimeStampProblem | false)[] = [
    !sameDigest && 'imprint_mismatch',
    expected.nonce !== undefined && nonce !== expected.nonce && 'nonce_mismatch',
    expected.policy !== undefined && policy !== expected.policy && 'policy_mismatch',
    between !== undefined &&
      time.getTime() + accuracyMilliseconds < between.from.getTime() &&
      'time_too_early',
    between !== undefined && time.getTime() - accuracyMilliseconds > between.to.getTime() && 'time_too_late',
  ];
  return problems.filter((problem) => problem !== false);
}

interface Signed {
  readonly certificate?: Certificate;
  readonly signer?: SignerFacts;
  readonly problems: readonly TimeStampProblem[];
}

function signerFacts(data: SignedData, content: Uint8Array, certificates: readonly Certificate[]): Signed {
  const [signerInfo, ...others] = data.signerInfos;
  if (!signerInfo || others.length > 0) return { problems: ['not_one_signer'] };
  const certificate = certificates.find((candidate) => identifies(signerInfo.sid, candidate));
  if (!certificate) return { problems: ['no_signing_certificate'] };
  const publicKey = keyOf(certificate);
  if (!publicKey) return { certificate, problems: ['key_unsupported'] };
  const signer = verifySignerInfo(
    signerInfo,
    contentOf(content),
    { der: certificate.der, publicKey, subjectKeyIdentifier: certificate.subjectKeyIdentifier },
    data.encapsulated.contentType,
  );
  const problems: (TimeStampProblem | false)[] = [
    !signer.messageDigestMatches && 'digest_mismatch',
    !signer.signatureValid && 'signature_invalid',
    // Without signed attributes there is no content type to compare, and no signing certificate either.
    signer.contentTypeMatches === false && 'content_type_mismatch',
    signer.signingCertificateAttribute === 'absent' && 'signing_certificate_missing',
    signer.signingCertificateAttribute === 'mismatch' && 'signing_certificate_mismatch',
    signer.algorithmProtection === 'mismatch' && 'algorithm_protection_mismatch',
  ];
  return { certificate, signer, problems: problems.filter((problem) => problem !== false) };
}

/** RFC 3161 2.3: one extended key usage, critical; and it has to be in its period when it stamps. */
function certificateProblems(certificate: Certificate, time: Date): TimeStampProblem[] {
  const { extendedKeyUsage = [], keyUsage, notBefore, notAfter, extensions } = certificate;
  const only = extendedKeyUsage.length === 1 && extendedKeyUsage[0] === ExtendedKeyUsage.timeStamping;
  const critical = extensions.get(ExtensionType.extendedKeyUsage)?.critical === true;
  const maySign = !keyUsage || keyUsage.has('digitalSignature') || keyUsage.has('nonRepudiation');
  const problems: (TimeStampProblem | false)[] = [
    !only && 'purpose_not_time_stamping',
    only && !critical && 'purpose_not_critical',
    !maySign && 'key_usage',
    (time < notBefore || time > notAfter) && 'outside_validity',
  ];
  return problems.filter((problem) => problem !== false);
}
