import { buildPaths, type CertificationPath } from '../pki/build-paths.ts';
import type { Certificate } from '../pki/certificate.ts';
import type { CertificatePool, TrustAnchor } from '../pki/certificate-pool.ts';
import { checkRevocation, type RevocationStatus } from '../pki/check-revocation.ts';
import type { Crl } from '../pki/crl.ts';
import type { Effort } from '../pki/effort.ts';
import type { OcspResponse } from '../pki/ocsp-response.ts';
import { type PathFacts, type PathProblemCode, validatePath } from '../pki/validate-path.ts';

export interface CertificateSources {
  readonly anchors: readonly TrustAnchor[];
  readonly pool: CertificatePool;
  readonly crls: readonly Crl[];
  readonly ocsps?: readonly OcspResponse[];
  readonly effort: Effort;
}

/** What is known about a certificate at one moment. */
export interface CertificateStatus {
  readonly at: Date;
  /** The path that validates, or the one with least wrong; undefined when none leads to an anchor. */
  readonly path?: CertificationPath;
  readonly facts?: PathFacts;
  /** Of each certificate of the path, the leaf last. */
  readonly revocation: readonly RevocationStatus[];
}

/**
 * Builds, validates and asks for revocation. A later path is only tried when an earlier one does not validate.
 * @param until for a moment in the past: revocation data issued since then counts as well.
 */
export function certificateStatus(
  certificate: Certificate,
  sources: CertificateSources,
  at: Date,
  until = at,
): CertificateStatus {
  let best: { path: CertificationPath; facts: PathFacts } | undefined;
  for (const path of buildPaths(certificate, sources)) {
    const facts = validatePath(path, { at, effort: sources.effort });
    if (!best || facts.problems.length < best.facts.problems.length) best = { path, facts };
    if (facts.valid) break;
  }
  if (!best) return { at, revocation: [] };
  const { path } = best;
  const revocation = path.certificates.map((_, index) =>
    checkRevocation(path, index, { ...sources, at, until }),
  );
  return { at, ...best, revocation };
}

const PERIOD_PROBLEMS: ReadonlySet<PathProblemCode> = new Set(['expired', 'not_yet_valid']);

/** Something other than a period that has passed or not begun is wrong with the path. */
export const isPathBroken = ({ facts }: CertificateStatus): boolean =>
  facts?.problems.some(({ code }) => !PERIOD_PROBLEMS.has(code)) ?? false;

export const isOutOfPeriod = ({ facts }: CertificateStatus): boolean =>
  facts?.problems.some(({ code }) => PERIOD_PROBLEMS.has(code)) ?? false;

/** A path that validates, and nothing on it revoked by then or of unknown status. */
export const isTrusted = ({ at, facts, revocation }: CertificateStatus): boolean =>
  facts?.valid === true && revocation.every((r) => r.status === 'good' || isRevokedAfter(r, at));

/** Revoked, but not yet at that moment: what is proven to have been there before is not touched by it. */
export const isRevokedAfter = (revocation: RevocationStatus, time: Date | undefined): boolean =>
  revocation.status === 'revoked' && time !== undefined && revocation.date > time;

/** Nothing is wrong but that revocation data of that moment is not at hand. */
export const isOnlyUnknown = ({ facts, revocation }: CertificateStatus): boolean =>
  facts?.valid === true && revocation.every(({ status }) => status !== 'revoked');
