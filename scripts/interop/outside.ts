import { readFile } from 'node:fs/promises';
import { issuerSource } from '../../server/evidence/issuer-source.ts';
import { revocationSource } from '../../server/evidence/revocation-source.ts';
import { timeStamper } from '../../server/evidence/time-stamper.ts';
import { type Certificate, parseCertificate } from '../../server/pki/certificate.ts';
import { CertificatePool } from '../../server/pki/certificate-pool.ts';
import { systemClock } from '../../server/platform/clock.ts';
import { guardedFetch } from '../../server/platform/guarded-fetch.ts';
import { silentLogger } from '../../server/platform/services.ts';
import type { ProofSources } from '../../server/signing/reach-level.ts';
import { type Authority, derOf } from './authority.ts';
import type { AuthorityServer } from './authority-server.ts';

/** Where proof comes from: the product's own clients, asking the servers of this run. */
export interface Outside extends Required<ProofSources> {
  /** Of keys that come without their chain. */
  readonly issuers: readonly Certificate[];
}

export async function outsideOf(authority: Authority, server: AuthorityServer): Promise<Outside> {
  const certificate = async (path: string) => parseCertificate(derOf(await readFile(path, 'utf8')));
  const root = await certificate(authority.root);
  const issuing = await certificate(authority.issuing);
  const trust = { anchors: [{ certificate: root }], pool: new CertificatePool([issuing]), crls: [] };
  const fetch = guardedFetch({ totalMilliseconds: 10_000, idleMilliseconds: 10_000, isAllowed: () => true });
  const common = { fetch, clock: systemClock, logger: silentLogger, trust: async () => trust };
  return {
    stamper: timeStamper({ ...common, authorities: [{ url: server.tsa }] }),
    revocations: revocationSource(common),
    issuerSource: issuerSource(common),
    anchors: trust.anchors,
    issuers: [issuing, root],
  };
}
