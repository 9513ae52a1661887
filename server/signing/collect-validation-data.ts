import { EvidenceError } from '../evidence/errors.ts';
import type { IssuerSource, RevocationEvidence, RevocationSource } from '../evidence/ports.ts';
import type { SignatureValidationData } from '../pdf/security-store/add-validation-data.ts';
import type { CertificationPath } from '../pki/build-paths.ts';
import type { Certificate } from '../pki/certificate.ts';
import { CertificatePool } from '../pki/certificate-pool.ts';
import {
  type CertificateSources,
  type CertificateStatus,
  certificateStatus,
  isOnlyUnknown,
} from '../verification/certificate-status.ts';
import type { Examination, ExaminedSignature } from '../verification/examine-signatures.ts';
import type { SignatureFacts } from '../verification/signature-facts.ts';
import { SigningError } from './errors.ts';

export interface CollectOptions {
  readonly revocations: RevocationSource;
  readonly issuerSource?: IssuerSource;
  readonly pool: CertificatePool;
  readonly to: string;
  readonly now: Date;
  readonly newerData?: boolean;
  /** Whether the security store was written in a revision after this one (by index). */
  readonly isStoredAfter: (revision: number) => boolean;
}

export interface CollectedValidationData extends SignatureValidationData {
  /** When the newest of the revocation data was issued. */
  readonly issued: Date;
}

/** A certificate whose status at a moment the file has to prove by itself. */
interface Subject {
  readonly certificate: Certificate;
  readonly brought: readonly Certificate[];
  readonly reference: Date;
  /** Of the signature under whose VRI its data goes. */
  readonly contents: Uint8Array;
  /** A signer: data issued after the reference is wanted, since older data says nothing of the hours before it. */
  readonly isSigner: boolean;
  /** Newest revision that the signature covers. */
  readonly covered: number;
}

export interface UsableStamp {
  readonly time: Date;
  readonly certificate: Certificate;
  readonly brought: readonly Certificate[];
  /** Of a document time stamp. */
  readonly facts?: SignatureFacts;
}

/**
 * Time stamps that will do: intact, of a certificate that leads to an anchor and is in its period, and not known to be
 * revoked. Whether it was not revoked is what is asked next.
 */
export function usableStamps(
  { proof }: ExaminedSignature,
  sources: CertificateSources,
  at: Date,
): readonly UsableStamp[] {
  return proof.stamps.flatMap((stamp) => {
    const { integrity, time, certificate, certificates: brought, trusted } = stamp;
    if (integrity !== 'intact' || !time || !certificate || time > at) return [];
    const pool = new CertificatePool(brought, sources.pool);
    const usable = trusted || isOnlyUnknown(certificateStatus(certificate, { ...sources, pool }, at));
    const facts = proof.covering.find((covering) => covering.stamp === stamp)?.facts;
    return usable ? [{ time, certificate, brought, ...(facts && { facts }) }] : [];
  });
}

/**
 * What the file does not hold yet of the certificates and revocation data that prove these signatures and time stamps:
 * for each certificate up to an anchor, and for whoever signed the revocation data.
 * @throws SigningError `signing.no_chain`, `signing.certificate_revoked`; EvidenceError
 */
export async function collectValidationData(
  signatures: readonly ExaminedSignature[],
  examined: Examination,
  options: CollectOptions,
): Promise<readonly CollectedValidationData[]> {
  const collector = new Collector(examined, options);
  const found: CollectedValidationData[] = [];
  for (const subject of subjectsOf(signatures, examined.sources, options)) {
    const data = await collector.dataOf(subject);
    if (data) found.push(data);
  }
  return found;
}

function subjectsOf(
  signatures: readonly ExaminedSignature[],
  sources: CertificateSources,
  { now, to }: CollectOptions,
): readonly Subject[] {
  const subjects = new Map<string, Subject>();
  for (const signature of signatures) {
    const { entry, certificate, certificates } = signature.facts;
    const usable = usableStamps(signature, sources, now);
    const proven = earliest(usable);
    if (!certificate) continue;
    if (!proven) {
      throw new SigningError('signing.no_chain', 'no time stamp leads to an anchor', {
        details: { field: entry.fieldName ?? null, problem: 'time_stamp_untrusted' },
      });
    }
    const covered = signature.facts.coveredRevision;
    const subject = {
      certificate,
      brought: certificates,
      contents: entry.contents,
      reference: proven,
      covered,
    };
    subjects.set(`${entry.fieldName} signer`, { ...subject, isSigner: true });
    for (const { time, certificate, brought, facts } of usable) {
      const later = usable.filter((other) => covers(other, facts));
      // What a new archive time stamp is to cover must be good when that is made.
      const reference = earliest(later) ?? (to === 'B-LTA' ? now : time);
      const { fieldName, contents } = (facts ?? signature.facts).entry;
      const key = `${fieldName} ${certificate.fingerprint}`;
      subjects.set(key, { certificate, brought, contents, reference, isSigner: false, covered });
    }
  }
  return [...subjects.values()];
}

/** Whether a document time stamp covers another one, or (without `facts`) what is inside the signature. */
const covers = (stamp: UsableStamp, facts: SignatureFacts | undefined): boolean =>
  stamp.facts !== undefined && (!facts || stamp.facts.coveredRevision > facts.coveredRevision);

function earliest(stamps: readonly { readonly time: Date }[]): Date | undefined {
  const times = stamps.map(({ time }) => time.getTime());
  return times.length > 0 ? new Date(Math.min(...times)) : undefined;
}

/** Issuers looked for in a row, and signers of revocation data that need data of their own. */
const MAX_STEPS = 8;

/** Asks for each certificate once. */
class Collector {
  readonly #sources: CertificateSources;
  readonly #held: CertificateSources;
  readonly #options: CollectOptions;
  readonly #asked = new Map<string, Promise<RevocationEvidence>>();

  constructor({ sources, held }: Examination, options: CollectOptions) {
    this.#sources = sources;
    this.#held = held;
    this.#options = options;
  }

  /** Undefined when the file holds all of it. */
  async dataOf(subject: Subject): Promise<CollectedValidationData | undefined> {
    const held = this.#heldOf(subject);
    // Others (EU DSS) look for the proofs of a signature only in a store written after it.
    const isLooked = !subject.isSigner || this.#options.isStoredAfter(subject.covered);
    if (isLooked && held.facts?.valid && held.revocation.every(({ status }) => status !== 'unknown'))
      return undefined;
    const path = await this.#path(subject);
    const data = new CollectedData(subject.contents);
    data.addCertificates([path.anchor.certificate, ...path.certificates]);
    for (const [index, certificate] of path.certificates.entries()) {
      const issuer = path.certificates[index - 1] ?? path.anchor.certificate;
      const wanted = subject.isSigner && certificate === subject.certificate ? subject.reference : undefined;
      const evidence = await this.#evidence(certificate, issuer, wanted);
      this.#check(certificate, evidence, subject);
      data.add(evidence);
      await this.#addSigners(data, evidence, issuer, MAX_STEPS);
    }
    return data;
  }

  /** What can be said with the file alone. */
  #heldOf({ certificate, brought, reference }: Subject): CertificateStatus {
    const pool = new CertificatePool(brought, this.#held.pool);
    return certificateStatus(certificate, { ...this.#held, pool }, reference, this.#options.now);
  }

  /** @throws SigningError `signing.no_chain` */
  async #path({ certificate, brought, reference }: Subject): Promise<CertificationPath> {
    const pool = new CertificatePool(brought, new CertificatePool(this.#sources.pool, this.#options.pool));
    let orphan = certificate;
    for (let step = 0; ; step++) {
      const { path, facts } = certificateStatus(certificate, { ...this.#sources, pool }, reference);
      if (path && facts?.valid) return path;
      const issuers = path || step === MAX_STEPS ? [] : await this.#issuersOf(orphan, pool);
      const [next] = issuers;
      if (!next) {
        const problem = facts?.problems[0]?.code ?? 'issuer_unknown';
        throw new SigningError('signing.no_chain', `${orphan.subject}: ${problem}`, {
          details: { certificate: orphan.subject.toString(), problem },
        });
      }
      for (const issuer of issuers) pool.add(issuer);
      orphan = next;
    }
  }

  /** The next above, in the pool or from outside. */
  async #issuersOf(certificate: Certificate, pool: CertificatePool): Promise<readonly Certificate[]> {
    const [known] = pool.bySubject(certificate.issuer);
    if (known && !known.selfIssued) return [known];
    return (await this.#options.issuerSource?.issuers(certificate)) ?? [];
  }

  #evidence(certificate: Certificate, issuer: Certificate, issuedAfter?: Date): Promise<RevocationEvidence> {
    const key = `${certificate.fingerprint} ${issuedAfter?.getTime()}`;
    const asked = this.#asked.get(key) ?? this.#ask(certificate, issuer, issuedAfter);
    this.#asked.set(key, asked);
    return asked;
  }

  async #ask(certificate: Certificate, issuer: Certificate, issuedAfter?: Date): Promise<RevocationEvidence> {
    const { revocations, now, newerData } = this.#options;
    try {
      return await revocations.evidence(certificate, issuer, now, issuedAfter);
    } catch (error) {
      if (issuedAfter === undefined || newerData || !(error instanceof EvidenceError)) throw error;
      return revocations.evidence(certificate, issuer, now);
    }
  }

  #check(certificate: Certificate, { status }: RevocationEvidence, subject: Subject): void {
    const details = { certificate: certificate.subject.toString() };
    if (status.status === 'revoked' && status.date <= subject.reference) {
      throw new SigningError('signing.certificate_revoked', `revoked on ${status.date.toISOString()}`, {
        details: { ...details, date: status.date.toISOString() },
      });
    }
  }

  /**
   * A delegated signer of revocation data may be revoked itself, unless it says that nobody need ask (RFC 6960
   * 4.2.2.2.1). Not every issuer publishes data about them: what cannot be had is left out, and the check at the end decides.
   */
  async #addSigners(
    data: CollectedData,
    { certificates }: RevocationEvidence,
    issuer: Certificate,
    steps: number,
  ): Promise<void> {
    data.addCertificates(certificates);
    for (const signer of certificates) {
      if (steps === 0 || signer.extensions.has(OCSP_NO_CHECK) || data.has(signer)) continue;
      const evidence = await this.#evidence(signer, issuer).catch(() => undefined);
      if (!evidence) continue;
      data.add(evidence, signer);
      await this.#addSigners(data, evidence, issuer, steps - 1);
    }
  }
}

/** id-pkix-ocsp-nocheck */
const OCSP_NO_CHECK = '1.3.6.1.5.5.7.48.1.5';

class CollectedData implements CollectedValidationData {
  readonly contents: Uint8Array;
  readonly #asked = new Set<string>();
  readonly #certificates = new Map<string, Uint8Array>();
  readonly ocsps: Uint8Array[] = [];
  readonly crls: Uint8Array[] = [];
  issued = new Date(0);

  constructor(contents: Uint8Array) {
    this.contents = contents;
  }

  get certificates(): readonly Uint8Array[] {
    return [...this.#certificates.values()];
  }

  addCertificates(certificates: readonly Certificate[]): void {
    for (const { fingerprint, der } of certificates) this.#certificates.set(fingerprint, der);
  }

  has(signer: Certificate): boolean {
    return this.#asked.has(signer.fingerprint);
  }

  add({ kind, der, thisUpdate }: RevocationEvidence, signer?: Certificate): void {
    if (thisUpdate > this.issued) this.issued = thisUpdate;
    if (signer) this.#asked.add(signer.fingerprint);
    (kind === 'ocsp' ? this.ocsps : this.crls).push(der);
  }
}
