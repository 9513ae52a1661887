import { askOcsp } from './ask-ocsp.ts';
import type { CertificationPath } from './build-paths.ts';
import { buildPaths } from './build-paths.ts';
import type { Certificate } from './certificate.ts';
import type { CertificatePool, TrustAnchor } from './certificate-pool.ts';
import type { OcspProof, OcspUnknownWhy } from './check-ocsp.ts';
import type { Crl, RevocationReason, RevokedEntry } from './crl.ts';
import { allReasons, coveredReasons, deltaApplies, isInScope } from './crl-scope.ts';
import { Effort } from './effort.ts';
import { PkiError } from './errors.ts';
import type { DistributionPoint, ReasonFlag } from './extensions.ts';
import { isFresh, type Moment } from './freshness.ts';
import type { OcspResponse } from './ocsp-response.ts';
import { keyOf } from './readable.ts';
import { validatePath } from './validate-path.ts';

/** Why nothing is known about a certificate. */
export type UnknownWhy =
  | 'no_crl'
  | 'crl_not_fresh'
  | 'crl_unreadable'
  | 'crl_signer_not_found'
  | 'crl_unknown_critical_extension'
  | 'reasons_not_covered'
  | OcspUnknownWhy;

/** What an answer rests on. */
export type RevocationProof =
  | { readonly crl: Crl; readonly ocsp?: undefined }
  | { readonly ocsp: OcspProof; readonly crl?: undefined };

export type RevocationStatus =
  | ({ readonly status: 'good' } & RevocationProof)
  | ({ readonly status: 'revoked'; readonly date: Date; readonly reason: RevocationReason } & RevocationProof)
  | { readonly status: 'unknown'; readonly why: UnknownWhy };

/** CRLs and OCSP answers must hold at the moment (6.3.3 (a)). A revocation is reported with its date, whatever that is. */
export interface RevocationSources extends Moment {
  readonly crls: readonly Crl[];
  readonly ocsps?: readonly OcspResponse[];
  /** Where certificates of CRL signers and OCSP responders may be found besides the path. */
  readonly pool: CertificatePool;
  readonly effort?: Effort;
}

/** Asking that many CRLs whether they speak about a certificate costs as much as checking a signature. */
const CRLS_PER_CHECK = 1000;

/** How many certificates of CRL signers and responders may be chained before giving up. */
const MAX_NESTING = 3;

/**
 * The status of `path.certificates[index]` by CRL and by OCSP: the algorithm of RFC 5280 6.3.3 with distribution points,
 * indirect and delta CRLs, and RFC 6960 3.2. Only what the right signer signed counts; without anything fresh the answer is
 * `unknown`, never `good`; and `revoked` as soon as one of the two says so.
 */
export function checkRevocation(
  path: CertificationPath,
  index: number,
  sources: RevocationSources,
): RevocationStatus {
  return check(path, index, sources, new Set());
}

function check(
  path: CertificationPath,
  index: number,
  sources: RevocationSources,
  asking: ReadonlySet<string>,
): RevocationStatus {
  const byOcsp = askOcsp(path, index, sources, (responder) => isGoodResponder(responder, sources, asking));
  if (byOcsp?.status === 'revoked') return byOcsp;
  const byCrl = checkCrls(path, index, sources, asking);
  if (byCrl.status !== 'unknown' || !byOcsp) return byCrl;
  return byOcsp.status === 'good' || byCrl.why === 'no_crl' ? byOcsp : byCrl;
}

/** Nobody vouches for himself: a responder whose own answer is being looked at is not good. */
function isGoodResponder(
  path: CertificationPath,
  sources: RevocationSources,
  asking: ReadonlySet<string>,
): boolean {
  const index = path.certificates.length - 1;
  const { fingerprint = '' } = path.certificates[index] ?? {};
  if (asking.has(fingerprint) || asking.size >= MAX_NESTING) return false;
  return check(path, index, sources, new Set(asking).add(fingerprint)).status === 'good';
}

function checkCrls(
  path: CertificationPath,
  index: number,
  sources: RevocationSources,
  asking: ReadonlySet<string>,
): RevocationStatus {
  const certificate = path.certificates[index];
  if (!certificate) throw new RangeError(`the path has no certificate ${index}`);
  const search = new Search(path, index, certificate, sources, asking);
  for (const point of [...certificate.crlDistributionPoints, {}]) {
    const revoked = search.ask(point);
    if (revoked) return revoked;
    if (search.complete) break;
  }
  return search.result();
}

class Search {
  readonly #path: CertificationPath;
  readonly #index: number;
  readonly #certificate: Certificate;
  readonly #sources: RevocationSources;
  readonly #asking: ReadonlySet<string>;
  readonly #effort: Effort;
  #reasons: ReadonlySet<ReasonFlag> = new Set();
  #goodBy: Crl | undefined;
  #why: UnknownWhy = 'no_crl';

  constructor(
    path: CertificationPath,
    index: number,
    certificate: Certificate,
    sources: RevocationSources,
    asking: ReadonlySet<string>,
  ) {
    this.#path = path;
    this.#index = index;
    this.#certificate = certificate;
    this.#sources = sources;
    this.#asking = asking;
    this.#effort = sources.effort ?? new Effort();
  }

  get complete(): boolean {
    return this.#reasons.size === allReasons.size;
  }

  result(): RevocationStatus {
    if (this.complete && this.#goodBy) return { status: 'good', crl: this.#goodBy };
    return { status: 'unknown', why: this.#goodBy ? 'reasons_not_covered' : this.#why };
  }

  /** One distribution point; gives the revocation when a CRL tells of one. */
  ask(point: DistributionPoint): RevocationStatus | undefined {
    for (const crl of this.#candidates(point)) {
      const covered = coveredReasons(crl, point);
      if (covered.isSubsetOf(this.#reasons)) continue;
      const problem = this.#unusable(crl);
      if (problem) {
        const told = problem === 'crl_not_fresh' ? this.#toldBefore(crl) : undefined;
        if (told) return told;
        this.#why = problem;
        continue;
      }
      const signer = findSigner(crl, this.#path, this.#index, this.#sources, this.#asking);
      if (!signer) {
        this.#why = 'crl_signer_not_found';
        continue;
      }
      const entry = this.#entry(crl, signer);
      if (entry === 'unreadable') {
        this.#why = 'crl_unreadable';
        continue;
      }
      if (entry) return { status: 'revoked', ...entry, crl };
      this.#goodBy = crl;
      this.#reasons = this.#reasons.union(covered);
    }
    return undefined;
  }

  /** Complete CRLs that speak about the certificate, the newest first. */
  #candidates(point: DistributionPoint): readonly Crl[] {
    this.#effort.spend(this.#sources.crls.length / CRLS_PER_CHECK);
    return this.#sources.crls
      .filter((crl) => !crl.isDelta && isInScope(crl, this.#certificate, point))
      .toSorted((a, b) => b.thisUpdate.getTime() - a.thisUpdate.getTime());
  }

  /** 6.3.3 (i) to (k): the delta CRL has the last word. */
  #entry(crl: Crl, signer: Certificate): RevokedEntry | 'unreadable' | undefined {
    const { serial, issuer } = this.#certificate;
    const delta = this.#sources.crls
      .filter((d) => deltaApplies(d, crl) && !this.#unusable(d) && verifies(d, signer, this.#effort))
      .toSorted((a, b) => b.thisUpdate.getTime() - a.thisUpdate.getTime())[0];
    try {
      const entry = delta?.lookup(serial, issuer) ?? crl.lookup(serial, issuer);
      return entry?.reason === 'removeFromCRL' ? undefined : entry;
    } catch (error) {
      if (error instanceof PkiError) return 'unreadable';
      throw error;
    }
  }

  /**
   * Revoked, unless on hold, is for good: an outdated list still tells of it, and one made before that is still current
   * cannot say otherwise.
   */
  #toldBefore(crl: Crl): RevocationStatus | undefined {
    const { at, until = at } = this.#sources;
    const { serial, issuer } = this.#certificate;
    if (crl.thisUpdate > until) return undefined;
    try {
      const entry = crl.hasUnknownCriticalExtension ? undefined : crl.lookup(serial, issuer);
      if (!entry || entry.reason === 'certificateHold' || entry.reason === 'removeFromCRL') return undefined;
      const signer = findSigner(crl, this.#path, this.#index, this.#sources, this.#asking);
      return signer && { status: 'revoked', ...entry, crl };
    } catch (error) {
      if (error instanceof PkiError && error.code !== 'pki.too_complex') return undefined;
      throw error;
    }
  }

  #unusable(crl: Crl): UnknownWhy | undefined {
    if (!isFresh(crl, this.#sources, this.#certificate.notAfter)) return 'crl_not_fresh';
    try {
      return crl.hasUnknownCriticalExtension ? 'crl_unknown_critical_extension' : undefined;
    } catch (error) {
      if (error instanceof PkiError) return 'crl_unreadable';
      throw error;
    }
  }
}

/**
 * 6.3.3 (f), (g): a certificate under the CRL issuer's name whose key made the signature, that may sign CRLs and that
 * chains to the same anchor. Most CRLs are signed with the key that issued the certificate.
 */
function findSigner(
  crl: Crl,
  path: CertificationPath,
  index: number,
  sources: RevocationSources,
  asking: ReadonlySet<string>,
): Certificate | undefined {
  const trusted = [path.anchor.certificate, ...path.certificates.slice(0, index)];
  const { effort = new Effort() } = sources;
  const inPath = trusted.toReversed().find((candidate) => isSigner(crl, candidate, effort));
  if (inPath) return inPath;
  const elsewhere = sources.pool
    .bySubject(crl.issuer)
    .filter((candidate) => isSigner(crl, candidate, effort));
  return elsewhere.find((candidate) => isTrustedSigner(candidate, path.anchor, sources, asking));
}

function isSigner(crl: Crl, candidate: Certificate, effort: Effort): boolean {
  if (!candidate.subject.equals(crl.issuer)) return false;
  if (candidate.keyUsage && !candidate.keyUsage.has('cRLSign')) return false;
  return verifies(crl, candidate, effort);
}

function isTrustedSigner(
  candidate: Certificate,
  anchor: TrustAnchor,
  sources: RevocationSources,
  asking: ReadonlySet<string>,
): boolean {
  if (asking.has(candidate.fingerprint)) return true;
  if (asking.size >= MAX_NESTING) return false;
  const nested = new Set(asking).add(candidate.fingerprint);
  for (const path of buildPaths(candidate, { ...sources, anchors: [anchor] })) {
    if (!validatePath(path, sources).valid) continue;
    if (path.certificates.every((_, i) => check(path, i, sources, nested).status === 'good')) return true;
  }
  return false;
}

/** Checking the signature of a large CRL hashes all of it: done once for each pair. */
const verified = new WeakMap<Crl, WeakMap<Certificate, boolean>>();

function verifies(crl: Crl, signer: Certificate, effort: Effort): boolean {
  const known = verified.get(crl) ?? new WeakMap<Certificate, boolean>();
  verified.set(crl, known);
  const before = known.get(signer);
  if (before !== undefined) return before;
  const key = keyOf(signer);
  const result = key !== undefined && effort.verify(crl, key);
  known.set(signer, result);
  return result;
}
