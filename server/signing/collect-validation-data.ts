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
import type { Examination, ExaminedSignature } from '../verification/examine-pdf.ts';
import type { TimeStamp } from '../verification/time-stamps.ts';
import { SigningError } from './errors.ts';

export interface CollectOptions {
  readonly revocations: RevocationSource;
  readonly issuers?: IssuerSource;
  readonly pool: CertificatePool;
  readonly to: string;
  readonly now: Date;
  readonly newerData?: boolean;
}

/** A certificate whose status at a moment the file has to prove by itself. */
interface Subject {
  readonly certificate: Certificate;
  readonly brought: readonly Certificate[];
  readonly reference: Date;
  /** Of the signature under whose VRI its data goes. */
  readonly contents: Uint8Array;
  /** Only data issued after the reference will do. */
  readonly newer: boolean;
}

/**
 * Time stamps that will do: intact, of a certificate that leads to an anchor and is in its period, and not known to be
 * revoked. Whether it was not revoked is what is asked next.
 */
export function usableStamps(
  { proof }: ExaminedSignature,
  sources: CertificateSources,
  at: Date,
): readonly (TimeStamp & { readonly time: Date; readonly certificate: Certificate })[] {
  return proof.stamps.flatMap((stamp) => {
    const { integrity, time, certificate, certificates, trusted } = stamp;
    if (integrity !== 'intact' || !time || !certificate || time > at) return [];
    const pool = new CertificatePool(certificates, sources.pool);
    const usable = trusted || isOnlyUnknown(certificateStatus(certificate, { ...sources, pool }, at));
    return usable ? [{ ...stamp, time, certificate }] : [];
  });
}

/**
 * What the file does not hold yet of the certificates and revocation data that prove these signatures and time stamps:
 * for each certificate up to an anchor, and for whoever signed the revocation data.
 * @throws SigningError `signing.no_chain`, `signing.certificate_revoked`, `signing.revocation_not_newer`; EvidenceError
 */
export async function collectValidationData(
  signatures: readonly ExaminedSignature[],
  examined: Examination,
  options: CollectOptions,
): Promise<readonly SignatureValidationData[]> {
  const collector = new Collector(examined.sources, options);
  const found: SignatureValidationData[] = [];
  for (const subject of subjectsOf(signatures, examined.sources, options)) {
    const data = await collector.dataOf(subject);
    if (data) found.push(data);
  }
  return found;
}

function subjectsOf(
  signatures: readonly ExaminedSignature[],
  sources: CertificateSources,
  { now, to, newerData = false }: CollectOptions,
): readonly Subject[] {
  return signatures.flatMap((signature) => {
    const { facts } = signature;
    const { contents } = facts.entry;
    const usable = usableStamps(signature, sources, now);
    const covered = earliest(usable.filter(({ kind }) => kind === 'document'));
    // What a new archive time stamp is to cover must be good when that is made.
    const reference = (stamped: Date): Date => covered ?? (to === 'B-LTA' ? now : stamped);
    const subject = (certificate: Certificate, brought: readonly Certificate[], at: Date): Subject => ({
      ...{ certificate, brought, contents, reference: at },
      newer: newerData && facts.entry.type === 'signature' && certificate === facts.certificate,
    });
    const own = usable.filter(({ kind }) => kind === 'signature');
    const authorities = own.map((s) => subject(s.certificate, s.certificates, reference(s.time)));
    if (!facts.certificate) return authorities;
    const time = facts.stampedTime ? reference(facts.stampedTime) : earliest(usable);
    return time ? [subject(facts.certificate, facts.certificates, time), ...authorities] : authorities;
  });
}

function earliest(stamps: readonly { readonly time: Date }[]): Date | undefined {
  const times = stamps.map(({ time }) => time.getTime());
  return times.length > 0 ? new Date(Math.min(...times)) : undefined;
}

/** Issuers looked for in a row, and signers of revocation data that need data of their own. */
const MAX_STEPS = 8;

/** Asks for each certificate once. */
class Collector {
  readonly #sources: CertificateSources;
  readonly #options: CollectOptions;
  readonly #asked = new Map<string, Promise<RevocationEvidence>>();

  constructor(sources: CertificateSources, options: CollectOptions) {
    this.#sources = sources;
    this.#options = options;
  }

  /** Undefined when the file holds all of it. */
  async dataOf(subject: Subject): Promise<SignatureValidationData | undefined> {
    const held = this.#held(subject);
    if (held.facts?.valid && held.revocation.every(({ status }) => status !== 'unknown')) return undefined;
    const path = await this.#path(subject);
    const data = new CollectedData(subject.contents);
    data.addCertificates([path.anchor.certificate, ...path.certificates]);
    for (const [index, certificate] of path.certificates.entries()) {
      const issuer = path.certificates[index - 1] ?? path.anchor.certificate;
      const evidence = await this.#evidence(certificate, issuer);
      this.#check(certificate, evidence, subject);
      data.add(evidence);
      await this.#addSigners(data, evidence, issuer, MAX_STEPS);
    }
    return data;
  }

  /** What can be said with the file alone. */
  #held({ certificate, brought, reference }: Subject): CertificateStatus {
    const pool = new CertificatePool(brought, this.#sources.pool);
    return certificateStatus(certificate, { ...this.#sources, pool }, reference, this.#options.now);
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
    return (await this.#options.issuers?.issuers(certificate)) ?? [];
  }

  #evidence(certificate: Certificate, issuer: Certificate): Promise<RevocationEvidence> {
    const { revocations, now } = this.#options;
    const asked = this.#asked.get(certificate.fingerprint) ?? revocations.evidence(certificate, issuer, now);
    this.#asked.set(certificate.fingerprint, asked);
    return asked;
  }

  #check(certificate: Certificate, { status, thisUpdate }: RevocationEvidence, subject: Subject): void {
    const details = { certificate: certificate.subject.toString() };
    if (status.status === 'revoked' && status.date <= subject.reference) {
      throw new SigningError('signing.certificate_revoked', `revoked on ${status.date.toISOString()}`, {
        details: { ...details, date: status.date.toISOString() },
      });
    }
    if (subject.newer && certificate === subject.certificate && thisUpdate < subject.reference) {
      throw new SigningError('signing.revocation_not_newer', `data of ${thisUpdate.toISOString()}`, {
        details,
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

class CollectedData implements SignatureValidationData {
  readonly contents: Uint8Array;
  readonly #asked = new Set<string>();
  readonly #certificates = new Map<string, Uint8Array>();
  readonly ocsps: Uint8Array[] = [];
  readonly crls: Uint8Array[] = [];

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

  add({ kind, der }: RevocationEvidence, signer?: Certificate): void {
    if (signer) this.#asked.add(signer.fingerprint);
    (kind === 'ocsp' ? this.ocsps : this.crls).push(der);
  }
}
