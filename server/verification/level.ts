import type { PdfDocument } from '../pdf/document.ts';
import type { Certificate } from '../pki/certificate.ts';
import { CertificatePool, type TrustAnchor } from '../pki/certificate-pool.ts';
import { type CertificateSources, certificateStatus } from './certificate-status.ts';
import {
  type Evidence,
  type RevocationData,
  signatureEvidence,
  storedEvidence,
} from './embedded-evidence.ts';
import type { Proof } from './proofs-of-existence.ts';
import type { SignatureFacts } from './signature-facts.ts';
import type { TimeStamp } from './time-stamps.ts';

/** What keeps a signature from a higher level. */
export interface MissingPart {
  readonly part: 'time_stamp' | 'chain' | 'revocation' | 'archive_time_stamp';
  /** Whose chain or revocation status is not in the file. */
  readonly certificate?: Certificate;
}

export interface LevelFacts {
  /** B-B, B-T, B-LT, B-LTA; `CMS` for a signature that is no PAdES baseline one; null when it cannot be said. */
  readonly level: string | null;
  /** What B-LTA would take beyond what is there. */
  readonly missing: readonly MissingPart[];
}

/** Time stamps of one signature whose evidence is looked for. */
const MAX_STAMPS = 16;

/**
 * The baseline level reached (EN 319 142-1 6), by what is in the file and intact; whom to trust is another question. B-LT
 * is more than a security store: for the signer and for the authority of a time stamp, every certificate up to a root and
 * a usable answer about each of them has to be in the file, so that it can be judged with no help but the trusted roots.
 * B-LTA is that, with a document time stamp over all of it.
 */
export class Levels {
  readonly #document: PdfDocument;
  readonly #sources: CertificateSources;
  readonly #at: Date;
  readonly #stored = new Map<number, Evidence>();

  constructor(document: PdfDocument, sources: CertificateSources, at: Date) {
    this.#document = document;
    this.#sources = sources;
    this.#at = at;
  }

  of(facts: SignatureFacts, { stamps, covering }: Proof): LevelFacts {
    if (!facts.signerFacts || facts.entry.type === 'timestamp') return { level: null, missing: [] };
    const missing = this.#missing(facts, stamps, covering);
    return { level: isBaseline(facts) ? LEVELS[missing[0]?.part ?? 'none'] : 'CMS', missing };
  }

  #missing(
    facts: SignatureFacts,
    stamps: readonly TimeStamp[],
    covering: Proof['covering'],
  ): readonly MissingPart[] {
    const intact = stamps.filter(({ integrity, time }) => integrity === 'intact' && time);
    if (intact.length === 0) return [{ part: 'time_stamp' }];
    const now = this.#lacking(facts, intact, this.#evidence(this.#document.revisions.length - 1));
    if (now.length > 0) return now;
    const last = covering.findLast(({ stamp }) => stamp.integrity === 'intact');
    const before = last && intact.filter((stamp) => stamp !== last.stamp);
    const archived =
      last && before && before.length > 0
        ? this.#lacking(facts, before, this.#evidence(last.facts.coveredRevision)).length === 0
        : false;
    return archived ? [] : [{ part: 'archive_time_stamp' }];
  }

  /** Empty when one time stamp and the signature under it can be judged with what the file holds. */
  #lacking(facts: SignatureFacts, stamps: readonly TimeStamp[], evidence: Evidence): readonly MissingPart[] {
    let least: readonly MissingPart[] | undefined;
    for (const stamp of stamps.slice(0, MAX_STAMPS)) {
      const found = [
        ...this.#lackingOf(stamp.certificate, stamp.certificates, NOTHING, stamp.time, evidence),
        ...this.#lackingOf(
          facts.certificate,
          facts.certificates,
          signatureEvidence(facts, this.#sources.effort),
          stamp.time,
          evidence,
        ),
      ];
      if (found.length === 0) return [];
      if (!least || found.length < least.length) least = found;
    }
    return least ?? [];
  }

  #lackingOf(
    certificate: Certificate | undefined,
    brought: readonly Certificate[],
    inside: RevocationData,
    time: Date | undefined,
    evidence: Evidence,
  ): readonly MissingPart[] {
    if (!certificate || !time) return [{ part: 'chain', ...(certificate && { certificate }) }];
    const held = [...evidence.certificates, ...brought];
    const status = certificateStatus(
      certificate,
      {
        effort: this.#sources.effort,
        anchors: [...this.#sources.anchors, ...rootsAmong(held)],
        pool: new CertificatePool(held),
        crls: [...evidence.crls, ...inside.crls],
        ocsps: [...evidence.ocsps, ...inside.ocsps],
      },
      time,
      this.#at,
    );
    if (!status.path) return [{ part: 'chain', certificate }];
    return status.path.certificates
      .filter((_, index) => status.revocation[index]?.status === 'unknown')
      .map((unknown) => ({ part: 'revocation', certificate: unknown }));
  }

  #evidence(revision: number): Evidence {
    const known = this.#stored.get(revision) ?? storedEvidence(this.#document.at(revision));
    this.#stored.set(revision, known);
    return known;
  }
}

const NOTHING: RevocationData = { crls: [], ocsps: [] };

const LEVELS: Readonly<Record<MissingPart['part'] | 'none', string>> = {
  time_stamp: 'B-B',
  chain: 'B-T',
  revocation: 'B-T',
  archive_time_stamp: 'B-LT',
  none: 'B-LTA',
};

/** The SubFilter alone makes no PAdES signature: the signing certificate has to be bound and signing-time absent. */
function isBaseline({ entry, signerFacts }: SignatureFacts): boolean {
  const bound =
    signerFacts?.signingCertificateAttribute === 'v1' || signerFacts?.signingCertificateAttribute === 'v2';
  return entry.subFilter === 'ETSI.CAdES.detached' && bound && !signerFacts.signingTime;
}

/** Without a trust list at hand, the roots the file brings along end its chains. */
const rootsAmong = (certificates: readonly Certificate[]): readonly TrustAnchor[] =>
  certificates
    .filter(({ subject, issuer }) => subject.equals(issuer))
    .map((certificate) => ({ certificate }));
