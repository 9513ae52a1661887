import type { Certificate } from './certificate.ts';
import type { Name } from './name.ts';

/** A root that is trusted by decision, not by signature (RFC 5280 6.1.1 (d)). */
export interface TrustAnchor {
  readonly certificate: Certificate;
  /** Which trust family it belongs to, for example `vgca-g2`; kept in reports. */
  readonly family?: string;
}

/** Certificates by subject; the same certificate is kept once. Nothing in it is trusted. */
export class CertificatePool {
  readonly #bySubject = new Map<string, Certificate[]>();
  readonly #known = new Set<string>();

  readonly #below: CertificatePool | undefined;

  /** `below`: a pool to look into as well, without copying it. */
  constructor(certificates: Iterable<Certificate> = [], below?: CertificatePool) {
    this.#below = below;
    for (const certificate of certificates) this.add(certificate);
  }

  add(certificate: Certificate): void {
    if (this.has(certificate.fingerprint)) return;
    this.#known.add(certificate.fingerprint);
    const same = this.#bySubject.get(certificate.subject.key);
    if (same) same.push(certificate);
    else this.#bySubject.set(certificate.subject.key, [certificate]);
  }

  has(fingerprint: string): boolean {
    return this.#known.has(fingerprint) || this.#below?.has(fingerprint) === true;
  }

  bySubject(name: Name): readonly Certificate[] {
    const own = this.#bySubject.get(name.key) ?? [];
    return this.#below ? [...this.#below.bySubject(name), ...own] : own;
  }

  *[Symbol.iterator](): Generator<Certificate> {
    if (this.#below) yield* this.#below;
    for (const certificates of this.#bySubject.values()) yield* certificates;
  }
}
