import type { Certificate } from '../pki/certificate.ts';
import { CertificatePool, type TrustAnchor } from '../pki/certificate-pool.ts';
import type { Crl } from '../pki/crl.ts';
import { Effort } from '../pki/effort.ts';
import { certificateStatus } from '../verification/certificate-status.ts';
import { Refused } from './refusal.ts';

/** Whom to trust for evidence, and what helps to get there. */
export interface EvidenceTrust {
  readonly anchors: readonly TrustAnchor[];
  readonly pool: CertificatePool;
  /** Consulted where they are at hand: a revoked authority is refused, one of unknown status is not. */
  readonly crls: readonly Crl[];
}

/** What judging one authority may cost. */
const EFFORT = 200;

/**
 * The chain of `certificate` from its issuer to an anchor.
 * @param brought certificates that came with it.
 * @throws Refused `untrusted`, `revoked`, or the first problem of its best path.
 */
export function trustedAuthority(
  certificate: Certificate,
  brought: readonly Certificate[],
  trust: EvidenceTrust,
  at: Date,
): readonly Certificate[] {
  const pool = new CertificatePool(brought, trust.pool);
  const { anchors, crls } = trust;
  const { path, facts, revocation } = certificateStatus(
    certificate,
    { anchors, pool, crls, effort: new Effort(EFFORT) },
    at,
  );
  if (!path || !facts) throw new Refused('untrusted', `${certificate.subject} leads to no anchor`);
  const [problem] = facts.problems;
  if (problem) throw new Refused(problem.code, `${problem.certificate.subject}`);
  const revoked = revocation.findIndex(({ status }) => status === 'revoked');
  if (revoked >= 0) throw new Refused('revoked', `${path.certificates[revoked]?.subject}`);
  const chain = [path.anchor.certificate, ...path.certificates].toReversed().slice(1);
  return chain;
}
