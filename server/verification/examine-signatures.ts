import type { PdfDocument } from '../pdf/document.ts';
import type { SignatureEntry } from '../pdf/signatures/list-signatures.ts';
import { CertificatePool } from '../pki/certificate-pool.ts';
import { Effort } from '../pki/effort.ts';
import type { CertificateSources } from './certificate-status.ts';
import { signatureEvidence, storedEvidence } from './embedded-evidence.ts';
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
  /** Signatures and document time stamps, in the order of the entries. */
  readonly signatures: readonly ExaminedSignature[];
  /** What the file holds and what was given. */
  readonly sources: CertificateSources;
  /** The same with nothing but the file and the anchors. */
  readonly held: CertificateSources;
}

/** A file with two hundred time-stamped signatures does not need half of it. */
const EFFORT = 4000;
/** A file may be hashed a few times over. */
const EFFORT_PER_MIB = 20;

/**
 * Facts, proofs of existence and levels of signatures, before any verdict.
 * @param at the moment the file is looked at.
 * @throws PdfError; PkiError `pki.too_complex`
 */
export function examineSignatures(
  document: PdfDocument,
  entries: readonly SignatureEntry[],
  { trust, at }: { readonly trust: TrustStore; readonly at: Date },
): Examination {
  const stored = storedEvidence(document);
  const effort = new Effort(EFFORT + EFFORT_PER_MIB * (document.source.length / 2 ** 20));
  const content = new SignedBytes(document.source, effort);
  const all = entries.map((entry) => signatureFacts(document, entry, content, effort));
  const inside = all.map((facts) => signatureEvidence(facts, effort));
  const brought = [...stored.certificates, ...all.flatMap(({ certificates }) => certificates)];
  const held: CertificateSources = {
    anchors: trust.anchors,
    pool: new CertificatePool(brought),
    crls: [...stored.crls, ...inside.flatMap(({ crls }) => crls)],
    ocsps: [...stored.ocsps, ...inside.flatMap(({ ocsps }) => ocsps)],
    effort,
  };
  const sources: CertificateSources = {
    ...held,
    pool: new CertificatePool(brought, trust.pool),
    crls: [...trust.crls, ...held.crls],
  };
  const proofOf = proofsOfExistence(all, sources, at);
  const levels = new Levels(document, sources, at);
  const signatures = all.map((facts) => {
    const proof = proofOf(facts);
    return { facts, proof, level: levels.of(facts, proof) };
  });
  return { signatures, sources, held };
}
