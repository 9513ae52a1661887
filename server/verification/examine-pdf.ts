import type { ByteSource } from '../pdf/byte-source.ts';
import type { PdfDocument } from '../pdf/document.ts';
import { type OpenOptions, openPdf } from '../pdf/open-pdf.ts';
import { listSignatures } from '../pdf/signatures/list-signatures.ts';
import { CertificatePool } from '../pki/certificate-pool.ts';
import { Effort } from '../pki/effort.ts';
import type { CertificateSources } from './certificate-status.ts';
import { signatureCrls, storedEvidence } from './embedded-evidence.ts';
import { type LevelFacts, Levels } from './level.ts';
import { type Proof, proofsOfExistence } from './proofs-of-existence.ts';
import { type SignatureFacts, signatureFacts } from './signature-facts.ts';
import { SignedBytes } from './signed-bytes.ts';
import type { TrustStore } from './trust-store.ts';

export interface ExaminedSignature {
  readonly facts: SignatureFacts;
  readonly proof: Proof;
  readonly level: LevelFacts;
}

export interface Examination {
  readonly document: PdfDocument;
  /** Signatures and document time stamps, oldest first. */
  readonly signatures: readonly ExaminedSignature[];
  readonly sources: CertificateSources;
}

/**
 * The facts, proofs and levels of a file's signatures without a verdict, for whoever wants to add to them.
 * @throws PdfError; PkiError `pki.too_complex`
 */
export function examinePdf(
  source: ByteSource,
  { trust, at, ...open }: OpenOptions & { readonly trust: TrustStore; readonly at: Date },
): Examination {
  const document = openPdf(source, open);
  const evidence = storedEvidence(document);
  const effort = new Effort(EFFORT + EFFORT_PER_MIB * (source.length / 2 ** 20));
  const content = new SignedBytes(source, effort);
  const all = listSignatures(document).map((entry) => signatureFacts(document, entry, content, effort));
  const sources: CertificateSources = {
    anchors: trust.anchors,
    pool: new CertificatePool(
      [...evidence.certificates, ...all.flatMap(({ certificates }) => certificates)],
      trust.pool,
    ),
    crls: [...trust.crls, ...evidence.crls, ...all.flatMap((facts) => signatureCrls(facts, effort))],
    effort,
  };
  const proofOf = proofsOfExistence(all, sources, at);
  const levels = new Levels(document, sources, at);
  const signatures = all.map((facts) => {
    const proof = proofOf(facts);
    return { facts, proof, level: levels.of(facts, proof) };
  });
  return { document, signatures, sources };
}

/** A file with two hundred time-stamped signatures does not need half of it. */
const EFFORT = 4000;
/** A file may be hashed a few times over. */
const EFFORT_PER_MIB = 20;
