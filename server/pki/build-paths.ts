import type { Certificate } from './certificate.ts';
import type { CertificatePool, TrustAnchor } from './certificate-pool.ts';
import { Effort } from './effort.ts';
import { keyOf } from './readable.ts';

/** A chain from an anchor to a certificate; not yet judged. */
export interface CertificationPath {
  readonly anchor: TrustAnchor;
  /** First the one the anchor issued, last the target. Empty when the target is the anchor itself. */
  readonly certificates: readonly Certificate[];
}

export interface PathLimits {
  /** Certificates in a path, the anchor not counted. */
  readonly depth: number;
  /** Paths given at most. */
  readonly paths: number;
  /** Issuer candidates looked at in all: what a file full of look-alike certificates may cost. */
  readonly candidates: number;
}

export const defaultPathLimits: PathLimits = { depth: 12, paths: 16, candidates: 400 };

/** Looking at that many certificates of the issuer's name costs as much as checking a signature. */
const NAMED_PER_CHECK = 1000;

export interface PathSources {
  readonly anchors: readonly TrustAnchor[];
  readonly pool: CertificatePool;
  readonly limits?: Partial<PathLimits>;
  readonly effort?: Effort;
}

interface Budget {
  paths: number;
  candidates: number;
  readonly effort: Effort;
}

/**
 * Paths from `target` up to an anchor, the most promising first, lazily: take the first that validates. Names must
 * chain (RFC 5280 6.1); where several certificates bear the issuer's name, those whose key really made the
 * signature go first, and the others are left out when there is such a one.
 */
export function* buildPaths(target: Certificate, sources: PathSources): Generator<CertificationPath> {
  const limits = { ...defaultPathLimits, ...sources.limits };
  const { effort = new Effort() } = sources;
  const budget = { paths: limits.paths, candidates: limits.candidates, effort };
  yield* extend([target], sources, limits.depth, budget);
}

function* extend(
  chain: readonly Certificate[],
  sources: PathSources,
  depth: number,
  budget: Budget,
): Generator<CertificationPath> {
  const [last] = chain;
  if (!last) return;
  const own = isAnchor(last, sources.anchors);
  if (own) {
    if (budget.paths-- > 0) yield { anchor: own, certificates: chain.slice(1) };
    return;
  }
  if (chain.length > depth) return;
  for (const anchor of issuersOf(last, sources.anchors, (a) => a.certificate, budget)) {
    if (budget.paths-- <= 0) return;
    yield { anchor, certificates: chain };
  }
  const named = sources.pool.bySubject(last.issuer);
  budget.effort.spend(named.length / NAMED_PER_CHECK);
  const pool = named.filter(
    (candidate) => !isRepeat(candidate, chain) && !isAnchor(candidate, sources.anchors),
  );
  for (const issuer of issuersOf(last, pool, (c) => c, budget)) {
    yield* extend([issuer, ...chain], sources, depth, budget);
    if (budget.paths <= 0) return;
  }
}

const isAnchor = (certificate: Certificate, anchors: readonly TrustAnchor[]): TrustAnchor | undefined =>
  anchors.find((anchor) => anchor.certificate.fingerprint === certificate.fingerprint);

/** The same key under the same name twice in a path proves nothing more (RFC 4158 2.4.2). */
function isRepeat(candidate: Certificate, chain: readonly Certificate[]): boolean {
  return chain.some(
    (c) => c.subject.equals(candidate.subject) && Buffer.compare(c.spki, candidate.spki) === 0,
  );
}

function issuersOf<T>(
  certificate: Certificate,
  candidates: readonly T[],
  certificateOf: (candidate: T) => Certificate,
  budget: Budget,
): readonly T[] {
  const named: { candidate: T; signed: boolean; keyId: boolean }[] = [];
  for (const candidate of candidates) {
    const issuer = certificateOf(candidate);
    if (!issuer.subject.equals(certificate.issuer)) continue;
    if (budget.candidates-- <= 0) break;
    named.push({
      candidate,
      signed: maySign(issuer, certificate, budget.effort),
      keyId: keyIdentifiersAgree(issuer, certificate),
    });
  }
  const likely = named.some(({ signed }) => signed) ? named.filter(({ signed }) => signed) : named;
  return likely.toSorted((a, b) => Number(b.keyId) - Number(a.keyId)).map(({ candidate }) => candidate);
}

/** A key that lacks its parameters can only be tried in validatePath. */
function maySign(issuer: Certificate, certificate: Certificate, effort: Effort): boolean {
  const key = keyOf(issuer);
  return key === undefined || effort.verify(certificate, key);
}

function keyIdentifiersAgree(issuer: Certificate, certificate: Certificate): boolean {
  const { authorityKeyIdentifier } = certificate;
  const { subjectKeyIdentifier } = issuer;
  if (!authorityKeyIdentifier || !subjectKeyIdentifier) return true;
  return Buffer.compare(authorityKeyIdentifier, subjectKeyIdentifier) === 0;
}
