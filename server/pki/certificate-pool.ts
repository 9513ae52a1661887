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

  constructor(certificates: Iterable<Certificate> = []) {
    for (const certificate of certificates) this.add(certificate);
  }

  add(certificate: Certificate): void {
    if (this.#known.has(certificate.fingerprint)) return;
    this.#known.add(certificate.fingerprint);
    const same = this.#bySubject.get(certificate.subject.key);
    if (same) same.push(certificate);
    else this.#bySubject.set(certificate.subject.key, [certificate]);
  }

  bySubject(name: Name): readonly Certificate[] {
    return this.#bySubject.get(name.key) ?? [];
  }

  *[Symbol.iterator](): Generator<Certificate> {
    for (const certificates of this.#bySubject.values()) yield* certificates;
  }
}
